import { randomBytes } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Tells the temporary files of this process from those of all others, which may be at work in the same folder. */
export const processMark: string = randomBytes(6).toString('hex');

const underway = new Set<string>();

/** A name for a temporary file in `folder`, short (the name that the file is to have may be as long as names can be). */
export function nameTemporary(folder: string): string {
  const path = join(folder, `${prefixOf(processMark)}${randomBytes(6).toString('hex')}.tmp`);
  underway.add(path);
  return path;
}

/** Removes a temporary file, if it is still there under that name. */
export async function removeTemporary(path: string): Promise<void> {
  await unlink(path).catch(() => {});
  underway.delete(path);
}

/** Removes all temporary files of this process, for when it ends before they have their names. */
export function removeTemporaries(): void {
  for (const path of underway) {
    try {
      unlinkSync(path);
    } catch {
      // Not made yet, or renamed already.
    }
  }
}

/** Removes what a process that was killed left in a folder, by the mark that it had. */
export async function removeLeftovers(folder: string, mark: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.startsWith(prefixOf(mark)) && name.endsWith('.tmp'));
  for (const name of left) await unlink(join(folder, name)).catch(() => {});
  return left.length;
}

function prefixOf(mark: string): string {
  return `.corr2d-${mark}-`;
}
