import type { Kernel } from '../kernels/kernel.ts';
import type { Planes } from '../planes/planes.ts';
import type { Memory } from '../wasm/host.ts';
import { borrowMemory } from '../wasm/workspace.ts';
import { type Correlation, correlate } from './correlation.ts';

/**
 * Threads that a program starts and lends to {@link corr2dAsync}: `openThreads` in Node, a few lines over Web Workers in a
 * browser. Nothing of them has to be known here but how to have a job run.
 */
export interface Threads {
  /** Jobs that run at the same time. */
  readonly size: number;
  /**
   * Has a thread call {@link runBands} with a copy of the job, as `postMessage` copies it. Settles only once the thread is done
   * with it: rejects with what it threw, or where it ended before.
   */
  run(job: BandsJob): Promise<void>;
}

/** What {@link corr2dAsync} has a thread do: plain data and shared memory, which `postMessage` takes. */
export interface BandsJob {
  /** In shared memory, as `out` is. */
  readonly x: Planes;
  readonly k: Kernel;
  readonly out: Planes;
  readonly correlation: Correlation;
  /** Parts that the result is cut into. */
  readonly bands: number;
  /** Bands that were taken, and bands that are done: in shared memory, counted by all threads together. */
  readonly progress: Int32Array;
  /** The engine's memory that planes lie in, and a piece of it for this job alone. */
  readonly lent?: LentMemory;
}

export interface LentMemory {
  readonly memory: Memory;
  /** Whether it holds the picture, and the result. */
  readonly holds: { readonly x: boolean; readonly out: boolean };
  /** In bytes. */
  readonly address: number;
  readonly size: number;
}

/**
 * Computes bands of a correlation until none is left to take. This is what a worker does with a message: whoever is faster
 * takes more.
 *
 * @param job as {@link corr2dAsync} gave it to {@link Threads}
 */
export function runBands(job: BandsJob): void {
  const { k, correlation, bands, progress, lent } = job;
  if (lent !== undefined) borrowMemory(lent.memory, lent);
  const x = lent?.holds.x ? placedIn(lent.memory, job.x) : job.x;
  const out = lent?.holds.out ? placedIn(lent.memory, job.out) : job.out;
  while (true) {
    const index = Atomics.add(progress, TAKEN, 1);
    if (index >= bands) return;
    correlate(x, k, correlation, out, { index, of: bands });
    Atomics.add(progress, DONE, 1);
  }
}

/** Places in `progress`. */
export const TAKEN = 0;
export const DONE = 1;

/** A copied message may hold several objects for one memory: those of `memory.buffer` itself are known as the engine's. */
function placedIn({ buffer }: Memory, p: Planes): Planes {
  return { ...p, data: new Float32Array(buffer, p.data.byteOffset, p.data.length) };
}
