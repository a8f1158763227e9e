import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { type Entry, LINKED_FOLDER, listFolder, whyLeftOut } from '../../disk/listFolder.ts';
import { PlanError, reasonOf } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { extensionOf } from '../../files/formats.ts';
import { describeLeftOut } from '../../files/kindOfFile.ts';
import { followLinks, waitingFolders, withWayOut } from './followLinks.ts';
import type { Input, Search } from './input.ts';
import type { SearchKind } from './kindForSearch.ts';
import { describeOutputs, holdsOutputs } from './outputsOfRuns.ts';
import { realFolder } from './realFolder.ts';

/** Files that are looked at in flight: more than the threads that do it, fewer than handles may be open. */
const AT_ONCE = pLimit(32);

/**
 * The pictures of a folder, in no order. Links to folders are not followed: where they stay below the folder its search
 * reaches them anyhow, and so no loop is ever entered. With `follow` they are, and each folder is searched once, by whichever way.
 * Folders below it that an earlier run wrote into are left out, with a note.
 *
 * @throws PlanError where the folder itself cannot be read; one below it that cannot is told in a note.
 */
export async function walkFolder(root: string, search: Search): Promise<Input[]> {
  const found: Input[] = [];
  const real = await realFolder(root);
  const waiting = waitingFolders({ below: '' });
  const searched = new Set<string>();
  const leftOut = new Map<string, string[]>();
  const outputs: string[] = [];
  let unsearched = 0;
  for (let next = waiting.next(); next !== undefined; next = waiting.next()) {
    const { below } = next;
    const folder = join(root, below);
    if (search.follow && !(await isFirst(folder, searched))) continue;
    const within = (name: string): string => (below === '' ? name : `${below}/${name}`);
    const listed = await followLinks(folder, await list(folder, below === '', search.notes), search);
    const entries = listed.filter(({ name, kind }) => !search.excludes.isOut(within(name), kind === 'folder'));
    const kinds = await AT_ONCE.map(entries, (entry) =>
      entry.kind === 'folder' ? 'other' : kindOf(folder, entry, real, search),
    );
    const areOutputs = await AT_ONCE.map(entries, (entry) =>
      entry.kind === 'folder' && search.recursive ? holdsOutputs(join(folder, entry.name)) : false,
    );
    entries.forEach((entry, i) => {
      const rel = within(entry.name);
      if (entry.kind === 'folder') {
        if (areOutputs[i]) outputs.push(rel);
        else if (search.recursive) waiting.push({ below: rel }, entry.isLinked === true);
        else unsearched++;
        return;
      }
      const path = join(root, rel);
      const kind = kinds[i];
      if (kind === 'taken') found.push({ path, rel, root });
      else if (kind !== 'other' && 'why' in kind)
        search.notes.push(`left out ${showPath(path)}: ${withWayOut(kind.why, search)}`);
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

/** Whether a folder was not searched yet, under whatever name. */
async function isFirst(folder: string, searched: Set<string>): Promise<boolean> {
  const real = await realpath(folder).catch(() => folder);
  if (searched.has(real)) return false;
  searched.add(real);
  return true;
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
    const why = await whyLeftOut(folder, entry, search.follow ? undefined : root);
    // A link without a picture's name may lead to a folder, which a recursive search would be expected to go into.
    const isExpected = extensions.has(extensionOf(entry.name)) || (recursive && why === LINKED_FOLDER);
    if (why !== undefined) return isExpected ? { why } : 'other';
  }
  return search.kindOf(join(folder, entry.name), extensions);
}
