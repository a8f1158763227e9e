import { type FileHandle, link, lstat, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { nameOf, FileError } from './fileError.ts';
import { flush } from './flush.ts';
import { kindOf } from './kindOf.ts';
import { openPatiently } from './openFile.ts';
import { writingFailed } from './systemError.ts';
import { nameTemporary, removeLeftoversOnce, removeTemporary } from './temporaries.ts';

export interface WriteOptions {
  /** Whether a file that exists is replaced. */
  readonly overwrite?: boolean;
  /** Called when the bytes are on the disk and before they take their name; where it fails they never do. */
  readonly beforeNaming?: (written: FileState) => Promise<void>;
}

/** What tells whether a file was written again, without reading it. */
export interface FileState {
  /** Bytes. */
  readonly size: number;
  /** When its contents last changed, in milliseconds since 1970. */
  readonly modified: number;
}

/**
 * Writes a file whole or not at all. The bytes go to a temporary file of an unpredictable name beside it, are flushed to the disk,
 * and take their name in one step; on a failure the temporary file is removed, and so are those in the same folder of processes that
 * were killed. Folders on the way are made.
 *
 * Without `overwrite` nothing that exists is touched, even if it came into being a moment ago. With it, a regular file is replaced;
 * of a symbolic link, the link is, not the file that it leads to. Directories and devices are never replaced.
 *
 * @param content the bytes, or what writes them, for more than are to be held at once
 * @throws FileError that says what is in the way
 */
export async function writeFileSafely(
  path: string,
  content: Uint8Array | ((handle: FileHandle) => Promise<void>),
  { overwrite = false, beforeNaming }: WriteOptions = {},
): Promise<void> {
  const folder = dirname(path);
  const temporary = nameTemporary(folder);
  try {
    if (overwrite) await expectReplaceable(path);
    await makeFolder(folder);
    await removeLeftoversOnce(folder);
    const handle = await openPatiently(temporary, 'wx+');
    let state: FileState;
    try {
      await (typeof content === 'function' ? content(handle) : handle.writeFile(content));
      await flush(handle, 'sync');
      state = stateOf(await handle.stat());
    } finally {
      await handle.close();
    }
    await beforeNaming?.(state);
    if (overwrite) await rename(temporary, path);
    else await linkToNew(temporary, path);
  } catch (error) {
    throw error instanceof FileError ? error : writingFailed(error, path);
  } finally {
    await removeTemporary(temporary);
  }
}

export function stateOf({ size, mtimeMs }: { size: number; mtimeMs: number }): FileState {
  return { size, modified: mtimeMs };
}

/** Refuses to replace anything but a regular file or a link to one. */
async function expectReplaceable(path: string): Promise<void> {
  const status = await stat(path).catch(() => lstat(path).catch(() => undefined));
  if (status === undefined || status.isFile() || status.isSymbolicLink()) return;
  throw new FileError('not-a-file', `Expected to write ${nameOf(path)} but found ${kindOf(status)}`, { path });
}

/** Makes a folder and those above it. Node's own `recursive` never ends where a parent takes no folders, as below /proc. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(folder) !== folder) {
      await makeFolder(dirname(folder));
      await mkdir(folder).catch((again) => expectFolder(folder, again));
    } else await expectFolder(folder, error);
  }
}

async function expectFolder(folder: string, error: unknown): Promise<void> {
  const status = await stat(folder).catch(() => undefined);
  if (status?.isDirectory()) return;
  const { code } = error as NodeJS.ErrnoException;
  // A file, or a link to nothing, has the folder's name; where nothing has, it was just removed.
  const isTaken = code === 'EEXIST' && (await lstat(folder).catch(() => undefined)) !== undefined;
  throw isTaken ? { code: 'ENOTDIR', cause: error } : code === 'EEXIST' ? { code: 'ENOENT', cause: error } : error;
}

/** File systems without hard links: FAT, some network and user-space ones. */
const WITHOUT_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);

/** Gives a file its name unless the name is taken: `rename` would replace what is there, `link` fails. */
async function linkToNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!WITHOUT_LINKS.has((error as NodeJS.ErrnoException).code)) throw error;
    // Take the name with an empty file, which fails where it is taken, and replace that.
    await (await openPatiently(path, 'wx')).close();
    await rename(temporary, path);
  }
}
