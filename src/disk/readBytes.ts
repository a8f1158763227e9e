import type { FileHandle } from 'node:fs/promises';
import { nameOf, FileError } from './fileError.ts';
import { openFile } from './openFile.ts';
import { readingFailed } from './systemError.ts';

/**
 * All bytes of a regular file.
 *
 * @param what the file should hold, for messages: `a picture`
 * @throws FileError where there is none, or it is no regular file, empty, unreadable, or of more than `limit` bytes
 */
export async function readBytes(path: string, what: string, limit: number): Promise<Uint8Array> {
  const { handle, status } = await openFile(path, what);
  try {
    if (status.size > limit) throw tooManyBytes(status.size, limit, path);
    const bytes = await readAll(handle, status.size);
    if (bytes.length > 0) return bytes;
    throw new FileError('empty', `Expected ${what} in ${nameOf(path)} but received an empty file`, { path });
  } catch (error) {
    throw error instanceof FileError ? error : readingFailed(error, what, path);
  } finally {
    await handle.close();
  }
}

/** Refuses more bytes than the limit. */
export function tooManyBytes(size: number, limit: number, path: string | undefined): FileError {
  return new FileError(
    'too-large',
    `Expected at most ${limit} bytes (limitBytes) in ${nameOf(path)} but received ${size}`,
    { path },
  );
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
