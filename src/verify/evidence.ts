import { constants } from 'node:fs';
import { copyFile, mkdir, readFile, unlink } from 'node:fs/promises';
import { dirname, extname, join, posix, resolve } from 'node:path';
import { writingFailed } from '../disk/systemError.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { encodeStored } from '../files/encode/encodeImage.ts';
import type { PairFound } from './comparePair.ts';
import { realOf } from './expectFolders.ts';
import { isInside } from './listPictures.ts';

/** Where pictures of a change were written. */
export interface EvidencePaths {
  readonly actual: string;
  readonly expected: string;
  readonly diff: string;
}

/** The list of what was written, in the output folder: the next run takes those pictures away, and nothing else. */
const LIST = 'corr2d-verify.json';

export interface Evidence {
  /** Writes the picture, its golden, and where they differ. */
  write(path: string, golden: string, pair: PairFound): Promise<EvidencePaths>;
  /** Writes the list of all that was written. */
  close(): Promise<void>;
}

/**
 * Makes room for pictures of what changed: what an earlier run wrote is removed, so that nothing stale is looked at.
 *
 * @param paths of all pictures, below their folder
 * @throws PictureError where something of another origin is in the way
 */
export async function openEvidence(folder: string, paths: readonly string[]): Promise<Evidence> {
  await removeStale(folder);
  const stems = new Map<string, number>();
  for (const path of paths) stems.set(stemOf(path), (stems.get(stemOf(path)) ?? 0) + 1);
  const written: string[] = [];
  return {
    async write(path, golden, { actualBytes, draw }) {
      // Beside a.jpg, a.png keeps its extension in the middle: both would be written as a-diff.png.
      const stem = stems.get(stemOf(path)) === 1 ? stemOf(path) : path;
      const names = [`${stem}-actual${extname(path)}`, `${stem}-expected${extname(path)}`, `${stem}-diff.png`];
      const [actual, expected, diff] = names.map((name) => join(folder, name));
      written.push(...names);
      await writeFileSafely(actual, actualBytes);
      await copyFile(golden, expected, constants.COPYFILE_EXCL).catch((error: unknown) => {
        throw writingFailed(error, expected);
      });
      if (draw) await writeFileSafely(diff, await encodeStored(draw(), {}, { format: 'png' }));
      return { actual, expected, diff };
    },
    async close() {
      if (written.length === 0) return;
      const text = `${JSON.stringify({ corr2d: 1, kind: 'verify', written: written.sort() }, null, 2)}\n`;
      await mkdir(folder, { recursive: true });
      await writeFileSafely(join(folder, LIST), new TextEncoder().encode(text), { overwrite: true });
    },
  };
}

function stemOf(path: string): string {
  return path.slice(0, path.length - extname(path).length);
}

/** Removes what the list names, as far as it is named as such pictures are and lies in the folder. */
async function removeStale(folder: string): Promise<void> {
  const list = join(folder, LIST);
  let names: unknown;
  try {
    names = JSON.parse(await readFile(list, 'utf8')).written;
  } catch {
    return;
  }
  const root = await realOf(folder);
  for (const name of Array.isArray(names) ? names : []) {
    if (typeof name !== 'string' || !/-(?:actual|expected|diff)\.\w+$/.test(name) || posix.isAbsolute(name)) continue;
    const path = resolve(folder, name);
    if (isInside(root, await realOf(dirname(path)))) await unlink(path).catch(() => {});
  }
  await unlink(list);
}
