import { isLinear, type Picture, pictureFrom } from '../../planes/picture.ts';
import { type PoolThreads, startPool } from '../../threads/startPool.ts';
import { doWork, isForAnyThread, type PictureWork, type Worked, type WorkOutput } from './pictureWork.ts';
import type { SampleAnswer, SampleTask } from './sampleWorker.ts';

/** Threads that work on pictures, while this one reads, writes and reports. */
export interface SamplePool {
  /**
   * Does the work; the picture's samples may be lost.
   *
   * @throws WorkerDied where the thread ended before it was done: the picture is lost, and may be read and tried again
   */
  run(picture: Picture, work: PictureWork, output: WorkOutput): Promise<Worked>;
  close(): Promise<void>;
}

export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

/**
 * How much of its time this thread works itself before it hands over. A thread's start takes about 0.1 s, and each picture has to
 * be copied to it, so that light work on a few processors is best done here: beside decoding it is a tenth of this thread's time.
 */
const OWN_SHARE = 0.5;
const HEAD_START_MS = 400;

/**
 * A pool of so many threads; with none, the work is done in this one. Threads start when this one has more than `ownShare` of its
 * time to work, and one that dies is replaced. Where the system gives no more threads (each takes file handles, too), work is done in
 * this one.
 */
export function openSamplePool(threads: number, { ownShare = OWN_SHARE }: { ownShare?: number } = {}): SamplePool {
  if (threads === 0) {
    return { run: async (...asked) => doWork(...asked), close: async () => {} };
  }
  const opened = performance.now();
  let spent = 0;
  const workHere = (...asked: Parameters<typeof doWork>): ReturnType<typeof doWork> => {
    const started = performance.now();
    try {
      return doWork(...asked);
    } finally {
      spent += performance.now() - started;
    }
  };
  let lacksThreads = false;
  let pool: Promise<PoolThreads<SampleTask, SampleAnswer>> | undefined;
  return {
    async run(picture, work, output) {
      const elapsed = performance.now() - opened;
      const isHere = lacksThreads || spent < ownShare * (HEAD_START_MS + elapsed);
      const { stored } = picture;
      if (isHere || stored === undefined || !isForAnyThread(picture, work, output))
        return workHere(picture, work, output);
      const task: SampleTask = { samples: stored, linear: isLinear(picture), work, output };
      const onLack = (): boolean => (lacksThreads = true);
      let answered: SampleAnswer;
      try {
        // Where it cannot even be loaded, for want of file handles, there are no threads either.
        pool ??= startPool<SampleTask, SampleAnswer>(
          new URL('./sampleWorker.js', import.meta.url),
          threads,
          onLack,
        ).catch((cause: unknown) => {
          onLack();
          throw cause;
        });
        answered = await (await pool).run(task);
      } catch (cause) {
        lacksThreads ||= (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_INIT_FAILED';
        throw new WorkerDied('Expected a thread to finish its work on the picture but it ended before', { cause });
      }
      if ('fault' in answered) throw new Error(answered.fault);
      return { picture: pictureFrom(answered.samples), facts: answered.facts };
    },
    // Where it did not start, whoever was waiting has been told.
    close: async () => (await pool?.catch(() => undefined))?.close(),
  };
}
