import { randomBytes } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { shortOf, stateOfShort, thisProcess } from './processes.ts';

/** Tells the temporary files of this process from those of all others, which may be at work in the same folder. */
export const processMark: string = randomBytes(6).toString('hex');

const underway = new Set<string>();
let own: string | undefined;

/**
 * A name for a temporary file in `folder`, short (the name that the file is to have may be as long as names can be). It tells whose
 * it is, so that what a process left that was killed can be known for what it is.
 */
export function nameTemporary(folder: string): string {
  own ??= shortOf(thisProcess());
  const path = join(folder, `${prefixOf(processMark)}${randomBytes(6).toString('hex')}-${own}.tmp`);
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

/** Removes what processes that were killed left in a folder, by the marks that they had; without any, what any such process left. */
export async function removeLeftovers(folder: string, ...marks: readonly string[]): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const wanted = new Set(marks);
  const left = names.filter((name) => (marks.length === 0 ? isOfDead(name) : wanted.has(markOf(name))));
  for (const name of left) await unlink(join(folder, name)).catch(() => {});
  return left.length;
}

const cleaned = new Map<string, Promise<unknown>>();

/** {@link removeLeftovers} of all processes that are gone, once for each folder that this process writes to. */
export async function removeLeftoversOnce(folder: string): Promise<void> {
  let done = cleaned.get(folder);
  if (done === undefined) {
    done = removeLeftovers(folder);
    cleaned.set(folder, done);
  }
  await done;
}

function isOfDead(name: string): boolean {
  const short = /^\.corr2d-[0-9a-f]{12}-[0-9a-f]{12}-(\w+)\.tmp$/.exec(name)?.[1];
  return short !== undefined && stateOfShort(short) === 'gone';
}

/** Of the process whose temporary file it is; empty of other files. */
function markOf(name: string): string {
  return /^\.corr2d-(\w+)-.*\.tmp$/.exec(name)?.[1] ?? '';
}

function prefixOf(mark: string): string {
  return `.corr2d-${mark}-`;
}
