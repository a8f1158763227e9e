import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { kindOf } from './kindOf.ts';
import { isMissing, reasonOf } from './planError.ts';
import { showPath } from './showPath.ts';

/** Whether `path` lies below `folder`; both absolute and without links. A folder does not lie below itself. */
export function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Whether `path` is `folder` or lies below it; both absolute and without links. */
export function isInside(folder: string, path: string): boolean {
  return relative(folder, path) === '' || isBelow(folder, path);
}

export interface RealFolder {
  /** The real path of what exists of it, and the rest as written. */
  readonly path: string;
  readonly exists: boolean;
  /** Why no file can be put there. */
  readonly problem?: string;
}

/**
 * A function that gives a folder's real path even where the folder, or folders above it, are yet to be made.
 * Each folder is asked after once: a batch has many files and few folders.
 */
export function realFolders(): (folder: string) => Promise<RealFolder> {
  const known = new Map<string, Promise<RealFolder>>();
  return function find(folder: string): Promise<RealFolder> {
    const path = resolve(folder);
    let found = known.get(path);
    if (!found) {
      found = realFolder(path, find);
      known.set(path, found);
    }
    return found;
  };
}

async function realFolder(path: string, find: (folder: string) => Promise<RealFolder>): Promise<RealFolder> {
  try {
    const real = await realpath(path);
    const stats = await stat(real);
    if (stats.isDirectory()) return { path: real, exists: true };
    return { path: real, exists: true, problem: `${showPath(path)} is ${kindOf(stats)}, not a folder` };
  } catch (error) {
    if (!isMissing(error)) return { path, exists: false, problem: `${showPath(path)}: ${reasonOf(error)}` };
  }
  // A drive that is not there has no folder above it.
  if (dirname(path) === path) return { path, exists: false, problem: `${showPath(path)} does not exist` };
  const parent = await find(dirname(path));
  const missing = { path: join(parent.path, basename(path)), exists: false };
  if (parent.problem) return { ...missing, problem: parent.problem };
  // Nothing is at its end, yet the name is taken: no folder can be made there.
  if (await isLink(path)) return { ...missing, problem: `${showPath(path)} is a link to nothing` };
  return missing;
}

/** The real path of what may be yet to be made: of what exists of it, and the rest as written. */
export async function realOf(path: string): Promise<string> {
  const whole = resolve(path);
  try {
    return await realpath(whole);
  } catch {
    return dirname(whole) === whole ? whole : join(await realOf(dirname(whole)), basename(whole));
  }
}

/** Whether a path is a symbolic link, wherever it leads. */
export async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}
