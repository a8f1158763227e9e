import { constants, type Stats } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { kindOf } from '../../disk/kindOf.ts';
import { isMissing, reasonOf } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { nameTemporary, removeTemporary } from '../../disk/temporaries.ts';
import { ExpectationError } from '../../planes/expected.ts';

/**
 * Refuses a file that could not be written, before there is anything to write. It takes its name by renaming, so that its folder
 * counts, or the lowest above it that is there already.
 *
 * @throws ExpectationError that names the option and what is in the way
 */
export async function expectPlace(path: string, option: string): Promise<void> {
  const status = await statusOf(path, option);
  if (status !== undefined && !status.isFile()) throw unwritable(path, option, kindOf(status));
  let folder = dirname(resolve(path));
  let above = await statusOf(folder, option);
  while (above === undefined && dirname(folder) !== folder) {
    folder = dirname(folder);
    above = await statusOf(folder, option);
  }
  if (above && !above.isDirectory()) throw unwritable(path, option, `${kindOf(above)} at ${showPath(folder)}`);
  await expectAccess(folder, path, option);
  await expectRoom(folder, path, option);
}

/** What stands at a path; nothing where there is none. */
export async function statusOf(path: string, option: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unwritable(path, option, reasonOf(error));
  }
}

/** Refuses a place that may not be written to. */
export async function expectAccess(place: string, path: string, option: string): Promise<void> {
  await access(place, constants.W_OK).catch((error: unknown) => {
    throw unwritable(path, option, reasonOf(error));
  });
}

export function unwritable(path: string, option: string, found: string): ExpectationError {
  return new ExpectationError(
    `Expected a file that can be written for ${option} but found ${found} at ${showPath(path)}`,
  );
}

/** Tries a file in the folder: some refuse them whatever permissions say (/proc, a disk without room for names). */
async function expectRoom(folder: string, path: string, option: string): Promise<void> {
  const temporary = nameTemporary(folder);
  try {
    await (await open(temporary, 'wx')).close();
  } catch (error) {
    throw unwritable(path, option, reasonOf(error));
  } finally {
    await removeTemporary(temporary);
  }
}
