import { lstat, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileError } from '../../disk/fileError.ts';
import { isMissing, PlanError } from '../../disk/planError.ts';
import { type ProcessIdentity } from '../../disk/processes.ts';
import { readBytes } from '../../disk/readBytes.ts';
import { showPath } from '../../disk/showPath.ts';
import { readingFailed, writingFailed } from '../../disk/systemError.ts';
import { createBits } from './bits.ts';
import type { FailureLine, PictureLine, RunLine } from './journal.ts';
import { followLines } from './lineFollower.ts';
import { isOwnFolder } from './stateFolder.ts';

/** The folder below {@link STATE_FOLDER} that holds a folder for each run whose pictures are made by workers. */
export const QUEUED = 'queue';

/** What a run whose pictures are made by workers leaves for them. */
export interface QueuedRun {
  readonly corr2d: 1;
  readonly kind: 'queued run';
  readonly version: string;
  readonly command: string;
  /** The options that decide what outputs are, as words of a command line. */
  readonly words: readonly string[];
  /** SHA-256 of what these words come to, which every worker finds out for itself. */
  readonly settings: string;
  /** SHA-256 of everything that decides what the outputs are, as journals hold it. */
  readonly configuration: string;
  readonly pictures: number;
  readonly slices: number;
  /** Whether nobody waits for its end: `merge` joins the journals then. */
  readonly detached: boolean;
  /** Who planned it. */
  readonly process: ProcessIdentity;
  /** Where its slices wait, without a password. */
  readonly queue: string;
  /** The line that the whole journal is to have; absent where there is none, as of comparisons. */
  readonly header?: RunLine;
}

/** A line of a worker's journal: as those of other journals, and what the one who planned the run is to be told. */
export type WorkerLine = (PictureLine & Made) | WorkerVerdict | WorkerFailure;

interface Made {
  readonly made: Readonly<Record<string, unknown>>;
}

/** What was found out about a picture of which no output is made. */
type WorkerVerdict = Omit<FailureLine, 'error' | 'kind'> & Made & { readonly kind: 'verdict' };

/** Where in the plan the picture stands, from 0. */
export type NumberedLine = WorkerLine & { readonly at: number };

export type WorkerFailure = FailureLine & { readonly code?: string };

/** The file with {@link QueuedRun}, and what the workers' journals are called, by the marks of their processes. */
export const RUN_FILE = 'run.json';
/** What it is called once workers are to stop. */
const ENDED_FILE = 'ended.json';
const JOURNAL_OF_WORKER = /^journal-([0-9a-f]{12})\.ndjson$/;
const NAME_OF_RUN = /^[0-9a-f]{12}$/;

export function isNameOfRun(name: unknown): name is string {
  return typeof name === 'string' && NAME_OF_RUN.test(name);
}

export function journalOfWorker(folder: string, mark: string): string {
  return join(folder, `journal-${mark}.ndjson`);
}

/** The folders of such runs in a folder of ours; none where there are none. */
export async function queuedRuns(state: string): Promise<string[]> {
  const folder = join(state, QUEUED);
  if (!(await isOwnFolder(folder))) return [];
  return (await readdir(folder)).filter(isNameOfRun).map((name) => join(folder, name));
}

/** No run's file is longer, in bytes: its words are as long as a command line may be. */
const LONGEST_RUN = 2 ** 22;

/**
 * What a run left; nothing where the run has ended.
 *
 * @throws PlanError where it cannot be read
 */
export async function readQueuedRun(folder: string): Promise<QueuedRun | undefined> {
  for (const name of [RUN_FILE, ENDED_FILE]) {
    const run = await readRunFile(join(folder, name));
    if (run !== undefined) return run;
  }
  return undefined;
}

async function readRunFile(path: string): Promise<QueuedRun | undefined> {
  try {
    const run: unknown = JSON.parse(new TextDecoder().decode(await readBytes(path, 'a run', LONGEST_RUN)));
    if (isQueuedRun(run)) return run;
  } catch (error) {
    if (error instanceof FileError && error.code === 'missing') return undefined;
    if (error instanceof FileError) throw new PlanError(error.message);
  }
  throw new PlanError(`Expected a run for workers at ${showPath(path)} but found another file`);
}

export function isQueuedRun(value: unknown): value is QueuedRun {
  const run = (value ?? {}) as Partial<QueuedRun>;
  const { corr2d, kind, version, command, words, settings, configuration, pictures, slices, detached, header } = run;
  return (
    corr2d === 1 &&
    kind === 'queued run' &&
    typeof version === 'string' &&
    typeof command === 'string' &&
    Array.isArray(words) &&
    words.every((word) => typeof word === 'string') &&
    isHash(settings) &&
    isHash(configuration) &&
    isCount(pictures) &&
    isCount(slices) &&
    typeof detached === 'boolean' &&
    typeof run.queue === 'string' &&
    (header === undefined || header.kind === 'run')
  );
}

