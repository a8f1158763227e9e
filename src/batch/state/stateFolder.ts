import { lstat, rmdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { kindOf } from '../../disk/kindOf.ts';
import { PlanError } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { writingFailed } from '../../disk/systemError.ts';
import { makeFolder } from '../../disk/writeFileSafely.ts';

/** The folder in an output folder that is ours: journals and locks. */
export const STATE_FOLDER = '.corr2d';

/**
 * Whether the folder is there. What is under our name has to be ours: through a link, locks and journals would be written elsewhere.
 *
 * @throws PlanError where something else stands there
 */
export async function isOwnFolder(state: string): Promise<boolean> {
  const status = await lstat(state).catch(() => undefined);
  if (status === undefined || status.isDirectory()) return status !== undefined;
  throw new PlanError(`Expected a folder at ${showPath(state)}, for the journal, but found ${kindOf(status)}`);
}

/**
 * Makes the folder, and those above it.
 *
 * @returns the topmost folder that was not there before
 */
export async function makeStateFolder(state: string): Promise<string | undefined> {
  const made = await firstMissing(state);
  await isOwnFolder(state);
  await makeFolder(state).catch((error: unknown) => {
    throw writingFailed(error, state);
  });
  return made;
}

async function firstMissing(path: string): Promise<string | undefined> {
  let missing: string | undefined;
  for (let folder = resolve(path); dirname(folder) !== folder; folder = dirname(folder)) {
    if ((await lstat(folder).catch(() => undefined)) !== undefined) break;
    missing = folder;
  }
  return missing;
}

/** Removes folders from `folder` up to `made`, as far as nothing is in them. */
export async function removeEmpty(folder: string, made: string): Promise<void> {
  try {
    for (let one = resolve(folder); one.length >= made.length; one = dirname(one)) await rmdir(one);
  } catch {
    // Something is in it.
  }
}
