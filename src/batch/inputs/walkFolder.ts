import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { waitingFolders } from './followLinks.ts';
import type { Input, Search } from './input.ts';
import { openWalk } from './walk.ts';

/**
 * The pictures of a folder, in no order. Links to folders are not followed: where they stay below the folder its search
 * reaches them anyhow, and so no loop is ever entered. With `follow` they are, and each folder is searched once, by whichever way.
 * Folders below it that an earlier run wrote into are left out, with a note.
 *
 * @throws PlanError where the folder itself cannot be read; one below it that cannot is told in a note.
 */
export async function walkFolder(root: string, search: Search): Promise<Input[]> {
  const found: Input[] = [];
  const walk = await openWalk(root, search);
  const waiting = waitingFolders({ below: '' });
  const searched = new Set<string>();
  for (let next = waiting.next(); next !== undefined; next = waiting.next()) {
    const { below } = next;
    if (search.follow && !(await isFirst(join(root, below), searched))) continue;
    for (const item of await walk.look(below, await walk.list(below))) {
      if ('path' in item) found.push(item);
      else waiting.push({ below: item.below }, item.isLinked);
    }
  }
  await walk.end(found.length);
  return found;
}

/** Whether a folder was not searched yet, under whatever name. */
async function isFirst(folder: string, searched: Set<string>): Promise<boolean> {
  const real = await realpath(folder).catch(() => folder);
  if (searched.has(real)) return false;
  searched.add(real);
  return true;
}
