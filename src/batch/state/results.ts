import { link, lstat, rename, rmdir } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { hashBytes } from '../../disk/hashBytes.ts';
import { PlanError, reasonOf } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { writingFailed } from '../../disk/systemError.ts';
import { removeTemporaries } from '../../disk/temporaries.ts';
import { type FileState, makeFolder, writeFileSafely } from '../../disk/writeFileSafely.ts';
import type { Shard } from '../inputs/shard.ts';
import type { Job } from '../plan/job.ts';
import { type FailureLine, type Journal, openJournal, type PictureLine, type RunLine } from './journal.ts';
import { type Lock, takeLock } from './lock.ts';
import { readJournals } from './readJournal.ts';
import { hashFile, type Standing, standingOf } from './standing.ts';

/** The folder in an output folder that is ours: journals and locks. */
export const STATE_FOLDER = '.corr2d';

export interface BeginOptions {
  readonly shard: Shard | undefined;
  /** That outputs go to. */
  readonly folders: readonly string[];
  /** Whether what is written from now on is known to `standing` too. */
  readonly remember: boolean;
}

/** What an output folder knows of the runs into it. */
export interface Results {
  /** Whether runs were here before, which may have left a lock. */
  readonly hasState: boolean;
  /** Whether there is a journal of an earlier run. */
  readonly hasJournal: boolean;
  /** What the journals say of an output that exists. */
  standing(job: Job): Promise<Standing>;
  /**
   * Takes the folder for this run.
   *
   * @returns what is to be said about it
   * @throws PlanError where another run has it
   */
  begin(run: Omit<RunLine, 'corr2d' | 'kind' | 'time'>, options: BeginOptions): Promise<string[]>;
  /** Writes an output, and a line in the journal: first the line, so that no output is there without one. */
  write(job: Job, input: FileState & { readonly sha256: string }, bytes: Uint8Array, overwrite: boolean): Promise<void>;
  /** Notes in a shard's journal that a picture could not be made. */
  failed(job: Job, reason: string): Promise<void>;
  /** Gives the folder back. */
  end(): Promise<void>;
}

/**
 * Reads what an output folder says of earlier runs; nothing is written before `begin`.
 *
 * @param configuration SHA-256 of everything that decides what outputs are
 * @throws PlanError where its state cannot be read
 */
export async function openResults(base: string, configuration: string): Promise<Results> {
  const state = join(base, STATE_FOLDER);
  const hasState = await isOwnFolder(state);
  const journals = await readJournals(state).catch((error: unknown) => {
    throw new PlanError(`Expected journals that can be read in ${showPath(state)} but found ${reasonOf(error)}`);
  });
  const lines = new Map<string, PictureLine[]>();
  for (const line of journals.flatMap(({ pictures }) => pictures)) addLine(lines, line);
  const unreadable = journals.reduce((sum, journal) => sum + journal.unreadable, 0);
  let lock: Lock | undefined;
  let journalPath = '';
  let journal: Journal = openJournal(journalPath);
  let sharded = false;
  let remembers = false;
  let header: RunLine | undefined;
  let made: string | undefined;
  // An uncaught fault, or a second Ctrl-C.
  const leave = (): void => {
    removeTemporaries();
    lock?.release();
  };

  return {
    hasState,
    hasJournal: journals.length > 0,
    standing: (job) =>
      standingOf({
        lines: lines.get(below(base, job.output)) ?? [],
        configuration,
        input: { named: below(base, job.input.path), path: job.input.path },
        output: job.output,
      }),
    async begin(run, { shard, folders, remember }) {
      remembers = remember;
      made = await firstMissing(state);
      await makeFolder(state).catch((error: unknown) => {
        throw writingFailed(error, state);
      });
      lock = await takeLock(state, { shard, folders });
      process.once('exit', leave);
      const name = shard === undefined ? 'journal' : `journal-${shard.index}-of-${shard.count}`;
      journalPath = join(state, `${name}.ndjson`);
      journal = openJournal(journalPath);
      sharded = shard !== undefined;
      header = { corr2d: 1, kind: 'run', time: now(), ...run };
      // A shard without pictures has been at work too; of others, who wrote nothing leaves nothing.
      if (sharded) await append();
      return notesOf(lock.stale, unreadable);
    },
    async write(job, input, bytes, overwrite) {
      const sha256 = await hashBytes(bytes);
      const { rel, path } = job.input;
      if (job.replaces === 'altered') await keepAside(job.output, state);
      await writeFileSafely(job.output, bytes, {
        overwrite: overwrite || job.replaces !== undefined,
        async beforeNaming(written) {
          const line: PictureLine = {
            kind: 'picture',
            time: now(),
            configuration,
            input: { rel, path: path === '-' ? path : below(base, path), ...input },
            output: { path: below(base, job.output), ...written, sha256 },
          };
          await append(line);
          if (remembers) addLine(lines, line);
        },
      });
    },
    async failed({ input, output }, reason) {
      if (!sharded) return;
      const paths = { input: { rel: input.rel, path: below(base, input.path) }, output: { path: below(base, output) } };
      await append({ kind: 'failure', time: now(), configuration, ...paths, error: reason });
    },
    async end() {
      await journal.close();
      process.off('exit', leave);
      lock?.release();
      await removeEmpty(base, made);
    },
  };

  async function append(line?: PictureLine | FailureLine): Promise<void> {
    const first = header;
    header = undefined;
    try {
      const lines = [first, line].filter((one) => one !== undefined);
      await Promise.all(lines.map((one) => journal.append(one)));
    } catch (error) {
      header = first;
      throw writingFailed(error, journalPath);
    }
  }
}

