import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { FileError } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { isInside, realOf } from '../disk/realPaths.ts';
import { showPath } from '../disk/showPath.ts';
import { writingFailed } from '../disk/systemError.ts';
import { processMark, removeLeftovers } from '../disk/temporaries.ts';
import { makeFolder, writeFileSafely } from '../disk/writeFileSafely.ts';
import { plainJson } from '../planes/plainText.ts';
import type { PairFound } from './comparePair.ts';
import {
  type EvidenceNames,
  evidenceNames,
  type EvidencePaths,
  writeEvidenceFiles,
  writeWithin,
} from './evidenceFiles.ts';
import { evidenceStems } from './evidenceStems.ts';

/** The list of what was written, in the output folder: the next run takes those pictures away, and nothing else. */
export const LIST = 'corr2d-verify.json';

const MOST_LIST_BYTES = 2 ** 28;

export interface Evidence {
  /** Writes the picture, its golden, and where they differ. Never fails: what cannot be written is a note at the close. */
  write(path: string, golden: string, pair: PairFound): Promise<EvidencePaths | undefined>;
  /**
   * What others are to write, of all pairs, by their paths: they may begin once this is told.
   *
   * @throws FileError where the folder takes none
   */
  leave(): Promise<ReadonlyMap<string, EvidenceNames>>;
  /** Takes in what others wrote, and why they could not write more. */
  adopt(paths: EvidencePaths | undefined, failures: readonly string[]): EvidencePaths | undefined;
  /** Writes the list of all that was written. */
  close(): Promise<string[]>;
}

/**
 * Makes room for pictures of what changed: what an earlier run wrote is removed, also where it was killed, so that nothing stale is
 * looked at. Never fails: a verdict does not depend on whether pictures of it can be written.
 *
 * @param paths of all pictures, below their folder
 */
export async function openEvidence(folder: string, paths: readonly string[]): Promise<Evidence> {
  const failures: string[] = [];
  const stems = evidenceStems(paths);
  const written: string[] = [];
  await removeStale(folder).catch((error: unknown) => failures.push(messageOf(error)));
  const isStopped = failures.length > 0;
  let missed = 0;
  let announced: Promise<ReadonlySet<string>> | undefined;
  let before: ReadonlySet<string> = new Set();
  let wasThere = true;

  /** Before the first picture is written, the list names all that may be: so a run that is killed leaves nothing unknown. */
  async function announce(): Promise<ReadonlySet<string>> {
    await makeFolder(folder).catch((error: unknown) => {
      throw writingFailed(error, folder);
    });
    const others = new Set((await readdir(folder, { recursive: true })).map((name) => name.replaceAll(sep, '/')));
    const planned = paths.flatMap((path) => Object.values(namesOf(path))).filter((name) => !others.has(name));
    await writeList(folder, planned);
    return others;
  }

  async function put(name: string, make: () => Promise<Uint8Array>): Promise<string | undefined> {
    const path = join(folder, name);
    try {
      announced ??= announce();
      await announced;
      await writeWithin(folder, path, await make());
      written.push(name);
      return path;
    } catch (error) {
      failures.push(messageOf(error));
      return undefined;
    }
  }

  const namesOf = (path: string): EvidenceNames => evidenceNames(path, stems.get(path) ?? path);

  return {
    async write(path, golden, pair) {
      if (!isStopped) return writeEvidenceFiles(namesOf(path), golden, pair, put);
      missed++;
      return undefined;
    },
    async leave() {
      if (isStopped) throw new FileError('unwritable', failures[0], { path: folder });
      wasThere = (await lstat(folder).catch(() => undefined)) !== undefined;
      announced ??= announce();
      before = await announced;
      return new Map(paths.map((path) => [path, namesOf(path)]));
    },
    adopt(found, others) {
      failures.push(...others);
      const own = Object.entries(found ?? {}).filter(([, path]: [string, string]) => {
        const name = relative(folder, path).replaceAll(sep, '/');
        // Who wrote it takes what has the same bytes for its own.
        if (before.has(name)) failures.push(messageOf(existing(path)));
        else written.push(name);
        return !before.has(name);
      });
      return own.length === 0 ? undefined : Object.fromEntries(own);
    },
    async close() {
      if (announced !== undefined) {
        const listing = written.length === 0 ? unlink(join(folder, LIST)).catch(() => {}) : writeList(folder, written);
        await listing.catch((error: unknown) => failures.push(messageOf(error)));
        // As where it is made for the first picture of a change alone.
        if (written.length === 0 && !wasThere) await rmdir(folder).catch(() => {});
      }
      if (isStopped) return missed === 0 ? [] : [`no pictures of what changed were written: ${failures[0]}`];
      if (failures.length === 0) return [];
      const many = failures.length === 1 ? 'one picture' : `${failures.length} pictures`;
      return [
        `${many} of what changed could not be written${failures.length === 1 ? '' : '; the first'}: ${failures[0]}`,
      ];
    },
  };
}

async function writeList(folder: string, names: readonly string[]): Promise<void> {
  const list = { corr2d: 1, kind: 'verify', mark: processMark, written: names.toSorted() };
  const text = `${plainJson(list, 2)}\n`;
  await writeFileSafely(join(folder, LIST), new TextEncoder().encode(text), { overwrite: true });
}

/** Removes what the list names, as far as it is named as such pictures are and lies in the folder. */
async function removeStale(folder: string): Promise<void> {
  const list = join(folder, LIST);
  let stale: { readonly written?: unknown; readonly mark?: unknown };
  try {
    const bytes = await readBytes(list, 'a list of pictures of changes', MOST_LIST_BYTES);
    stale = Object(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    if (error instanceof FileError && error.code !== 'missing' && error.code !== 'empty') throw error;
    return;
  }
  const root = await realOf(folder);
  const folders = new Set<string>([root]);
  for (const name of Array.isArray(stale.written) ? stale.written : []) {
    if (typeof name !== 'string' || !/-(?:actual|expected|diff)(?:\.[^/\\.]*)?$/.test(name) || posix.isAbsolute(name))
      continue;
    const path = resolve(folder, name);
    if (!isInside(root, await realOf(dirname(path)))) continue;
    folders.add(dirname(path));
    await unlink(path).catch(() => {});
  }
  if (typeof stale.mark === 'string' && /^\w+$/.test(stale.mark)) {
    for (const one of folders) await removeLeftovers(one, stale.mark);
  }
  await unlink(list).catch((error: unknown) => {
    throw writingFailed(error, list);
  });
}

function existing(path: string): FileError {
  return new FileError('exists', `Expected to write ${showPath(path)} but found a file that exists already`, {
    path,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
