import { isUtf8 } from 'node:buffer';
import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, relative, sep } from 'node:path';
import { nameOf, PictureError } from '../disk/fileError.ts';
import { kindOf } from '../disk/readBytes.ts';
import { readingFailed } from '../disk/systemError.ts';
import { READ_EXTENSIONS } from '../files/formats.ts';

/** The pictures of a folder and of those below it. */
export interface Listing {
  /** Without links. */
  readonly root: string;
  /** Paths below the root, with `/` on every system. */
  readonly pictures: ReadonlySet<string>;
  /** What bears a picture's name, or may hold pictures, and cannot be compared: why, by path below the root. */
  readonly problems: ReadonlyMap<string, string>;
}

const EXTENSIONS: ReadonlySet<string> = new Set(READ_EXTENSIONS);

/**
 * Finds pictures by the end of their names. Links are followed to files below the root alone. What is passed over elsewhere is a
 * problem here: a picture that nobody compares must not count as one that is right. Hidden names, which begin with a dot, are left out.
 *
 * @throws PictureError where the folder cannot be read
 */
export async function listPictures(folder: string, what: string): Promise<Listing> {
  const pictures = new Set<string>();
  const problems = new Map<string, string>();
  let root: string;
  try {
    root = await realpath(folder);
    if (!(await stat(root)).isDirectory()) throw notAFolder(folder, what);
  } catch (error) {
    throw error instanceof PictureError ? error : readingFailed(error, what, folder);
  }
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    let entries: Dirent<Buffer>[];
    try {
      entries = await readdir(join(root, below), { encoding: 'buffer', withFileTypes: true });
    } catch (error) {
      if (below === '') throw readingFailed(error, what, folder);
      problems.set(below, readingFailed(error, 'a folder', join(folder, below)).message);
      continue;
    }
    for (const entry of entries) {
      const name = entry.name.toString('utf8');
      if (name.startsWith('.')) continue;
      const rel = below === '' ? name : `${below}/${name}`;
      const isNamed = EXTENSIONS.has(extname(name).slice(1).toLowerCase());
      if (entry.isDirectory()) waiting.push(rel);
      else if (isNamed && !isUtf8(entry.name)) problems.set(rel, `Expected a name in UTF-8 but found ${nameOf(rel)}`);
      else if (entry.isFile() ? isNamed : isNamed || entry.isSymbolicLink()) {
        const problem = entry.isFile() ? undefined : await problemOf(root, rel, isNamed);
        if (problem !== undefined)
          problems.set(rel, `Expected a picture at ${nameOf(join(folder, rel))} but found ${problem}`);
        else if (isNamed) pictures.add(rel);
      }
    }
  }
  return { root, pictures, problems };
}

function notAFolder(folder: string, what: string): PictureError {
  return new PictureError('not-a-file', `Expected ${what} at ${nameOf(folder)} but found a file`, { path: folder });
}

/** Why what is no plain file cannot be compared; nothing where it can, or where it is none of ours. */
async function problemOf(root: string, rel: string, isNamed: boolean): Promise<string | undefined> {
  let status: Stats;
  try {
    status = await stat(join(root, rel));
  } catch {
    return isNamed ? 'a link to nothing' : undefined;
  }
  if (status.isDirectory()) return 'a link to a folder, which is not followed';
  if (!isNamed) return undefined;
  if (!status.isFile()) return kindOf(status);
  return isInside(root, await realpath(join(root, rel))) ? undefined : 'a link that leaves the folder';
}

/** Whether a path is a folder or lies below it; both absolute and without links. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
