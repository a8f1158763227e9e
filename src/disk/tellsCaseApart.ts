import { lstat, opendir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Whether names that differ in case alone are two files in a folder, or, where it is yet to be made, in what it will be made in.
 * Nothing is written for it: the name of something that stands there is asked after in the other case. Where nothing has a
 * name with letters, it counts as one that does not.
 */
export async function tellsCaseApart(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const told = (await toldByEntries(at)) ?? (await toldByName(at));
    if (told !== undefined) return told;
    if (dirname(at) === at) return false;
  }
}

/** Of a folder of thousands of names without letters, as many are looked at. */
const MOST = 1000;

async function toldByEntries(folder: string): Promise<boolean | undefined> {
  try {
    let left = MOST;
    for await (const { name } of await opendir(folder)) {
      const told = await toldByName(join(folder, name));
      if (told !== undefined) return told;
      if (--left === 0) break;
    }
  } catch {
    // Not there yet, or not to be read.
  }
  return undefined;
}

async function toldByName(path: string): Promise<boolean | undefined> {
  const name = basename(path);
  const other = swapCase(name);
  if (other === name) return undefined;
  try {
    const own = await lstat(path, { bigint: true });
    const found = await lstat(join(dirname(path), other), { bigint: true });
    // Two names of one file look the same as one name, where it has several.
    if (found.ino === own.ino && found.dev === own.dev) return own.nlink > 1n && own.isFile() ? undefined : false;
    return true;
  } catch {
    return (await isThere(path)) ? true : undefined;
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function swapCase(text: string): string {
  return Array.from(text, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');
}