export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The marks of the workers that have begun a journal for a run. */
export async function marksOfWorkers(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw readingFailed(error, 'journals', folder);
  });
  return names.flatMap((name) => JOURNAL_OF_WORKER.exec(name)?.[1] ?? []);
}

/** A line of a worker's journal; nothing where it is none, torn by a crash. */
export function parseWorkerLine(text: string | undefined): NumberedLine | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const line = JSON.parse(text) as Partial<NumberedLine> & Partial<Made>;
    if (!isCount(line.at) || typeof line.configuration !== 'string') return undefined;
    if (typeof line.input?.path !== 'string' || typeof line.output?.path !== 'string') return undefined;
    if (line.kind === 'failure') return typeof line.error === 'string' ? (line as NumberedLine) : undefined;
    if (typeof line.made !== 'object' || line.made === null) return undefined;
    const isWhole = line.kind === 'verdict' || (line.kind === 'picture' && isCount(line.output.size));
    return isWhole ? (line as NumberedLine) : undefined;
  } catch {
    return undefined;
  }
}

export interface Joined {
  readonly pictures: number;
  readonly failures: number;
}

/**
 * Tells every picture of a run once, by the line that is true, and of those that nobody made the failure, once; in an order of its own. What
 * it needs to remember is a few bits a picture, and the lines of pictures that were made twice.
 *
 * @param base the output folder
 * @returns how many there were
 */
export async function joinWorkers(
  base: string,
  folder: string,
  { pictures }: Pick<QueuedRun, 'pictures'>,
  tell: { readonly picture: (line: PictureLine) => unknown; readonly failure?: (line: WorkerFailure) => unknown },
): Promise<Joined> {
  const seen = createBits(pictures);
  const twice = createBits(pictures);
  const each = async (onLine: (line: NumberedLine) => unknown): Promise<void> => {
    for (const mark of await marksOfWorkers(folder)) {
      const journal = followLines(journalOfWorker(folder, mark));
      for (let texts = await journal.next(); texts.length > 0; texts = await journal.next()) {
        const lines = texts.flatMap((text) => parseWorkerLine(text) ?? []).filter(({ at }) => at < pictures);
        await Promise.all(lines.map(onLine));
      }
    }
  };
  await each(({ kind, at }) => {
    if (kind === 'picture' && !seen.add(at)) twice.add(at);
  });
  const candidates = new Map<number, PictureLine[]>();
  let failures = 0;
  const failed = createBits(pictures);
  await each((line) => {
    const { at, ...rest } = line;
    // Comparisons have no journal.
    if (rest.kind === 'verdict') return undefined;
    if (rest.kind === 'failure') {
      if (seen.has(at) || !failed.add(at)) return undefined;
      failures++;
      return tell.failure?.(rest);
    }
    const { made: _, ...plain } = rest;
    if (!twice.has(at)) return tell.picture(plain);
    const others = candidates.get(at);
    if (others === undefined) candidates.set(at, [plain]);
    else others.push(plain);
    return undefined;
  });
  for (const lines of candidates.values()) await tell.picture(await truest(base, lines));
  for (const bits of [seen, twice, failed]) bits.close();
  return { pictures: seen.count, failures };
}

/** Of several lines on one output the one that tells of the file that stands there. */
async function truest(base: string, lines: readonly PictureLine[]): Promise<PictureLine> {
  const last = lines[lines.length - 1];
  const stands = await stat(join(base, last.output.path)).catch(() => undefined);
  const isOf = ({ output }: PictureLine): boolean => output.size === stands?.size && output.modified === stands.mtimeMs;
  return lines.findLast(isOf) ?? last;
}

/** Lets workers know that a run has ended: none of them lets an output take its name any more. */
export async function stopQueuedRun(folder: string): Promise<void> {
  await rename(join(folder, RUN_FILE), join(folder, ENDED_FILE)).catch((error: unknown) => {
    if (!isMissing(error)) throw writingFailed(error, folder);
  });
}

/** Removes the folder of a run, and the one around it where it was the last. */
export async function removeQueuedRun(runFolder: string): Promise<void> {
  await rm(runFolder, { recursive: true, force: true });
  await rmdir(dirname(runFolder)).catch(() => {});
}

/** Whether a run still goes on. */
export async function goesOn(folder: string): Promise<boolean> {
  return (await lstat(join(folder, RUN_FILE)).catch(() => undefined)) !== undefined;
}
