import pLimit from 'p-limit';
import { expectInteger } from '../../planes/expected.ts';
import type { Job } from '../plan/job.ts';

export interface RunOptions<T> {
  /** Jobs in flight at once. */
  readonly concurrency: number;
  /** Starts no more jobs once one has failed; those in flight are finished. */
  readonly failFast?: boolean;
  /** Once aborted, no more jobs are started. Those in flight are finished, unless `work` itself heeds the signal. */
  readonly signal?: AbortSignal;
  readonly onDone?: (job: Job, result: T) => void;
  readonly onFailure?: (job: Job, error: Error) => void;
}

interface RunResult {
  readonly done: number;
  readonly failed: number;
  /** Whether the signal kept a job from being started or finished. */
  readonly interrupted: boolean;
}

/**
 * Does the work of every job, a few at a time, in order of their start. A job that fails does not stop the others; what
 * was neither done nor failed was not started, or given up because of the signal. Results go to `onDone` and are not kept.
 *
 * @throws ExpectationError where the concurrency is no whole number of at least 1.
 * @throws what `onDone` or `onFailure` throws, once what is in flight has ended; no more jobs are started by then.
 */
export async function runJobs<T>(
  jobs: readonly Job[],
  work: (job: Job, signal: AbortSignal) => Promise<T>,
  options: RunOptions<T>,
): Promise<RunResult> {
  const { failFast = false, signal = new AbortController().signal, onDone, onFailure } = options;
  const limit = pLimit(expectInteger(options.concurrency, 'the number of jobs at once', 1));
  let done = 0;
  let failed = 0;
  let interrupted = false;
  const faults: unknown[] = [];

  async function runOne(job: Job): Promise<void> {
    if (faults.length > 0 || (failFast && failed > 0)) return;
    if (signal.aborted) {
      interrupted = true;
      return;
    }
    try {
      await settle(job);
    } catch (fault) {
      faults.push(fault);
    }
  }

  async function settle(job: Job): Promise<void> {
    let result: T;
    try {
      result = await work(job, signal);
    } catch (thrown) {
      if (signal.aborted && isAbort(thrown, signal)) {
        interrupted = true;
        return;
      }
      failed++;
      onFailure?.(job, thrown instanceof Error ? thrown : new Error(String(thrown)));
      return;
    }
    done++;
    onDone?.(job, result);
  }

  await limit.map(jobs, runOne);
  if (faults.length > 0) throw faults[0];
  return { done, failed, interrupted };
}

function isAbort(thrown: unknown, signal: AbortSignal): boolean {
  return thrown === signal.reason || (thrown instanceof Error && thrown.name === 'AbortError');
}
