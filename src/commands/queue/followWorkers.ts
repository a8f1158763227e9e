import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '../../batch/plan/job.ts';
import { createBits } from '../../batch/state/bits.ts';
import { followLines, type LineFollower } from '../../batch/state/lineFollower.ts';
import { journalOfWorker, marksOfWorkers, type NumberedLine, parseWorkerLine } from '../../batch/state/queuedRuns.ts';
import { FileError, type FileErrorCode } from '../../disk/fileError.ts';
import { shorten } from '../../planes/expected.ts';
import { type OpenQueue, QueueGone, unlessGone } from '../../queue/connect.ts';
import { cancelRun, isInWork, readRecord } from '../../queue/record.ts';
import type { Done } from '../pictures/report.ts';
import { inOwnNames } from './inOwnNames.ts';

/** Between two looks into the workers' journals, and at the queue, in milliseconds. */
const LOOK = 300;
const LOOK_AT_QUEUE = 3000;

/** How long a line is waited for whose slice is done, in milliseconds: network file systems show what was written elsewhere so late. */
const PATIENCE = 90_000;

interface Following {
  readonly open: OpenQueue;
  readonly run: string;
  readonly runFolder: string;
  /** The output folder, as workers name it. */
  readonly folder: string;
  readonly pictures: number;
  /** By its place in the plan. */
  readonly jobAt: (at: number) => Job | Promise<Job>;
  readonly failFast: boolean;
  readonly signal: AbortSignal;
  readonly onDone: (job: Job, done: Done) => void;
  readonly onFailure: (job: Job, error: Error) => void;
}

/**
 * Tells of pictures as their workers' journals do, until all are told of, or nothing more will come. Of failures it tells at the end: a
 * slice whose worker ended is done again, and what failed before may be made then.
 */
export async function followWorkers(following: Following): Promise<{ interrupted: boolean; problem?: string }> {
  const { open, run, folder, pictures, jobAt, signal, onFailure } = following;
  const state: State = {
    told: createBits(pictures),
    followers: new Map(),
    failures: new Map(),
    ending: false,
    wholeSince: undefined,
    asked: (answer) => unlessGone(open, signal, answer),
  };
  const ended = await follow(following, state).catch((error: unknown) => {
    if (!(error instanceof QueueGone)) throw error;
    return {
      interrupted: true,
      problem: `the queue is away; once it is back, corr2d cancel ${run} takes the rest out of it`,
    };
  });
  await readOn(following, state);
  for (const line of state.failures.values()) {
    const job = await jobAt(line.at);
    onFailure(job, errorOf(line, job, folder));
  }
  state.told.close();
  return ended;
}

/** What has been heard of the workers. */
interface State {
  readonly told: ReturnType<typeof createBits>;
  /** By their workers' marks. */
  readonly followers: Map<string, LineFollower>;
  readonly failures: Map<number, NumberedLine & { readonly kind: 'failure' }>;
  /** Whether what waits was taken out of the queue. */
  ending: boolean;
  /** When the last slice was seen to be done. */
  wholeSince: number | undefined;
  /** What the queue was asked, unless it goes away. */
  readonly asked: <T>(answer: Promise<T>) => Promise<T>;
}

async function follow(following: Following, state: State): Promise<{ interrupted: boolean; problem?: string }> {
  const { open, run, pictures, failFast, signal } = following;
  const { told, failures, asked } = state;
  let lookedAt = performance.now();
  for (;;) {
    await readOn(following, state);
    // A line is there before its output: whoever wrote it has yet to say that the slice is done.
    if (told.count === pictures && !state.ending && (await isWhole(following, state))) return { interrupted: false };
    if (!state.ending && (signal.aborted || (failFast && failures.size > 0))) {
      state.ending = true;
      await asked(cancelRun(open, run));
    }
    if (state.ending && !(await asked(isInWork(open, run)))) {
      await readOn(following, state);
      return { interrupted: signal.aborted && told.count < pictures };
    }
    if (performance.now() - lookedAt > LOOK_AT_QUEUE && open.redis.status === 'ready') {
      lookedAt = performance.now();
      const problem = await asked(lookAtQueue(following, state));
      if (problem !== undefined) {
        await readOn(following, state);
        return { interrupted: false, problem };
      }
    }
    await pause(LOOK, undefined, state.ending ? {} : { signal }).catch(() => {});
  }
}

async function isWhole({ open, run }: Following, { asked }: State): Promise<boolean> {
  const record = open.redis.status === 'ready' ? await asked(readRecord(open, run)) : undefined;
  return record !== undefined && record.slicesDone >= record.slices;
}

async function readOn(following: Following, state: State): Promise<void> {
  const { runFolder, pictures } = following;
  const { followers } = state;
  for (const mark of await marksOfWorkers(runFolder)) {
    let follower = followers.get(mark);
    if (follower === undefined) {
      follower = followLines(journalOfWorker(runFolder, mark));
      followers.set(mark, follower);
    }
    for (let texts = await follower.next(); texts.length > 0; texts = await follower.next()) {
      for (const text of texts) {
        const line = parseWorkerLine(text);
        if (line !== undefined && line.at < pictures) await tell(following, state, line);
      }
    }
  }
}

async function tell({ jobAt, onDone }: Following, { told, failures }: State, line: NumberedLine): Promise<void> {
  const isNew = told.add(line.at);
  if (line.kind === 'failure') {
    if (isNew) failures.set(line.at, line);
  } else if (isNew || failures.delete(line.at)) onDone(await jobAt(line.at), line.made as unknown as Done);
}

/** Why nothing more will come; nothing where it may. */
async function lookAtQueue({ open, run, pictures }: Following, state: State): Promise<string | undefined> {
  const record = await readRecord(open, run);
  if (record === undefined) return `the queue does not know run ${run} any more (was it emptied?); --resume goes on`;
  if (record.isOver && !state.ending) {
    state.ending = true;
    return (await isInWork(open, run)) ? undefined : `run ${run} was cancelled; --resume goes on`;
  }
  for (const { data, failedReason } of await open.queue.getJobs(['failed'], 0, 999)) {
    if ((data as { run?: unknown } | null)?.run !== run) continue;
    await cancelRun(open, run);
    return `a worker refused a part of run ${run}: ${shorten(failedReason)}`;
  }
  const { count } = state.told;
  if (record.slicesDone < record.slices || count === pictures) return undefined;
  state.wholeSince ??= performance.now();
  const isLate = performance.now() - state.wholeSince > PATIENCE;
  return isLate ? `workers have ended without a line on ${pictures - count} pictures; --resume goes on` : undefined;
}

/** A failure as it would have been told here: workers name files from the root on. */
function errorOf(line: Extract<NumberedLine, { kind: 'failure' }>, { input, output }: Job, folder: string): Error {
  const rename = inOwnNames([
    [join(folder, line.input.path), input.path],
    [join(folder, line.output.path), output],
  ]);
  const message = rename(line.error);
  if (line.code === undefined) return new Error(message);
  return new FileError(line.code as FileErrorCode, message, { path: input.path });
}
