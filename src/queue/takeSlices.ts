import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type * as BullMq from 'bullmq';
import { isQueuedRun, QUEUED, type QueuedRun, RUN_FILE } from '../batch/state/queuedRuns.ts';
import { STATE_FOLDER } from '../batch/state/stateFolder.ts';
import { FileError } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { showPath } from '../disk/showPath.ts';
import { processMark } from '../disk/temporaries.ts';
import { ExpectationError, shorten } from '../planes/expected.ts';
import { addJobs, LEAVE_BEHIND } from './addJobs.ts';
import type { QueueAddress } from './address.ts';
import { folderBelow } from './confine.ts';
import { type OpenQueue, PREFIX, QueueGone, unlessGone } from './connect.ts';
import { partRange } from './cut.ts';
import { openLockKeeper } from './keepLocks.ts';
import { makeSlice, type RunShop } from './makeSlice.ts';
import { type PlannedPicture, readSlice } from './planFile.ts';
import { isSliceDone, markDone, readRecord } from './record.ts';
import { checkSliceJob, type SliceJob } from './sliceJob.ts';
import { createTurns } from './turns.ts';
import { type NumberedJob, openWorkerResults, type WorkerResults } from './workerResults.ts';

interface WorkerSettings {
  readonly address: QueueAddress;
  /** A real path. */
  readonly root: string;
  /** Seconds without a sign of life after which a slice is another worker's. */
  readonly lock: number;
  readonly version: string;
  /** Once aborted, what is in flight is finished and the rest given back. */
  readonly signal: AbortSignal;
  /** Whether to end once nothing waits and nobody is at work any more. */
  readonly untilEmpty: boolean;
  readonly say: (line: string) => void;
  /**
   * What makes a run's pictures.
   *
   * @throws ExpectationError where the run's settings are none that this command takes
   */
  readonly openShop: (run: QueuedRun, runFolder: string, base: string, results: WorkerResults) => Promise<RunShop>;
  /** Told of every slice that was done. */
  readonly onSlice: (done: { folder: string; done: number; failed: number; megapixels: number }) => void;
}

/** Slices that a worker has at once: while the last pictures of one are made, the first of the next are. */
const AT_ONCE = 2;

/** So often a slice may end its worker before it is parted. */
const MOST_ENDS = 3;

/** How long a slice that this worker cannot do is left to others, in milliseconds. */
const LEFT = 5000;

/** Between two looks at whether the queue is empty, in milliseconds. */
const LOOK = 500;

/** A run, as this worker knows it. */
interface KnownRun {
  readonly run: QueuedRun;
  readonly runFolder: string;
  readonly base: string;
  readonly results: WorkerResults;
  readonly shop: RunShop;
}

/** Thrown where other workers may do what this one cannot. */
class Unable extends Error {}

/** A worker while it takes slices. */
interface Taking {
  readonly open: OpenQueue;
  readonly settings: WorkerSettings;
  readonly keeper: ReturnType<typeof openLockKeeper>;
  readonly turns: ReturnType<typeof createTurns>;
  readonly runs: Map<string, Promise<KnownRun>>;
  /** Says a line that was not said before. */
  readonly once: (line: string) => void;
  /** Slices whose pictures are being made. */
  computing: number;
}

/**
 * Takes slices from a queue and makes their pictures, until the signal.
 *
 * @returns whether the queue was there at the end: else what was not told of is another worker's later
 */
export async function takeSlices(open: OpenQueue, settings: WorkerSettings): Promise<boolean> {
  const { signal } = settings;
  const once = sayOnce(settings.say);
  const keeper = openLockKeeper(settings.address, settings.lock * 1000, ({ message }) =>
    once(`locks are not kept any more: ${message}`),
  );
  const taking: Taking = { open, settings, keeper, turns: createTurns(), runs: new Map(), once, computing: 0 };
  try {
    await unlessGone(open, signal, keeper.ready);
    const worker = openWorker(taking);
    while (!signal.aborted) {
      await pause(LOOK, undefined, { signal }).catch(() => {});
      if (!settings.untilEmpty || open.redis.status !== 'ready') continue;
      if (await unlessGone(open, signal, isEmpty(open.queue))) break;
    }
    await unlessGone(open, signal, worker.close());
    return true;
  } catch (error) {
    if (!(error instanceof QueueGone)) throw error;
    // What is in work is finished all the same.
    while (taking.computing > 0) await pause(LOOK);
    return false;
  } finally {
    await keeper.close();
    for (const known of taking.runs.values()) {
      const opened = await known.catch(() => undefined);
      await opened?.shop.close();
      await opened?.results.close();
    }
  }
}

