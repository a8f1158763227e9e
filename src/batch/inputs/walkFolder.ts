import { join } from 'node:path';
import pLimit from 'p-limit';
import { type Entry, listFolder, whyLeftOut } from '../../disk/listFolder.ts';
import { PlanError, reasonOf } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { extensionOf } from '../../files/formats.ts';
import { describeLeftOut } from '../../files/kindOfFile.ts';
import type { Input, Search } from './input.ts';
import type { SearchKind } from './kindForSearch.ts';
import { describeOutputs, holdsOutputs } from './outputsOfRuns.ts';
import { realFolder } from './realFolder.ts';

/** Files that are looked at in flight: more than the threads that do it, fewer than handles may be open. */
const AT_ONCE = pLimit(32);

/**
 * The pictures of a folder, in no order. Links to folders are not followed: where they stay below the folder its search
 * reaches them anyhow, and so no loop is ever entered. Folders below it that an earlier run wrote into are left out, with a note.
 *
 * @throws PlanError where the folder itself cannot be read; one below it that cannot is told in a note.
 */
export async function walkFolder(root: string, search: Search): Promise<Input[]> {
  const found: Input[] = [];
  const real = await realFolder(root);
  const waiting = [''];
  const leftOut = new Map<string, string[]>();
  const outputs: string[] = [];
  let unsearched = 0;
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    const folder = join(root, below);
    const entries = await list(folder, below === '', search.notes);
    const kinds = await AT_ONCE.map(entries, (entry) =>
      entry.kind === 'folder' ? 'other' : kindOf(folder, entry, real, search),
    );
    const areOutputs = await AT_ONCE.map(entries, (entry) =>
      entry.kind === 'folder' && search.recursive ? holdsOutputs(join(folder, entry.name)) : false,
    );
    entries.forEach((entry, i) => {
      const rel = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.kind === 'folder') {
        if (areOutputs[i]) outputs.push(rel);
        else if (search.recursive) waiting.push(rel);
        else unsearched++;
        return;
      }
      const path = join(root, rel);
      const kind = kinds[i];
      if (kind === 'taken') found.push({ path, rel, root });
      else if (kind !== 'other' && 'why' in kind) search.notes.push(`left out ${showPath(path)}: ${kind.why}`);
      else if (kind !== 'other') {
        const names = leftOut.get(kind.leftOut);
        if (names === undefined) leftOut.set(kind.leftOut, [showPath(rel)]);
        else names.push(showPath(rel));
      }
    });
  }
  if (outputs.length > 0) search.notes.push(await describeOutputs(root, outputs, search.extensions));
  if (leftOut.size > 0) search.notes.push(describeLeftOut(showPath(root), leftOut));
  if (found.length === 0) {
    const deeper = unsearched > 0 ? '; -r searches the folders in it' : '';
    search.notes.push(`found no picture in ${showPath(root)}${deeper}`);
  }
  return found;
}

async function list(folder: string, isRoot: boolean, notes: string[]): Promise<Entry[]> {
  try {
    return await listFolder(folder, notes);
  } catch (error) {
    if (isRoot) {
      throw new PlanError(
        `Expected a folder that can be read for inputs but found ${reasonOf(error)} at ${showPath(folder)}`,
      );
    }
    notes.push(`left out ${showPath(folder)}: ${reasonOf(error)}`);
    return [];
  }
}

/** What is made of an entry that is no folder; `why` where it is left out for what stands there instead of a file. */
async function kindOf(
  folder: string,
  entry: Entry,
  root: string,
  search: Search,
): Promise<SearchKind | { readonly why: string }> {
  const { extensions, recursive } = search;
  if (entry.kind !== 'file') {
    const why = await whyLeftOut(folder, entry, root);
    // A link without a picture's name may lead to a folder, which a recursive search would be expected to go into.
    const isExpected = extensions.has(extensionOf(entry.name)) || (recursive && why === LINKED_FOLDER);
    if (why !== undefined) return isExpected ? { why } : 'other';
  }
  return search.kindOf(join(folder, entry.name), extensions);
}

const LINKED_FOLDER = 'a link to a folder';
