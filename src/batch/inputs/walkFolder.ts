import { realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type Entry, listFolder, whyLeftOut } from '../../disk/listFolder.ts';
import { PlanError, reasonOf } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import type { Input, Search } from './input.ts';

/**
 * The pictures of a folder, in no order. Links to folders are not followed: where they stay below the folder its search
 * reaches them anyhow, and so no loop is ever entered.
 *
 * @throws PlanError where the folder itself cannot be read; one below it that cannot is told in a note.
 */
export async function walkFolder(root: string, search: Search): Promise<Input[]> {
  const found: Input[] = [];
  const real = await realpath(root);
  const waiting = [''];
  let unsearched = 0;
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    const folder = join(root, below);
    for (const entry of await list(folder, below === '', search.notes)) {
      const rel = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.kind === 'folder') {
        if (search.recursive) waiting.push(rel);
        else unsearched++;
      } else if (await isTaken(folder, entry, real, search)) {
        found.push({ path: join(root, rel), rel, root });
      }
    }
  }
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

async function isTaken(folder: string, entry: Entry, root: string, search: Search): Promise<boolean> {
  const isPicture = search.extensions.has(extname(entry.name).slice(1).toLowerCase());
  if (entry.kind === 'file') return isPicture;
  // A link without a picture's name may lead to a folder, which a recursive search would be expected to go into.
  if (!isPicture && !(search.recursive && entry.kind === 'link')) return false;
  const why = await whyLeftOut(folder, entry, root);
  if (why !== undefined && (isPicture || why === LINKED_FOLDER)) {
    search.notes.push(`left out ${showPath(join(folder, entry.name))}: ${why}`);
  }
  return why === undefined && isPicture;
}

const LINKED_FOLDER = 'a link to a folder';
