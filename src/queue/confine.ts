import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileError } from '../disk/fileError.ts';
import { isMissing } from '../disk/planError.ts';
import { realFolders, isBelow } from '../disk/realPaths.ts';
import { showPath } from '../disk/showPath.ts';
import { formatOfPath, WRITTEN_FORMATS } from '../files/formats.ts';
import { ExpectationError } from '../planes/expected.ts';

/** Looks where paths lead, so that nothing outside is read or written. */
interface Confinement {
  /**
   * @throws FileError where an input leads out of the root
   */
  expectInput(path: string): Promise<void>;
  /**
   * @throws FileError where an output would leave its folder
   */
  expectOutput(path: string): Promise<void>;
}

/**
 * @param root a real path
 * @param folder for outputs, a real path below the root
 */
export function confineTo(root: string, folder: string): Confinement {
  const find = realFolders();
  return {
    async expectInput(path) {
      const real = await realpath(path).catch((error: unknown) => {
        // What is not there fails when it is read.
        if (isMissing(error)) return undefined;
        throw new FileError('unreadable', `Expected a picture at ${showPath(path)} whose real path can be told`, {
          path,
        });
      });
      if (real === undefined || isBelow(root, real)) return;
      throw new FileError('unreadable', `Expected a picture below the root but ${showPath(path)} leads out of it`, {
        path,
      });
    },
    async expectOutput(path) {
      const parent = await find(dirname(path));
      const real = join(parent.path, basename(path));
      const isOwn = isBelow(join(folder, '.corr2d'), real);
      if (!isBelow(folder, real) || isOwn || parent.problem !== undefined) {
        throw new FileError('unwritable', `Expected an output below its folder but ${showPath(path)} leads out of it`, {
          path,
        });
      }
      if (formatOfPath(path) !== undefined) return;
      const formats = WRITTEN_FORMATS.join(', ');
      throw new FileError(
        'unwritable',
        `Expected an output named as one of ${formats} but received ${showPath(path)}`,
        { path },
      );
    },
  };
}

/**
 * The real path of a folder below a root, no part of which below the root is a link.
 *
 * @param root a real path
 * @throws ExpectationError where it is no such folder
 */
export async function folderBelow(root: string, folder: string): Promise<string> {
  const path = join(root, folder);
  const real = await realpath(path).catch(() => undefined);
  const isFolder = real !== undefined && (await lstat(real)).isDirectory();
  if (isFolder && real === path && (real === root || isBelow(root, real))) return real;
  throw new ExpectationError(`Expected a folder below the root, and no link, at ${showPath(folder)}`);
}
