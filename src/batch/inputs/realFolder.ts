import { realpath } from 'node:fs/promises';
import { PlanError, reasonOf } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';

/**
 * The real path of a folder that is searched, against which the targets of links are held.
 *
 * @throws PlanError where it cannot be told: the working folder may be usable while a folder above it may not be searched.
 */
export async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    throw new PlanError(
      `Expected a folder for inputs whose real path can be told but found ${reasonOf(error)} at, or above, ${showPath(folder)}`,
    );
  }
}
