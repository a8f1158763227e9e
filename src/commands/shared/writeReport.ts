import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readlink, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { STATE_FOLDER } from '../../batch/state/stateFolder.ts';
import { FileError } from '../../disk/fileError.ts';
import { kindOf } from '../../disk/kindOf.ts';
import { showPath } from '../../disk/showPath.ts';
import { writingFailed } from '../../disk/systemError.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { expectAccess, expectPlace, statusOf, unwritable } from './expectPlace.ts';

/**
 * Refuses a report's file that cannot be written, before there is anything to report.
 *
 * @throws ExpectationError that names the option and what is in the way
 */
export async function expectReport(path: string, option: string): Promise<void> {
  if (STREAMS[await streamOf(path)] !== undefined) return;
  // Journals and locks lie there, and are known by their names.
  if (resolve(path).split(sep).includes(STATE_FOLDER)) {
    throw new ExpectationError(
      `Expected a file outside of ${STATE_FOLDER} for ${option} but received ${showPath(path)}`,
    );
  }
  const status = await statusOf(path, option);
  if (status?.isDirectory() || status?.isSocket() || status?.isBlockDevice()) {
    throw unwritable(path, option, kindOf(status));
  }
  if (await isWrittenInPlace(path, status)) await expectAccess(path, path, option);
  else await expectPlace(path, option);
}

/** Whether a report to this path goes to standard output. */
export async function isStandardOutput(path: string): Promise<boolean> {
  return path === '' || (await streamOf(path)) === 1;
}

/** {@link writeReport} where a report was asked for; why it was not written, in a sentence. What was done stays done. */
export async function reportProblems(path: string | undefined, text: () => string): Promise<string[]> {
  if (path === undefined) return [];
  try {
    await writeReport(path, text());
    return [];
  } catch (error) {
    // A text longer than texts can be is a RangeError.
    const known = error instanceof FileError ? error : writingFailed(error, path === '' ? 'standard output' : path);
    return [known.message];
  }
}

/**
 * Writes a report: a file is replaced as a whole, for a report is no picture; a device (`/dev/null`), a FIFO or a file that is open
 * already (`/dev/fd/3`) is written to. An empty path is standard output.
 *
 * @throws FileError where it cannot be written
 */
export async function writeReport(path: string, text: string): Promise<void> {
  const stream = path === '' ? process.stdout : STREAMS[await streamOf(path)];
  if (stream !== undefined) {
    stream.write(text);
    return;
  }
  const bytes = new TextEncoder().encode(text);
  const status = await stat(path).catch(() => undefined);
  if (!(await isWrittenInPlace(path, status))) return writeFileSafely(path, bytes, { overwrite: true });
  let handle: FileHandle | undefined;
  try {
    // Opening a FIFO that nobody reads would wait for ever; in this manner it fails.
    handle = await open(path, constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0));
    await writeAll(handle, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw writingFailed(error, path);
    const message = `Expected to write ${showPath(path)} but found a FIFO that nobody reads`;
    throw new FileError('unwritable', message, { path, cause: error });
  } finally {
    await handle?.close();
  }
}

/** Between two looks at a FIFO that is full, in milliseconds. */
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

/** The streams that paths stand for, by the numbers of their descriptors; they may be sockets, which no path opens. */
const STREAMS: Readonly<Record<number, NodeJS.WriteStream>> = {
  get 1() {
    return process.stdout;
  },
  get 2() {
    return process.stderr;
  },
};

/** What is no file under a name of its own cannot be replaced, and what is open already must not be. */
async function isWrittenInPlace(path: string, status: Stats | undefined): Promise<boolean> {
  return status !== undefined && (!status.isFile() || (await streamOf(path)) >= 0);
}

/** More links than this lead in a circle. */
const MOST_LINKS = 40;

/** The number of the file descriptor that a path stands for (`/dev/stdout`, a link to it, `/dev/fd/3`); −1 where it is no such path. */
async function streamOf(path: string): Promise<number> {
  let one = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    const [, name, number] = /^\/dev\/(stdin|stdout|stderr)$|^\/(?:dev|proc\/(?:self|\d+))\/fd\/(\d+)$/.exec(one) ?? [];
    if (name !== undefined) return ['stdin', 'stdout', 'stderr'].indexOf(name);
    if (number !== undefined) return Number(number);
    const target = await readlink(one).catch(() => undefined);
    if (target === undefined) return -1;
    one = resolve(dirname(one), target);
  }
  return -1;
}
