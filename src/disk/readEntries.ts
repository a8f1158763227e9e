import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { sep } from 'node:path';

/** An entry of a folder, its name as the bytes that the file system holds. */
export type FolderEntry = Pick<
  Dirent<Buffer>,
  'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket'
>;

type List = (folder: string) => Promise<readonly (Dirent<Buffer> | Buffer)[]>;

/**
 * What stands in a folder, in no order.
 *
 * @param list how the system is asked
 * @throws the file system's error where the folder cannot be read
 */
export async function readEntries(folder: string, list: List = listBytes): Promise<readonly FolderEntry[]> {
  const entries = await Promise.all((await list(folder)).map((entry) => entryOf(folder, entry)));
  return entries.filter((entry) => entry !== undefined);
}

function listBytes(folder: string): ReturnType<List> {
  return readdir(folder, { encoding: 'buffer', withFileTypes: true });
}

/** Bun (1.4) gives names alone where they are asked for as bytes; nothing of what is gone when it is looked at. */
async function entryOf(folder: string, entry: Dirent<Buffer> | Buffer): Promise<FolderEntry | undefined> {
  if (!Buffer.isBuffer(entry)) return entry;
  const status = await lstat(Buffer.concat([Buffer.from(`${folder}${sep}`), entry])).catch(() => undefined);
  return status && Object.assign(status, { name: entry });
}