/** Where outputs go that were altered after they were written, before they are written again: someone may have had reason to. */
const ASIDE = 'replaced';

/** Gives a file a second name by its contents in our folder. */
async function keepAside(output: string, state: string): Promise<void> {
  const folder = join(state, ASIDE);
  try {
    const path = join(folder, `${(await hashFile(output)).slice(0, 16)}${extname(output)}`);
    await makeFolder(folder);
    await link(output, path).catch(async (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      // There already, or a file system without links.
      if (code !== 'EEXIST') await rename(output, path);
    });
  } catch (error) {
    throw writingFailed(error, folder);
  }
}

/** A path as the journal names it: from the output folder, with `/` on every system. */
function below(base: string, path: string): string {
  const way = relative(resolve(base), resolve(path));
  return sep === '/' ? way : way.replaceAll(sep, '/');
}

/** What is under our name has to be ours: through a link, locks and journals would be written elsewhere. */
async function isOwnFolder(state: string): Promise<boolean> {
  const stats = await lstat(state).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return stats !== undefined;
  throw new PlanError(`Expected a folder at ${showPath(state)}, for the journal, but found a file or a link`);
}

function addLine(lines: Map<string, PictureLine[]>, line: PictureLine): void {
  const others = lines.get(line.output.path);
  if (others) others.push(line);
  else lines.set(line.output.path, [line]);
}

/** The topmost folder that is to be made for `path`. */
async function firstMissing(path: string): Promise<string | undefined> {
  let missing: string | undefined;
  for (let folder = resolve(path); dirname(folder) !== folder; folder = dirname(folder)) {
    if ((await lstat(folder).catch(() => undefined)) !== undefined) break;
    missing = folder;
  }
  return missing;
}

/** Removes folders that were made and that nothing was put into. */
async function removeEmpty(base: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  try {
    for (let folder = resolve(base); folder.length >= made.length; folder = dirname(folder)) await rmdir(folder);
  } catch {
    // Something is in it.
  }
}

function notesOf(stale: number, unreadable: number): string[] {
  const notes: string[] = [];
  if (stale > 0)
    notes.push(`removed what ${stale === 1 ? 'a run' : `${stale} runs`} left that ended without cleaning up`);
  if (unreadable > 0)
    notes.push(`passed over ${unreadable} line${unreadable === 1 ? '' : 's'} of the journal that cannot be read`);
  return notes;
}

function now(): string {
  return new Date().toISOString();
}
