import { lstat, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { FileError } from '../../disk/fileError.ts';
import { hashBytes } from '../../disk/hashBytes.ts';
import { PlanError } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { writingFailed } from '../../disk/systemError.ts';
import { removeTemporaries } from '../../disk/temporaries.ts';
import { type FileState, writeFileSafely } from '../../disk/writeFileSafely.ts';
import type { Shard } from '../inputs/shard.ts';
import type { Job, Skipped } from '../plan/job.ts';
import { type FailureLine, type Journal, openJournal, type PictureLine, type RunLine } from './journal.ts';
import { keepAside } from './keepAside.ts';
import { type Lock, takeLock } from './lock.ts';
import { type OutputState, outputStateOf } from './outputState.ts';
import { journalNames, linesOfRun, readJournal, readJournals } from './readJournal.ts';
import { isOwnFolder, makeStateFolder, removeEmpty, STATE_FOLDER } from './stateFolder.ts';
import { linesOfWorkers, takeOver } from './takeOver.ts';

/** What an output folder knows of the runs into it. */
export interface Results {
  /** Whether runs were here before, which may have left a lock. */
  readonly hasState: boolean;
  /** Whether there is a journal of an earlier run. */
  readonly hasJournal: boolean;
  /** Of its journals that can be read, as they were when it was opened. */
  readonly lines: number;
  /** What the journals say of an output that exists. */
  outputState(job: Job): Promise<OutputState>;
  /**
   * Takes the folder for this run, before it is known what there is to do: what was planned until now may be done by a run that has
   * ended in the meantime.
   *
   * @param folders that outputs go to
   * @returns what is to be said about it, and whether other runs have written since the journals were read
   * @throws PlanError where another run has it
   */
  take(
    shard: Shard | undefined,
    folders: readonly string[],
    options?: TakeOptions,
  ): Promise<{ notes: string[]; isChanged: boolean }>;
  /** Says what the run is to do; of a shard, also what of it is done already. */
  begin(
    run: Omit<RunLine, 'corr2d' | 'kind' | 'time'>,
    skipped: readonly Skipped[],
    options: BeginOptions,
  ): Promise<void>;
  /** Writes an output, and a line in the journal: first the line, so that no output is there without one. */
  write(job: Job, input: FileState & { readonly sha256: string }, bytes: Uint8Array, overwrite: boolean): Promise<void>;
  /** What the run is to do, once it has begun: the line that its journal begins with. */
  readonly run: RunLine | undefined;
  /** Takes a line that a worker wrote into this run's journal. */
  adopt(line: PictureLine): Promise<void>;
  /** Notes in a shard's journal that a picture could not be made. */
  failed(job: Job, reason: string): Promise<void>;
  /** Gives the folder back. */
  end(): Promise<Ending>;
}

interface TakeOptions {
  /** Whether to go on where a run ended whose workers may still be at it: they stop. */
  readonly resume?: boolean;
}

interface BeginOptions {
  /** Whether what is written from now on is known to `outputState` too. */
  readonly remember: boolean;
}

/** What has become of the folder while the run had it. */
export interface Ending {
  /** What is to be said about it. */
  readonly notes: readonly string[];
  /** Outputs of this run that were removed again, by their paths below the folder, where it was noticed. */
  readonly gone: readonly string[];
  /** Why the journal does not say what was done. */
  readonly fault?: string;
}

/**
 * Reads what an output folder says of earlier runs; nothing is written before `take`.
 *
 * @param configuration SHA-256 of everything that decides what outputs are
 * @throws PlanError where its state cannot be read
 */
export async function openResults(base: string, configuration: string): Promise<Results> {
  const state = join(base, STATE_FOLDER);
  const hasState = await isOwnFolder(state);
  const folder: Folder = {
    base,
    state,
    configuration,
    known: await look(state),
    lock: undefined,
    taken: { shard: undefined, folders: [] },
    journalPath: '',
    journal: undefined,
    remembers: false,
    header: undefined,
    begun: undefined,
    made: undefined,
    wasRemoved: false,
    unnamed: new Set(),
    leave() {
      removeTemporaries();
      folder.lock?.release();
    },
  };
  return {
    hasState,
    get hasJournal() {
      return folder.known.count > 0;
    },
    get lines() {
      return folder.known.count;
    },
    outputState: (job) =>
      outputStateOf({
        lines: folder.known.lines.get(below(base, job.output)) ?? [],
        configuration,
        input: { named: below(base, job.input.path), path: job.input.path },
        output: job.output,
      }),
    take: (shard, folders, options) => take(folder, { shard, folders }, options),
    begin: (run, skipped, options) => begin(folder, run, skipped, options),
    write: (job, input, bytes, overwrite) => write(folder, job, input, bytes, overwrite),
    get run() {
      return folder.begun;
    },
    adopt: (line) => append(folder, line),
    async failed({ input, output }, reason) {
      if (folder.taken.shard === undefined) return;
      const paths = { input: { rel: input.rel, path: below(base, input.path) }, output: { path: below(base, output) } };
      await append(folder, { kind: 'failure', time: now(), configuration, ...paths, error: reason });
    },
    end: () => end(folder),
  };
}

/** An output folder, and what this run has of it. */
interface Folder {
  readonly base: string;
  readonly state: string;
  readonly configuration: string;
  known: Known;
  lock: Lock | undefined;
  taken: { readonly shard: Shard | undefined; readonly folders: readonly string[] };
  journalPath: string;
  journal: Journal | undefined;
  remembers: boolean;
  /** The run's line in the journal, until it is written. */
  header: RunLine | undefined;
  begun: RunLine | undefined;
  /** The topmost folder that had to be made. */
  made: string | undefined;
  /** Whether the state was removed while the run went on. */
  wasRemoved: boolean;
  /** Outputs that have not taken their names: they may have a line in the journal all the same. */
  readonly unnamed: Set<string>;
  /** Cleans up at an uncaught fault, or a second Ctrl-C. */
  readonly leave: () => void;
}

async function take(
  folder: Folder,
  taken: Folder['taken'],
  { resume = false }: TakeOptions = {},
): Promise<{ notes: string[]; isChanged: boolean }> {
  const { base, state } = folder;
  const { shard } = taken;
  folder.taken = taken;
  folder.made = await makeStateFolder(state);
  let lock: Lock;
  try {
    lock = await takeLock(state, taken);
  } catch (error) {
    if (folder.made !== undefined) await removeEmpty(state, folder.made);
    throw error;
  }
  folder.lock = lock;
  process.once('exit', folder.leave);
  const before = folder.known.fingerprint;
  try {
    await takeOver(base, { shard, resume });
  } catch (error) {
    lock.release();
    throw error;
  }
  const isChanged = before !== (await fingerprintOf(state));
  if (isChanged) folder.known = await look(state);
  const name = shard === undefined ? 'journal' : `journal-${shard.index}-of-${shard.count}`;
  folder.journalPath = join(state, `${name}.ndjson`);
  folder.journal = openJournal(folder.journalPath, () => stayInPlace(folder));
  return { notes: notesOf(lock.stale, folder.known.unreadable), isChanged };
}

async function begin(
  folder: Folder,
  run: Parameters<Results['begin']>[0],
  skipped: readonly Skipped[],
  { remember }: BeginOptions,
): Promise<void> {
  folder.remembers = remember;
  folder.header = { corr2d: 1, kind: 'run', time: now(), ...run };
  folder.begun = folder.header;
  // A shard without pictures has been at work too; of others, who wrote nothing leaves nothing.
  if (folder.taken.shard === undefined) return;
  const { base, known, configuration } = folder;
  const isCurrent = (line: PictureLine): boolean => line.configuration === configuration;
  // All that there is to say about a shard follows its last header.
  const done = skipped.flatMap((job) => known.lines.get(below(base, job.output))?.findLast(isCurrent) ?? []);
  await append(folder, ...done);
}

async function write(
  folder: Folder,
  job: Job,
  input: Parameters<Results['write']>[1],
  bytes: Uint8Array,
  overwrite: boolean,
): Promise<void> {
  const { base, state, configuration, unnamed } = folder;
  const sha256 = await hashBytes(bytes);
  const { rel, path } = job.input;
  const output = below(base, job.output);
  if (job.replaces === 'altered') await keepAside(job.output, state);
  unnamed.add(output);
  await writeFileSafely(job.output, bytes, {
    overwrite: overwrite || job.replaces !== undefined,
    async beforeNaming(written) {
      const line: PictureLine = {
        kind: 'picture',
        time: now(),
        configuration,
        input: { rel, path: path === '-' ? path : below(base, path), ...input },
        output: { path: output, ...written, sha256 },
      };
      await append(folder, line);
      if (folder.remembers) addLine(folder.known.lines, line);
    },
  });
  unnamed.delete(output);
}

async function end(folder: Folder): Promise<Ending> {
  const { base, state, unnamed } = folder;
  let fault: string | undefined;
  let gone: string[] = [];
  try {
    await folder.journal?.close();
    if (folder.wasRemoved) gone = (await missingOutputs(base, folder.journalPath)).filter((path) => !unnamed.has(path));
  } catch (error) {
    fault = asSentence(error, folder).message;
  }
  process.off('exit', folder.leave);
  folder.lock?.release();
  if (folder.made !== undefined) await removeEmpty(base, folder.made);
  if (fault !== undefined) return { notes: [], gone, fault };
  const note = `${showPath(state)} was removed while this run went on; it has been made again`;
  return { notes: folder.wasRemoved ? [note] : [], gone };
}

/** Who removes the folder while it is in use lets other runs into it, too. */
async function stayInPlace(folder: Folder): Promise<void> {
  const { lock, state, taken } = folder;
  if (lock !== undefined && (await lstat(lock.path).catch(() => undefined)) !== undefined) return;
  folder.wasRemoved = true;
  await makeStateFolder(state);
  folder.lock = await takeLock(state, taken);
}

async function append(folder: Folder, ...lines: readonly (PictureLine | FailureLine)[]): Promise<void> {
  const { header, journal } = folder;
  folder.header = undefined;
  const all = header === undefined ? lines : [header, ...lines];
  try {
    await Promise.all(all.map(async (one) => journal?.append(one)));
  } catch (error) {
    folder.header = header;
    throw asSentence(error, folder);
  }
}

function asSentence(error: unknown, { journalPath }: Folder): Error {
  return error instanceof PlanError || error instanceof FileError ? error : writingFailed(error, journalPath);
}

interface Known {
  readonly lines: Map<string, PictureLine[]>;
  /** Of journals. */
  readonly count: number;
  /** Lines that cannot be read. */
  readonly unreadable: number;
  readonly fingerprint: string;
}

/** What the journals say. */
async function look(state: string): Promise<Known> {
  try {
    // First: what is written in between is read, and read again.
    const fingerprint = await fingerprintOf(state);
    const journals = await readJournals(state);
    const lines = new Map<string, PictureLine[]>();
    for (const { pictures } of journals) for (const line of pictures) addLine(lines, line);
    for (const line of await linesOfWorkers(state)) addLine(lines, line);
    const unreadable = journals.reduce((sum, journal) => sum + journal.unreadable, 0);
    return { lines, count: journals.length, unreadable, fingerprint };
  } catch (error) {
    if (error instanceof FileError) throw new PlanError(error.message);
    throw error;
  }
}

/** The journals there are, and how long they are: they only grow. */
async function fingerprintOf(state: string): Promise<string> {
  const names = (await journalNames(state)).sort();
  const facts = names.map(async (name) => {
    const status = await stat(join(state, name)).catch(() => undefined);
    return `${name} ${status?.ino} ${status?.size}`;
  });
  return (await Promise.all(facts)).join('\n');
}

/** A path as the journal names it: from the output folder, with `/` on every system. */
function below(base: string, path: string): string {
  const way = relative(resolve(base), resolve(path));
  return sep === '/' ? way : way.replaceAll(sep, '/');
}

function addLine(lines: Map<string, PictureLine[]>, line: PictureLine): void {
  const others = lines.get(line.output.path);
  if (others) others.push(line);
  else lines.set(line.output.path, [line]);
}

/** Outputs of the last run, by its journal, that are not there any more. */
async function missingOutputs(base: string, journal: string): Promise<string[]> {
  const { pictures } = linesOfRun(await readJournal(journal), -1);
  const written = new Set(pictures.map(({ output }) => output.path));
  const missing: string[] = [];
  for (const path of written) {
    if ((await lstat(join(base, path)).catch(() => undefined)) === undefined) missing.push(path);
  }
  return missing;
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
