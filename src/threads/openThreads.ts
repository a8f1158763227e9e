import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { BandsJob, Threads } from '../correlate/threads.ts';
import { expectInteger } from '../planes/expected.ts';
import type { Answer } from './worker.ts';

/** Threads of this process, for {@link corr2dAsync}. */
export interface WorkerThreads extends Threads {
  /** Ends the threads once the jobs they were given are done. Jobs that come later are refused. */
  close(): Promise<void>;
}

/**
 * Threads for {@link corr2dAsync}. Each is started when it is first needed (some 40 ms) and then kept; one that dies fails its
 * job and is replaced when the next one comes. Threads without a job do not keep the program from ending.
 *
 * @param count how many; the processors that this process may use by default
 * @throws ExpectationError where the count is no whole number from 1 to 1024
 */
export function openThreads(count: number = availableParallelism()): WorkerThreads {
  expectInteger(count, 'the number of threads', 1, 1024);
  const idle: Worker[] = [];
  const busy = new Set<Worker>();
  const waiting: Waiting[] = [];
  let emptied: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  return {
    size: count,
    run(job) {
      if (closing !== undefined)
        return Promise.reject(new Error('Expected open threads for a job but received closed ones'));
      return new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        startNext();
      });
    },
    close() {
      closing ??= drained().then(async () => {
        await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
      });
      return closing;
    },
  };

  function startNext(): void {
    if (busy.size < count) {
      const next = waiting.shift();
      if (next !== undefined) give(idle.pop() ?? startWorker(), next);
    }
    if (busy.size === 0) emptied?.();
  }

  function drained(): Promise<void> {
    return new Promise((resolve) => {
      emptied = resolve;
      if (busy.size === 0) resolve();
    });
  }

  function startWorker(): Worker {
    // Options that the program itself was started with may not suit a file, such as those of `node --eval`.
    const worker = new Worker(new URL('./worker.js', import.meta.url), { execArgv: [], name: 'corr2d' });
    worker.unref();
    // What kills a thread is told to whoever waits for its job, if anyone does.
    worker.on('error', () => {});
    worker.once('exit', () => {
      const place = idle.indexOf(worker);
      if (place >= 0) idle.splice(place, 1);
    });
    return worker;
  }

  function give(worker: Worker, { job, resolve, reject }: Waiting): void {
    busy.add(worker);
    worker.ref();
    const settle = (alive: boolean, fault?: unknown): void => {
      worker.off('message', onAnswer).off('error', onFault).off('exit', onExit);
      worker.unref();
      busy.delete(worker);
      if (alive) idle.push(worker);
      if (fault === undefined) resolve();
      else reject(fault);
      startNext();
    };
    const onAnswer = ({ fault }: Answer): void => settle(true, fault === undefined ? undefined : new Error(fault));
    const onFault = (fault: unknown): void => settle(false, fault);
    const onExit = (status: number): void =>
      settle(false, new Error(`Expected a thread to finish its job but it ended with status ${status}`));
    worker.on('message', onAnswer).on('error', onFault).on('exit', onExit);
    try {
      worker.postMessage(job);
    } catch (fault) {
      settle(true, fault);
    }
  }
}

interface Waiting {
  readonly job: BandsJob;
  readonly resolve: () => void;
  readonly reject: (fault: unknown) => void;
}
