import { link, lstat, rename } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { FileError } from '../../disk/fileError.ts';
import { hashFile } from '../../disk/hashFile.ts';
import { kindOf } from '../../disk/kindOf.ts';
import { showPath } from '../../disk/showPath.ts';
import { writingFailed } from '../../disk/systemError.ts';
import { makeFolder } from '../../disk/writeFileSafely.ts';

/** Where outputs go that were altered after they were written, before they are written again: someone may have had reason to. */
const ASIDE = 'replaced';

/**
 * Gives a file a second name, by its contents, in our folder.
 *
 * @throws FileError where it cannot be: then it must not be written over
 */
export async function keepAside(output: string, state: string): Promise<void> {
  const folder = join(state, ASIDE);
  try {
    const sha256 = await hashFile(output, 'an output');
    await makeFolder(folder);
    const status = await lstat(folder);
    // Through a link it would be kept elsewhere.
    if (!status.isDirectory()) throw inTheWay(folder, kindOf(status));
    const path = join(folder, `${sha256}${extname(output)}`);
    await link(output, path).catch(async (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      // A file system without links.
      if (code !== 'EEXIST') return rename(output, path);
      // Kept before.
      if ((await hashFile(path, 'an output')) !== sha256) throw inTheWay(path, 'another file');
    });
  } catch (error) {
    throw error instanceof FileError ? error : writingFailed(error, folder);
  }
}

function inTheWay(path: string, found: string): FileError {
  return new FileError('exists', `Expected to keep what was altered in ${showPath(path)} but found ${found}`, {
    path,
  });
}
