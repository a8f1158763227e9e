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
  const { open, run, runFolder, pictures, jobAt, failFast, signal, onDone, onFailure } = following;
  const told = createBits(pictures);
  const followers = new Map<string, LineFollower>();
  const failures = new Map<number, NumberedLine & { readonly kind: 'failure' }>();
  let ending = false;
  let lookedAt = performance.now();
  let wholeSince: number | undefined;

  const asked = <T>(answer: Promise<T>): Promise<T> => unlessGone(open, signal, answer);

  const ended = await follow().catch((error: unknown) => {
    if (!(error instanceof QueueGone)) throw error;
    return {
      interrupted: true,
      problem: `the queue is away; once it is back, corr2d cancel ${run} takes the rest out of it`,
    };
  });
  await readOn();
  for (const line of failures.values()) {
    const job = await jobAt(line.at);
    onFailure(job, errorOf(line, job, following.folder));
  }
  told.close();
  return ended;

  async function follow(): Promise<{ interrupted: boolean; problem?: string }> {
    for (;;) {
      await readOn();
      // A line is there before its output: whoever wrote it has yet to say that the slice is done.
      if (told.count === pictures && !ending && (await isWhole())) return { interrupted: false };
      if (!ending && (signal.aborted || (failFast && failures.size > 0))) {
        ending = true;
        await asked(cancelRun(open, run));
      }
      if (ending && !(await asked(isInWork(open, run)))) {
        await readOn();
        return { interrupted: signal.aborted && told.count < pictures };
      }
      if (performance.now() - lookedAt > LOOK_AT_QUEUE && open.redis.status === 'ready') {
        lookedAt = performance.now();
        const problem = await asked(lookAtQueue());
        if (problem !== undefined) {
          await readOn();
          return { interrupted: false, problem };
        }
      }
      await pause(LOOK, undefined, ending ? {} : { signal }).catch(() => {});
    }
  }

  async function isWhole(): Promise<boolean> {
    const record = open.redis.status === 'ready' ? await asked(readRecord(open, run)) : undefined;
    return record !== undefined && record.slicesDone >= record.slices;
  }

  async function readOn(): Promise<void> {
    for (const mark of await marksOfWorkers(runFolder)) {
      let follower = followers.get(mark);
      if (follower === undefined) {
        follower = followLines(journalOfWorker(runFolder, mark));
        followers.set(mark, follower);
      }
      for (let texts = await follower.next(); texts.length > 0; texts = await follower.next()) {
        for (const text of texts) {
          const line = parseWorkerLine(text);
          if (line !== undefined && line.at < pictures) await tell(line);
        }
      }
    }
  }

  async function tell(line: NumberedLine): Promise<void> {
    const isNew = told.add(line.at);
    if (line.kind === 'failure') {
      if (isNew) failures.set(line.at, line);
    } else if (isNew || failures.delete(line.at)) onDone(await jobAt(line.at), line.made as unknown as Done);
  }

  /** Why nothing more will come; nothing where it may. */
  async function lookAtQueue(): Promise<string | undefined> {
    const record = await readRecord(open, run);
    if (record === undefined) return `the queue does not know run ${run} any more (was it emptied?); --resume goes on`;
    if (record.isOver && !ending) {
      ending = true;
      return (await isInWork(open, run)) ? undefined : `run ${run} was cancelled; --resume goes on`;
    }
    for (const { data, failedReason } of await open.queue.getJobs(['failed'], 0, 999)) {
      if ((data as { run?: unknown } | null)?.run !== run) continue;
      await cancelRun(open, run);
      return `a worker refused a part of run ${run}: ${shorten(failedReason)}`;
    }
    if (record.slicesDone < record.slices || told.count === pictures) return undefined;
    wholeSince ??= performance.now();
    const isLate = performance.now() - wholeSince > PATIENCE;
    return isLate
      ? `workers have ended without a line on ${pictures - told.count} pictures; --resume goes on`
      : undefined;
  }
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
