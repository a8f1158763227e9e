import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { nameOf, FileError } from './fileError.ts';
import { kindOf } from './kindOf.ts';
import { readingFailed } from './systemError.ts';

/** A file that was opened, and what the system says of it. */
interface OpenFile {
  readonly handle: FileHandle;
  readonly status: Stats;
}

/**
 * Opens a regular file for reading. Anything else is refused and never waited for: to open a pipe waits for a writer, and to open a
 * device may move it.
 *
 * @param what the file should hold, for messages: `a picture`
 * @param options.follow whether a symbolic link is followed; a link is refused otherwise
 * @throws FileError where there is no such file, or it cannot be read
 */
export async function openFile(
  path: string,
  what: string,
  { follow = true }: { follow?: boolean } = {},
): Promise<OpenFile> {
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  let handle: FileHandle | undefined;
  try {
    expectFile(await (follow ? stat(path) : lstat(path)), what, path);
    // Should it be exchanged for a pipe in between, O_NONBLOCK (which Windows lacks) does not wait either.
    handle = await openPatiently(path, O_RDONLY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
    const status = await handle.stat();
    expectFile(status, what, path);
    return { handle, status };
  } catch (error) {
    await handle?.close();
    throw error instanceof FileError ? error : readingFailed(error, what, path);
  }
}

function expectFile(status: Stats, what: string, path: string): void {
  if (status.isFile()) return;
  throw new FileError('not-a-file', `Expected ${what} at ${nameOf(path)} but found ${kindOf(status)}`, { path });
}

/** How often, and how long in milliseconds, a file handle is waited for: ten seconds in all. */
const TRIES = 200;
const PAUSE = 50;

/**
 * Opens a file, as `open` does. Where the system has no more file handles it waits: most of those that are taken are this
 * process's own, and are given back when other files are read or written.
 */
export async function openPatiently(path: string, flags: number | string, mode?: number): Promise<FileHandle> {
  for (let tried = 1; ; tried++) {
    try {
      return await open(path, flags, mode);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code !== 'EMFILE' && code !== 'ENFILE') || tried === TRIES) throw error;
      await pause(PAUSE);
    }
  }
}
