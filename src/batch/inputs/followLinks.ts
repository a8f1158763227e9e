import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, LEAVING_LINK, LINKED_FOLDER } from '../../disk/listFolder.ts';
import type { Search } from './input.ts';

/** An entry of a folder, and whether it is a link that is followed into a folder. */
export interface FoundEntry extends Entry {
  readonly isLinked?: boolean;
}

/** With `follow`, links to folders are folders. */
export async function followLinks(
  folder: string,
  entries: readonly Entry[],
  { follow }: Pick<Search, 'follow'>,
): Promise<readonly FoundEntry[]> {
  if (!follow) return entries;
  return Promise.all(
    entries.map(async (entry): Promise<FoundEntry> => {
      if (entry.kind !== 'link') return entry;
      const stats = await stat(join(folder, entry.name)).catch(() => undefined);
      return stats?.isDirectory() ? { name: entry.name, kind: 'folder', isLinked: true } : entry;
    }),
  );
}

/**
 * Folders that are yet to be searched: those that are no links first, and of links the one whose path comes first, so that it is the
 * same on every machine by which of several ways a folder is reached.
 */
interface Waiting<T> {
  push(item: T, isLinked: boolean): void;
  next(): T | undefined;
}

export function waitingFolders<T extends { readonly below: string }>(first: T): Waiting<T> {
  const folders = [first];
  const linked: T[] = [];
  return {
    push(item, isLinked) {
      (isLinked ? linked : folders).push(item);
    },
    next() {
      const folder = folders.pop();
      if (folder !== undefined || linked.length === 0) return folder;
      linked.sort((a, b) => Buffer.compare(Buffer.from(b.below), Buffer.from(a.below)));
      return linked.pop();
    },
  };
}

/** Why a link is left out, with the option that takes it where there is one. */
export function withWayOut(why: string, { follow }: Pick<Search, 'follow'>): string {
  if (follow !== false) return why;
  if (why === LINKED_FOLDER) return `${why}; --follow goes into it`;
  return why === LEAVING_LINK ? `${why}; --follow takes it` : why;
}
