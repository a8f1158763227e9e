import { isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '../disk/fileError.ts';
import { kindOf } from '../disk/kindOf.ts';
import { type FolderEntry, readEntries } from '../disk/readEntries.ts';
import { isInside } from '../disk/realPaths.ts';
import { showPath } from '../disk/showPath.ts';
import { readingFailed } from '../disk/systemError.ts';
import { extensionOf, READ_EXTENSIONS } from '../files/formats.ts';
import { type FileKind, kindOfFile } from '../files/kindOfFile.ts';

/** The pictures of a folder and of those below it. */
export interface Listing {
  /** Without links. */
  readonly root: string;
  /** Paths below the root, with `/` on every system. */
  readonly pictures: ReadonlySet<string>;
  /** What bears a picture's name, or may hold pictures, and cannot be compared: why, by path below the root. */
  readonly problems: ReadonlyMap<string, string>;
  /** What is no picture that is read, by its kind: paths below the root, ready to be shown. */
  readonly leftOut: ReadonlyMap<string, readonly string[]>;
}

const EXTENSIONS: ReadonlySet<string> = new Set(READ_EXTENSIONS);

/**
 * Finds pictures by the ends of their names, and where these tell nothing by their first bytes. Links are followed to files below the
 * root alone. What is passed over elsewhere is a problem here: a picture that nobody compares must not count as one that is right.
 * Hidden names, which begin with a dot, are left out.
 *
 * @param own names in the root that are none of the user's
 * @throws FileError where the folder cannot be read
 */
export async function listPictures(folder: string, what: string, own: readonly string[] = []): Promise<Listing> {
  const pictures = new Set<string>();
  const problems = new Map<string, string>();
  const leftOut = new Map<string, string[]>();
  let root: string;
  try {
    root = await realpath(folder);
    const status = await stat(root);
    if (!status.isDirectory()) throw notAFolder(folder, what, kindOf(status));
  } catch (error) {
    throw error instanceof FileError ? error : readingFailed(error, what, folder);
  }
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    let entries: readonly FolderEntry[];
    try {
      entries = await readEntries(join(root, below));
    } catch (error) {
      if (below === '') throw readingFailed(error, what, folder);
      problems.set(below, readingFailed(error, 'a folder', join(folder, below)).message);
      continue;
    }
    for (const entry of entries) {
      const name = entry.name.toString('utf8');
      if (name.startsWith('.') || (below === '' && own.includes(name))) continue;
      const rel = below === '' ? name : `${below}/${name}`;
      if (entry.isDirectory()) waiting.push(rel);
      else {
        const kind = await kindOfEntry(root, rel, entry, showPath(join(folder, rel)));
        if ('leftOut' in kind) leftOut.set(kind.leftOut, [...(leftOut.get(kind.leftOut) ?? []), showPath(rel)]);
        else if (kind.problem === undefined) pictures.add(rel);
        else problems.set(rel, kind.problem);
      }
    }
  }
  return { root, pictures, problems, leftOut };
}

function notAFolder(folder: string, what: string, found: string): FileError {
  return new FileError('not-a-file', `Expected ${what} at ${showPath(folder)} but found ${found}`, { path: folder });
}

type EntryKind = { readonly problem?: string } | { readonly leftOut: string };

/** @param shown the entry's path as the user would write it, for messages */
async function kindOfEntry(root: string, rel: string, entry: FolderEntry, shown: string): Promise<EntryKind> {
  const problem = (found: string): EntryKind => ({ problem: `Expected a picture at ${shown} but found ${found}` });
  const isNamed = EXTENSIONS.has(extensionOf(rel));
  if (!isUtf8(entry.name)) {
    return isNamed
      ? { problem: `Expected a name in UTF-8 but found ${shown}` }
      : { leftOut: 'a name that is not UTF-8' };
  }
  const place = join(root, rel);
  let status: Stats | FolderEntry = entry;
  if (entry.isSymbolicLink()) {
    try {
      status = await stat(place);
    } catch {
      return isNamed ? problem('a link to nothing') : { leftOut: 'a link to nothing' };
    }
    if (status.isDirectory()) return problem('a link to a folder, which is not followed');
  }
  if (!status.isFile()) return isNamed ? problem(kindOf(status)) : { leftOut: kindOf(status) };
  if (!isNamed) {
    const kind = await kindOfFile(place).catch((): FileKind => ({ what: 'a file that cannot be read' }));
    if (kind.format === undefined) return { leftOut: kind.what };
  }
  if (entry.isSymbolicLink() && !isInside(root, await realpath(place))) return problem('a link that leaves the folder');
  return {};
}
