import { join } from 'node:path';
import pLimit from 'p-limit';
import { type Entry, LINKED_FOLDER, listFolder, whyLeftOut } from '../../disk/listFolder.ts';
import { PlanError, reasonOf } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { extensionOf } from '../../files/formats.ts';
import { describeLeftOut } from '../../files/kindOfFile.ts';
import { followLinks, type FoundEntry, withWayOut } from './followLinks.ts';
import type { Input, Search } from './input.ts';
import type { SearchKind } from './kindForSearch.ts';
import { describeOutputs, holdsOutputs } from './outputsOfRuns.ts';
import { realFolder } from './realFolder.ts';

/** What a search goes into. */
interface Below {
  readonly below: string;
  readonly isLinked: boolean;
}

/** The search of one folder and those below it, in whichever order its caller goes. */
interface Walk {
  /**
   * What stands in a folder below it, but for what is excluded.
   *
   * @throws PlanError where it is the folder itself and cannot be read
   */
  list(below: string): Promise<readonly FoundEntry[]>;
  /** Pictures among entries of a folder, and the folders to go into, in the entries' order. */
  look(below: string, entries: readonly FoundEntry[]): Promise<(Input | Below)[]>;
  /** Notes what was left out. */
  end(found: number): Promise<void>;
}

/** Files that are looked at in flight: more than the threads that do it, fewer than handles may be open. */
const AT_ONCE = pLimit(32);

/**
 * @throws PlanError where the folder's real path cannot be told
 */
export async function openWalk(root: string, search: Search): Promise<Walk> {
  const real = await realFolder(root);
  const leftOut = new Map<string, string[]>();
  const outputs: string[] = [];
  let unsearched = 0;
  const within = (below: string, name: string): string => (below === '' ? name : `${below}/${name}`);
  return {
    async list(below) {
      const folder = join(root, below);
      const listed = await followLinks(folder, await list(folder, below === '', search.notes), search);
      return listed.filter(({ name, kind }) => !search.excludes.isOut(within(below, name), kind === 'folder'));
    },
    async look(below, entries) {
      const folder = join(root, below);
      const kinds = await AT_ONCE.map(entries, (entry) =>
        entry.kind === 'folder' ? 'other' : kindOf(folder, entry, real, search),
      );
      const areOutputs = await AT_ONCE.map(entries, (entry) =>
        entry.kind === 'folder' && search.recursive ? holdsOutputs(join(folder, entry.name)) : false,
      );
      return entries.flatMap((entry, i): (Input | Below)[] => {
        const rel = within(below, entry.name);
        if (entry.kind === 'folder') {
          if (areOutputs[i]) outputs.push(rel);
          else if (search.recursive) return [{ below: rel, isLinked: entry.isLinked === true }];
          else unsearched++;
          return [];
        }
        const path = join(root, rel);
        const kind = kinds[i];
        if (kind === 'taken') return [{ path, rel, root }];
        if (kind !== 'other' && 'why' in kind)
          search.notes.push(`left out ${showPath(path)}: ${withWayOut(kind.why, search)}`);
        else if (kind !== 'other') {
          const names = leftOut.get(kind.leftOut);
          if (names === undefined) leftOut.set(kind.leftOut, [showPath(rel)]);
          else names.push(showPath(rel));
        }
        return [];
      });
    },
    async end(found) {
      if (outputs.length > 0) search.notes.push(await describeOutputs(root, outputs, search.extensions));
      if (leftOut.size > 0) search.notes.push(describeLeftOut(showPath(root), leftOut));
      if (found > 0) return;
      const deeper = unsearched > 0 ? '; -r searches the folders in it' : '';
      search.notes.push(`found no picture in ${showPath(root)}${deeper}`);
    },
  };
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

/** What is made of an entry that is no folder; `why` says what it is, where it is skipped. */
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
