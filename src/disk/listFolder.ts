import { isUtf8 } from 'node:buffer';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { kindOf } from './kindOf.ts';
import { isMissing, reasonOf } from './planError.ts';
import { readEntries } from './readEntries.ts';
import { isBelow } from './realPaths.ts';
import { showBytes, showPath } from './showPath.ts';

export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/**
 * What stands in a folder, in no order; hidden names, which begin with a dot, only where they are asked for.
 * A name that is not UTF-8 cannot be opened by the text it decodes to, and that text may be another file's name: it is
 * left out too, with a note.
 *
 * @throws the file system's error where the folder cannot be read.
 */
export async function listFolder(folder: string, notes: string[], hidden = false): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const entry of await readEntries(folder)) {
    const bytes = entry.name;
    if (bytes[0] === DOT && !hidden) continue;
    if (!isUtf8(bytes)) {
      const place = folder === '.' ? '' : `${showPath(folder)}/`;
      notes.push(`left out ${place}${showBytes(bytes)}: its name is not UTF-8`);
      continue;
    }
    const name = bytes.toString('utf8');
    if (entry.isFile()) entries.push({ name, kind: 'file' });
    else if (entry.isDirectory()) entries.push({ name, kind: 'folder' });
    else entries.push({ name, kind: entry.isSymbolicLink() ? 'link' : 'other' });
  }
  return entries;
}

const DOT = 0x2e;

/** Why links that are not followed are left out. */
export const LEAVING_LINK = 'a link that leaves the folder';
export const LINKED_FOLDER = 'a link to a folder';

/**
 * Why an entry that is no plain file is not taken as an input, as the end of a sentence; nothing where it is taken.
 * Taken is a link to a file that lies below `root`, a real path: a link that leaves it could hand anyone's file on.
 *
 * @param root undefined where links are followed wherever they lead
 */
export async function whyLeftOut(folder: string, entry: Entry, root: string | undefined): Promise<string | undefined> {
  const path = join(folder, entry.name);
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return entry.kind === 'link' ? `a link to ${kindOf(stats)}` : `${kindOf(stats)}, not a file`;
    const isTaken = root === undefined || isBelow(root, await realpath(path));
    return isTaken ? undefined : LEAVING_LINK;
  } catch (error) {
    return isMissing(error) ? 'a link to nothing' : reasonOf(error);
  }
}
