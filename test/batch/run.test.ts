import { setImmediate as tick } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/batch/plan/job.ts';
import { runJobs } from '../../src/batch/work/run.ts';
import { ExpectationError } from '../../src/planes/expected.ts';
import { errorOf } from './tree.ts';

function jobsOf(n: number): Job[] {
  return Array.from({ length: n }, (_, i) => ({
    input: { path: `${i}.png`, rel: `${i}.png`, root: '.' },
    output: `out/${i}.png`,
  }));
}

function numberOf(job: Job): number {
  return Number.parseInt(job.input.path, 10);
}

describe('runJobs', () => {
  test('does every job, in order of their start, as many at once as asked and no more', async () => {
    for (const concurrency of [1, 3, 64]) {
      let flying = 0;
      let most = 0;
      const started: number[] = [];
      const results: string[] = [];
      const work = async (job: Job): Promise<string> => {
        started.push(numberOf(job));
        most = Math.max(most, ++flying);
        await tick();
        flying--;
        return job.output;
      };
      const onDone = (job: Job, result: string): void => void results.push(`${job.input.path} ${result}`);
      const result = await runJobs(jobsOf(20), work, { concurrency, onDone });
      expect(result).toEqual({ done: 20, failed: 0, interrupted: false });
      expect(most).toBe(Math.min(concurrency, 20));
      expect(started).toEqual(Array.from({ length: 20 }, (_, i) => i));
      expect(results.toSorted()).toEqual(
        jobsOf(20)
          .map((job) => `${job.input.path} ${job.output}`)
          .sort(),
      );
    }
  });

  test('no jobs is done at once', async () => {
    expect(await runJobs([], async () => 1, { concurrency: 4 })).toEqual({ done: 0, failed: 0, interrupted: false });
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'a concurrency of %d is refused',
    async (concurrency) => {
      const error = await errorOf(runJobs(jobsOf(1), async () => 1, { concurrency }));
      expect(error).toBeInstanceOf(ExpectationError);
      expect(error.message).toContain('the number of jobs at once');
    },
  );

  test('one that fails does not stop the rest, in whatever way it fails', async () => {
    const failures: string[] = [];
    const done: number[] = [];
    const work = (job: Job): Promise<number> => {
      const n = numberOf(job);
      if (n === 1) throw new Error('at once');
      if (n === 3) return Promise.reject(new TypeError('later'));
      if (n === 5) return Promise.reject('a text');
      return Promise.resolve(n);
    };
    const result = await runJobs(jobsOf(8), work, {
      concurrency: 2,
      onDone: (_, n) => void done.push(n),
      onFailure: (job, error) => void failures.push(`${job.input.path}: ${error.message} ${error instanceof Error}`),
    });
    expect(result).toEqual({ done: 5, failed: 3, interrupted: false });
    expect(done).toEqual([0, 2, 4, 6, 7]);
    expect(failures).toEqual(['1.png: at once true', '3.png: later true', '5.png: a text true']);
  });

  test('failFast starts no more once one has failed, and finishes what is in flight', async () => {
    const started: number[] = [];
    const finished: number[] = [];
    const work = async (job: Job): Promise<void> => {
      const n = numberOf(job);
      started.push(n);
      await tick();
      if (n === 1) throw new Error('broken');
      await tick();
      await tick();
      finished.push(n);
    };
    const result = await runJobs(jobsOf(50), work, { concurrency: 4, failFast: true });
    expect(started).toEqual([0, 1, 2, 3]);
    expect(finished).toEqual([0, 2, 3]);
    expect(result).toEqual({ done: 3, failed: 1, interrupted: false });
  });

  test('an abort finishes what is in flight and starts no more', async () => {
    const abort = new AbortController();
    const started: number[] = [];
    const signals = new Set<AbortSignal>();
    const work = async (job: Job, signal: AbortSignal): Promise<void> => {
      started.push(numberOf(job));
      signals.add(signal);
      await tick();
      if (numberOf(job) === 4) abort.abort();
      await tick();
    };
    const result = await runJobs(jobsOf(50), work, { concurrency: 3, signal: abort.signal });
    expect(started).toEqual([0, 1, 2, 3, 4, 5]);
    expect(result).toEqual({ done: 6, failed: 0, interrupted: true });
    expect([...signals]).toEqual([abort.signal]);
  });

  test('a signal that is aborted beforehand starts nothing; one aborted when all is done changes nothing', async () => {
    let started = 0;
    const work = async (): Promise<void> => void started++;
    const signal = AbortSignal.abort();
    expect(await runJobs(jobsOf(5), work, { concurrency: 2, signal })).toEqual({
      done: 0,
      failed: 0,
      interrupted: true,
    });
    expect(started).toBe(0);
    const late = new AbortController();
    const onDone = (job: Job): void => {
      if (numberOf(job) === 4) late.abort();
    };
    expect(await runJobs(jobsOf(5), work, { concurrency: 1, signal: late.signal, onDone })).toEqual({
      done: 5,
      failed: 0,
      interrupted: false,
    });
  });

  test('work that heeds the signal is interrupted, not failed; another error meanwhile is a failure', async () => {
    const abort = new AbortController();
    const failures: string[] = [];
    const work = async (job: Job, signal: AbortSignal): Promise<void> => {
      await tick();
      abort.abort(new Error('stop'));
      await tick();
      if (numberOf(job) === 0) signal.throwIfAborted();
      if (numberOf(job) === 1) throw new DOMException('given up', 'AbortError');
      throw new Error('broken');
    };
    const onFailure = (job: Job, error: Error): void => void failures.push(`${job.input.path}: ${error.message}`);
    const result = await runJobs(jobsOf(10), work, { concurrency: 3, signal: abort.signal, onFailure });
    expect(result).toEqual({ done: 0, failed: 1, interrupted: true });
    expect(failures).toEqual(['2.png: broken']);
  });

  test('what a callback throws is thrown when what is in flight has ended, and counts as no failure of a job', async () => {
    const log: string[] = [];
    const work = async (job: Job): Promise<void> => {
      for (let i = 0; i <= numberOf(job); i++) await tick();
      log.push(job.input.path);
    };
    const onDone = (job: Job): void => {
      if (numberOf(job) === 0) throw new Error('no one listens');
    };
    const onFailure = (): void => void log.push('failure');
    const error = await errorOf(runJobs(jobsOf(30), work, { concurrency: 3, onDone, onFailure }));
    expect(error.message).toBe('no one listens');
    expect(log).toEqual(['0.png', '1.png', '2.png']);
  });

  test('100,000 jobs are no trouble', async () => {
    let flying = 0;
    const work = async (): Promise<void> => {
      if (++flying > 8) throw new Error('too many');
      await Promise.resolve();
      flying--;
    };
    const result = await runJobs(jobsOf(100_000), work, { concurrency: 8 });
    expect(result).toEqual({ done: 100_000, failed: 0, interrupted: false });
  });

  test('results are not kept', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const results: WeakRef<object>[] = [];
    let alive = Number.NaN;
    const work = async (job: Job): Promise<Float64Array> => {
      await tick();
      if (numberOf(job) === 999) {
        collect();
        alive = results.filter((result) => result.deref() !== undefined).length;
      }
      return new Float64Array(1000);
    };
    const onDone = (_: Job, result: Float64Array): void => void results.push(new WeakRef(result));
    await runJobs(jobsOf(1000), work, { concurrency: 4, onDone });
    expect(results).toHaveLength(1000);
    // Those that ended in the same turn of the event loop may still be held by it.
    expect(alive).toBeLessThan(10);
  });
});