function sayOnce(say: (line: string) => void): (line: string) => void {
  const told = new Set<string>();
  return (line) => {
    if (told.size < 1000 && !told.has(line)) say(line);
    told.add(line);
  };
}

function openWorker(taking: Taking): BullMq.Worker {
  const { open, settings, once } = taking;
  const lockDuration = settings.lock * 1000;
  const worker = new open.bullmq.Worker(settings.address.name, (bull, token) => work(taking, bull, token), {
    connection: open.redis,
    prefix: PREFIX,
    name: `${hostname()}-${process.pid}`.replace(/[^\w.-]/g, '-'),
    concurrency: AT_ONCE,
    lockDuration,
    stalledInterval: lockDuration / 2,
    // How often is for us to say.
    maxStalledCount: 2 ** 30,
    skipLockRenewal: true,
    skipVersionCheck: true,
    // Longer, and an end would be waited for so long, in seconds.
    drainDelay: 1,
    ...LEAVE_BEHIND,
  });
  worker.on('error', (error) => {
    if (!/ECONN|closed|EPIPE|lock/i.test(`${(error as NodeJS.ErrnoException).code} ${error.message}`))
      once(shorten(error.message));
  });
  return worker;
}

async function work(taking: Taking, bull: BullMq.Job, token = ''): Promise<void> {
  const { keeper, settings, turns } = taking;
  const id = bull.id ?? '';
  keeper.keep(id, token);
  try {
    const job = checkSliceJob(bull.data);
    if (settings.signal.aborted) throw new Unable();
    const isAlone = job.alone === true || bull.stalledCounter > 0;
    const isWhole = await turns.take(isAlone, () => doJob(taking, bull, job, isAlone));
    if (!isWhole) throw new Unable();
  } catch (error) {
    await turnDown(taking, bull, token, error);
  } finally {
    keeper.leave(id);
  }
}

/** What a job that was not done becomes: nothing, where it can be none; another worker's, where it may be. */
async function turnDown(taking: Taking, bull: BullMq.Job, token: string, error: unknown): Promise<never> {
  const { bullmq } = taking.open;
  if (error instanceof Unable) {
    if (error.message === '') {
      await bull.moveToWait(token);
      throw new bullmq.WaitingError();
    }
    taking.once(error.message);
    await bull.moveToDelayed(Date.now() + LEFT, token);
    throw new bullmq.DelayedError();
  }
  if (error instanceof ExpectationError) {
    taking.settings.say(`refused job ${shorten(bull.id ?? '')}: ${error.message}`);
    throw new bullmq.UnrecoverableError(error.message);
  }
  // A disk that is full, a folder that has gone: it may be another worker's, or this one's later.
  const why = `gave a slice back: ${error instanceof Error ? error.message : String(error)}`;
  return turnDown(taking, bull, token, new Unable(why));
}

/** Whether all of it is done. */
async function doJob(taking: Taking, bull: BullMq.Job, job: SliceJob, isAlone: boolean): Promise<boolean> {
  const { open, settings } = taking;
  const record = await readRecord(open, job.run);
  if (record === undefined) throw new ExpectationError(`Expected a run that this queue knows but received ${job.run}`);
  if (record.isOver || settings.signal.aborted) return record.isOver;
  if (job.version !== settings.version) {
    throw new Unable(
      `left to others: Expected jobs of corr2d ${settings.version}, as this worker is, but received one of ${shorten(job.version)}`,
    );
  }
  const [slice, end] = job.slices;
  if (end > record.slices) throw new ExpectationError(`Expected one of ${record.slices} slices but received ${end}`);
  if (end - slice > 1) {
    const parts = partRange(job.slices).map((slices) => ({ ...job, slices }));
    await addJobs(open, parts);
    return true;
  }
  if (await isSliceDone(open, job.run, slice)) return true;
  return doSlice(taking, bull, await plannedSlice(await knownRun(taking, job), job), isAlone);
}

/** A slice, or a part of one, and its pictures. */
interface PlannedSlice {
  readonly job: SliceJob;
  readonly known: KnownRun;
  readonly jobs: readonly NumberedJob[];
  /** The pictures of the slice that these are. */
  readonly part: readonly [from: number, to: number];
  /** All pictures of the slice. */
  readonly count: number;
}

async function plannedSlice(known: KnownRun, job: SliceJob): Promise<PlannedSlice> {
  const { first, pictures } = await readSlice(known.runFolder, job.slices[0]);
  const [from, to] = job.pictures ?? [0, pictures.length];
  if (to > pictures.length) {
    throw new ExpectationError(`Expected one of ${pictures.length} pictures of a slice but received ${to}`);
  }
  const jobs = pictures.slice(from, to).map((picture, i) => jobOf(picture, first + from + i, known.base));
  return { job, known, jobs, part: [from, to], count: pictures.length };
}

