import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { nameOf } from '../disk/fileError.ts';
import { ExpectationError } from '../planes/expected.ts';
import { isInside } from './listPictures.ts';

/**
 * Refuses folders that lie in one another, whatever names they go by: pictures would be compared with themselves, or what is
 * written to look at be taken for new pictures the next time.
 */
export async function expectFolders(
  actual: string,
  golden: string,
  output: string | undefined,
  update: boolean,
): Promise<void> {
  const named: [what: string, path: string][] = [
    ['the pictures', actual],
    ['the goldens', golden],
    ...(output === undefined || update ? [] : ([['the output', output]] as [string, string][])),
  ];
  const folders = await Promise.all(named.map(async ([what, path]) => ({ what, path, real: await realOf(path) })));
  for (const [i, a] of folders.entries()) {
    for (const b of folders.slice(i + 1)) {
      if (!isInside(a.real, b.real) && !isInside(b.real, a.real)) continue;
      throw new ExpectationError(
        `Expected folders that do not overlap for ${a.what} and ${b.what} but received ${nameOf(a.path)} and ${nameOf(b.path)}`,
      );
    }
  }
}

/** The real path of a folder that may be yet to be made: of what exists of it, and the rest as written. */
export async function realOf(path: string): Promise<string> {
  const whole = resolve(path);
  try {
    return await realpath(whole);
  } catch {
    return dirname(whole) === whole ? whole : join(await realOf(dirname(whole)), basename(whole));
  }
}
