import { constants, type Stats } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PictureError } from '../../disk/fileError.ts';
import { kindOf } from '../../disk/kindOf.ts';
import { isMissing, reasonOf } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { writingFailed } from '../../disk/systemError.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { ExpectationError } from '../../planes/expected.ts';

/**
 * Refuses a report's file that cannot be written, before there is anything to report.
 *
 * @throws ExpectationError that names the option and what is in the way
 */
export async function expectReport(path: string, option: string): Promise<void> {
  const status = await statusOf(path, option);
  if (status?.isDirectory()) throw unwritable(path, option, 'a folder');
  if (isWrittenInPlace(status)) return expectAccess(path, path, option);
  // It takes its name by renaming, for which the folder counts, or the lowest above it that is there already.
  let folder = dirname(resolve(path));
  let above = await statusOf(folder, option);
  while (above === undefined && dirname(folder) !== folder) {
    folder = dirname(folder);
    above = await statusOf(folder, option);
  }
  if (above && !above.isDirectory()) throw unwritable(path, option, `${kindOf(above)} at ${showPath(folder)}`);
  await expectAccess(folder, path, option);
}

/**
 * Writes a report: a file is replaced as a whole, for a report is no picture; a device (`/dev/null`) or a pipe is written to.
 *
 * @throws PictureError where it cannot be written
 */
export async function writeReport(path: string, text: string): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  if (!isWrittenInPlace(status)) return writeFileSafely(path, new TextEncoder().encode(text), { overwrite: true });
  let handle: FileHandle | undefined;
  try {
    // Opening a pipe that nobody reads would wait for ever; in this manner it fails.
    handle = await open(path, constants.O_WRONLY | (constants.O_NONBLOCK ?? 0));
    await writeAll(handle, new TextEncoder().encode(text));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw writingFailed(error, path);
    const message = `Expected to write ${showPath(path)} but found a pipe that nobody reads`;
    throw new PictureError('unwritable', message, { path, cause: error });
  } finally {
    await handle?.close();
  }
}

/** Between two looks at a pipe that is full, in milliseconds. */
const PAUSE = 5;

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    try {
      at += (await handle.write(bytes, at)).bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await pause(PAUSE);
    }
  }
}

function isWrittenInPlace(status: Stats | undefined): boolean {
  return status !== undefined && !status.isFile() && !status.isDirectory();
}

async function statusOf(path: string, option: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unwritable(path, option, reasonOf(error));
  }
}

async function expectAccess(place: string, path: string, option: string): Promise<void> {
  await access(place, constants.W_OK).catch((error: unknown) => {
    throw unwritable(path, option, reasonOf(error));
  });
}

function unwritable(path: string, option: string, found: string): ExpectationError {
  return new ExpectationError(
    `Expected a file that can be written for ${option} but found ${found} at ${showPath(path)}`,
  );
}