async function doSlice(taking: Taking, bull: BullMq.Job, planned: PlannedSlice, isAlone: boolean): Promise<boolean> {
  const { job, known, jobs } = planned;
  const { signal, root } = taking.settings;
  const most = job.alone === true && jobs.length > 1 ? 1 : MOST_ENDS;
  if (bull.stalledCounter >= most) {
    await partOrGiveUp(taking, planned);
    return true;
  }
  const tried = job.tried ?? [];
  await bull.updateData({
    ...job,
    tried: [...tried, { worker: processMark, at: await known.results.length() }].slice(-16),
  });
  taking.computing++;
  const made = await makeSlice(known, jobs, { tried, isAlone, signal, root }).finally(() => taking.computing--);
  if (made.isWhole) await tellDone(taking, planned, made);
  return made.isWhole;
}

/** What ended its workers is tried in two parts, in the end picture by picture; one picture that does is a failure. */
async function partOrGiveUp(taking: Taking, planned: PlannedSlice): Promise<void> {
  const { job, known, jobs, part } = planned;
  if (job.alone !== true || jobs.length > 1) {
    const parts = partRange(part, 2).map((pictures) => ({ ...job, pictures, alone: true as const, tried: [] }));
    await addJobs(taking.open, parts);
    return;
  }
  const [{ input }] = jobs;
  const message = `Expected a picture in ${showPath(input.path)} that can be worked on but found one that ended its worker ${MOST_ENDS} times`;
  await known.results.failed(jobs[0], new FileError('damaged', message, { path: input.path }));
  await tellDone(taking, planned, { done: 0, failed: 1, megapixels: 0 });
}

async function tellDone(
  { open, settings }: Taking,
  { job, part: [from, to], count }: PlannedSlice,
  { done, failed, megapixels }: { readonly done: number; readonly failed: number; readonly megapixels: number },
): Promise<void> {
  await markDone(open, job.run, { slice: job.slices[0], pictures: [from, to], count, failed, megapixels });
  settings.onSlice({ folder: job.folder, done, failed, megapixels });
}

async function knownRun({ runs, settings }: Taking, job: SliceJob): Promise<KnownRun> {
  const key = `${job.run} ${job.sha256} ${job.folder}`;
  let known = runs.get(key);
  if (known === undefined) {
    known = openRun(settings, job);
    runs.set(key, known);
    // What could not be read now may be there later.
    known.catch(() => runs.delete(key));
  }
  return known;
}

async function openRun({ root, version, openShop }: WorkerSettings, job: SliceJob): Promise<KnownRun> {
  const runFolder = join(job.folder, STATE_FOLDER, QUEUED, job.run);
  let bytes: Uint8Array;
  try {
    await folderBelow(root, runFolder);
    bytes = await readBytes(join(runFolder, RUN_FILE), 'a run', LONGEST_RUN);
  } catch (error) {
    if (!(error instanceof ExpectationError || error instanceof FileError)) throw error;
    throw new Unable(`left to others: no run ${job.run} is seen in ${showPath(job.folder)} below ${showPath(root)}`);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== job.sha256) {
    throw new ExpectationError(`Expected the run ${job.run} as it was queued but found another file`);
  }
  const run: unknown = parsed(bytes);
  if (!isQueuedRun(run)) throw new ExpectationError(`Expected a run of schema 1 in ${job.run} but found another`);
  if (run.version !== version || run.settings !== job.settings) {
    throw new ExpectationError(
      `Expected settings ${job.settings} of ${version} but found ${run.settings} of ${shorten(run.version)}`,
    );
  }
  const results = openWorkerResults(runFolder, job.folder, run.configuration);
  const shop = await openShop(run, runFolder, job.folder, results);
  if (shop.settings !== job.settings) {
    await shop.close();
    throw new ExpectationError(
      `Expected settings that come to ${job.settings} but these (${shorten(run.words.join(' '))}) come to ${shop.settings}`,
    );
  }
  return { run, runFolder, base: job.folder, results, shop };
}

function jobOf(picture: PlannedPicture, at: number, base: string): NumberedJob {
  const { input, rel, output, replaces, page, channel, golden, known } = picture;
  const part = { ...(page === undefined ? {} : { page }), ...(channel === undefined ? {} : { channel }) };
  return {
    at,
    input: { path: input, rel, root: '.', ...part },
    output: join(base, output),
    ...(replaces === undefined ? {} : { replaces }),
    ...(golden === undefined ? {} : { golden }),
    ...(known === undefined ? {} : { known }),
  };
}

/** In bytes. */
const LONGEST_RUN = 2 ** 22;

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

async function isEmpty(queue: BullMq.Queue): Promise<boolean> {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
  return Object.values(counts).every((count) => count === 0);
}
