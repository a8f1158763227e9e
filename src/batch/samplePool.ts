import { Tinypool } from 'tinypool';
import type { InterleavedPicture } from '../core.ts';
import { ownMemory } from './ownMemory.ts';
import { type SampleWork, type WorkedSamples, workOnSamples } from './sampleWork.ts';
import type { SampleAnswer, SampleTask } from './sampleWorker.ts';

/** Threads that work on stored samples, while this one reads, writes and reports. */
export interface SamplePool {
  /**
   * Does the work; the picture's samples are given away with it.
   *
   * @throws WorkerDied where the thread ended before it was done: the picture is lost, and may be read and tried again
   */
  run(picture: InterleavedPicture, work: SampleWork): Promise<WorkedSamples>;
  close(): Promise<void>;
}

export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

/**
 * A pool of so many threads; with none, the work is done in this one. Threads start with the first work (some 50 ms each), and
 * one that dies is replaced. Where the system gives no more threads (each takes file handles, too), work is done in this one.
 */
export function openSamplePool(threads: number): SamplePool {
  if (threads === 0) {
    return { run: async (picture, work) => workOnSamples(picture, work), close: async () => {} };
  }
  // Options that the program itself was started with may not suit a file, such as those of `node --eval`.
  const pool = new Tinypool({
    filename: new URL('./sampleWorker.js', import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    // The longest that a timer takes, in milliseconds: with more a thread ends after each picture.
    idleTimeout: 2 ** 31 - 1,
    execArgv: [],
  });
  const waiting = new Set<(cause: unknown) => void>();
  let lacksThreads = false;
  // A thread that did not come to be, and so has no work that could fail.
  pool.on('error', (cause: unknown) => {
    lacksThreads = true;
    for (const reject of waiting) reject(cause);
  });
  const inThread = (task: SampleTask): Promise<SampleAnswer> =>
    new Promise<SampleAnswer>((resolve, reject) => {
      const settled = (): void => void waiting.delete(reject);
      waiting.add(reject);
      pool
        .run(task, { transferList: ownMemory(task.picture) })
        .then(resolve, reject)
        .finally(settled);
    });
  return {
    async run(picture, work) {
      if (lacksThreads) return workOnSamples(picture, work);
      const task: SampleTask = { picture, work };
      let answered: SampleAnswer;
      try {
        answered = await inThread(task);
      } catch (cause) {
        lacksThreads ||= (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_INIT_FAILED';
        throw new WorkerDied('Expected a thread to finish its work on the picture but it ended before', { cause });
      }
      if ('fault' in answered) throw new Error(answered.fault);
      return answered.worked;
    },
    close: () => pool.destroy(),
  };
}
