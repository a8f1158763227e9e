import type { FoundEntry } from './followLinks.ts';
import type { Input, Search } from './input.ts';
import { openWalk } from './walk.ts';

/** Entries of a folder that are looked at before their pictures are given. */
const ENTRIES = 1024;

/**
 * The pictures of a folder by the bytes of `rel`, some at a time: no more is held than the names in one folder and in those above it. Links to
 * folders are not followed.
 *
 * @throws PlanError where the folder itself cannot be read; one below it that cannot is told in a note
 */
export async function* walkInOrder(root: string, search: Search): AsyncGenerator<readonly Input[]> {
  const walk = await openWalk(root, search);
  const open: { readonly below: string; readonly entries: readonly FoundEntry[]; at: number }[] = [];
  const enter = async (below: string): Promise<void> => {
    open.push({ below, entries: inOrder(await walk.list(below)), at: 0 });
  };
  let count = 0;
  await enter('');
  for (let here = open.at(-1); here !== undefined; here = open.at(-1)) {
    const { below, entries, at } = here;
    if (at >= entries.length) {
      open.pop();
      continue;
    }
    // Up to a folder, whose pictures come before what follows it.
    const folder = entries.findIndex(({ kind }, i) => i >= at && i < at + ENTRIES && kind === 'folder');
    here.at = folder < 0 ? Math.min(at + ENTRIES, entries.length) : folder + 1;
    const found: Input[] = [];
    for (const item of await walk.look(below, entries.slice(at, here.at))) {
      if ('path' in item) found.push(item);
      else await enter(item.below);
    }
    count += found.length;
    if (found.length > 0) yield found;
  }
  await walk.end(count);
}

/** By the bytes of their names, and of folders with what separates them from the names in them: as the paths below them come. */
function inOrder(entries: readonly FoundEntry[]): FoundEntry[] {
  return entries
    .map((entry) => ({ entry, bytes: Buffer.from(entry.kind === 'folder' ? `${entry.name}/` : entry.name) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ entry }) => entry);
}
