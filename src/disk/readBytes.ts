import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { nameOf, PictureError } from './fileError.ts';
import { readingFailed } from './systemError.ts';

/**
 * All bytes of a regular file.
 *
 * @param what the file should hold, for messages: `a picture`
 * @throws PictureError where there is none, or it is no regular file, empty, unreadable, or of more than `limit` bytes
 */
export async function readBytes(path: string, what: string, limit: number): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    // Opening a pipe for reading waits for a writer, and opening a device may move it: only regular files are opened, and
    // should one be exchanged for a pipe in between, O_NONBLOCK (which Windows lacks) does not wait either.
    expectFile(await stat(path), what, path);
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const status = await handle.stat();
    expectFile(status, what, path);
    if (status.size > limit) throw tooManyBytes(status.size, limit, path);
    const bytes = await readAll(handle, status.size);
    if (bytes.length === 0)
      throw new PictureError('empty', `Expected ${what} in ${nameOf(path)} but received an empty file`, { path });
    return bytes;
  } catch (error) {
    throw error instanceof PictureError ? error : readingFailed(error, what, path);
  } finally {
    await handle?.close();
  }
}

/** Refuses more bytes than the limit. */
export function tooManyBytes(size: number, limit: number, path: string | undefined): PictureError {
  return new PictureError(
    'too-large',
    `Expected at most ${limit} bytes (limitBytes) in ${nameOf(path)} but received ${size}`,
    { path },
  );
}

function expectFile(status: Stats, what: string, path: string): void {
  if (status.isFile()) return;
  throw new PictureError('not-a-file', `Expected ${what} at ${nameOf(path)} but found ${kindOf(status)}`, { path });
}

/** What stands there instead of a regular file. */
export function kindOf(status: Pick<Stats, 'isDirectory' | 'isFIFO' | 'isSocket'>): string {
  if (status.isDirectory()) return 'a directory';
  if (status.isFIFO()) return 'a pipe';
  if (status.isSocket()) return 'a socket';
  return 'a device';
}

/** What one read may ask for: Node refuses 2^31 bytes and more. */
const MOST_AT_ONCE = 2 ** 30;

async function readAll(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(size - at, MOST_AT_ONCE), at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}
