import { fdatasync, fsync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

const flushers: Readonly<Record<'sync' | 'datasync', (file: number) => Promise<void>>> = {
  sync: promisify(fsync),
  datasync: promisify(fdatasync),
};

/**
 * Waits until a file's bytes (with `datasync`), and all that is known of it (with `sync`), are on the disk.
 *
 * File handles of programs that put a file system of their own before Node's (Yarn's, for packages that stay zipped) do not have
 * these methods, or have ones that only say so; the file is then flushed by its number, which is the system's.
 */
export async function flush(handle: FileHandle, how: 'sync' | 'datasync'): Promise<void> {
  try {
    await handle[how]();
  } catch (error) {
    // The system's own errors have a code.
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    await flushers[how](handle.fd);
  }
}
