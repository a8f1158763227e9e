import type { Kernel } from '../kernels/kernel.ts';
import { expectInteger } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { Planes } from '../planes/planes.ts';
import { isShared } from '../planes/typedArrays.ts';
import type { Arena } from '../wasm/arena.ts';
import { arenaOf } from '../wasm/workspace.ts';
import { allocatePlanes, release } from './allocate.ts';
import { CORR2D_OPTIONS, type Corr2dOptions } from './corr2dOptions.ts';
import { type Correlation, correlationOf } from './correlation.ts';
import { destination } from './destination.ts';
import { tilingFor } from './fft/fftTiles.ts';
import { type BandsJob, DONE, type LentMemory, TAKEN, type Threads } from './threads.ts';

export interface Corr2dAsyncOptions extends Corr2dOptions {
  /** Who computes: `openThreads()` in Node. None is started here, and none ended. */
  threads: Threads;
}

/**
 * {@link corr2d} on several threads, for one large picture: the result is cut into bands of rows (or of tiles, where it is
 * computed by FFT), of which each thread takes the next one until none is left. The calling thread stays free.
 *
 * The result is the bytes that {@link corr2d} gives, however many threads there are.
 *
 * Threads see shared memory alone: planes that `allocatePlanes` allocated with `shared`, or whose data lies in a
 * SharedArrayBuffer, are used where they lie; any others are copied, a picture before and a result after. Neither may be
 * changed, read or released until the promise settles.
 *
 * @param x C×H×W samples of any range
 * @param k O×I×kh×kw taps; I·groups must be C
 * @returns O×H′×W′, as {@link corr2d} does; `out` where given, else a plain array
 * @throws ExpectationError (as a rejection) where channels, sizes or options do not fit, or threads cannot share memory
 * @throws what a thread failed with; the samples of `out` are undefined then
 * @example
 * const threads = { size: 1, run: async (job) => runBands(job) }
 * toNested(await corr2dAsync(planes([[0, 1, 2]]), kernel([[2, 3]]), { threads })) // [[[3, 8]]]
 */
export async function corr2dAsync(x: Planes, k: Kernel, options: Corr2dAsyncOptions): Promise<Planes> {
  expectOptions(options, [...CORR2D_OPTIONS, 'threads'], 'corr2dAsync');
  const { threads } = options;
  expectInteger(threads?.size, 'threads.size', 1);
  const correlation = correlationOf(x, k, options);
  const { rows, columns } = correlation.at;
  const out = destination(x, { channels: k.outChannels, height: rows.output, width: columns.output }, options.out);
  const temporary: Planes[] = [];
  try {
    const inShared = (p: Planes): Planes => {
      if (isShared(p.data)) return p;
      const place = allocatePlanes(p.channels, p.height, p.width, p.white, { shared: true });
      temporary.push(place);
      return place;
    };
    const source = inShared(x);
    if (source !== x) source.data.set(x.data);
    const target = inShared(out);
    await computeBands(source, k, target, correlation, threads);
    if (target !== out) out.data.set(target.data);
    return out;
  } finally {
    for (const p of temporary) release(p);
  }
}

async function computeBands(
  x: Planes,
  k: Kernel,
  out: Planes,
  correlation: Correlation,
  threads: Threads,
): Promise<void> {
  const bands = countBands(k, correlation, threads.size);
  const progress = new Int32Array(new SharedArrayBuffer(8));
  // A view on a part of a buffer is copied with all of the buffer.
  const taps = { ...k, weights: k.weights.slice(), bias: k.bias.slice() };
  const job = { x: bare(x), k: taps, out: bare(out), correlation, bands, progress };
  const arena = [out, x].map(({ data }) => arenaOf(data)).find((found) => found?.shared === true);
  const pieces: number[] = [];
  const runOne = async (): Promise<void> => {
    const lent = arena && lendPiece(arena, x, out);
    if (lent !== undefined) pieces.push(lent.address);
    try {
      await threads.run(lent === undefined ? job : { ...job, lent });
    } catch (thrown) {
      Atomics.store(progress, TAKEN, bands);
      throw thrown;
    }
  };
  // Memory is given back only when no thread writes to it any more, even where one has failed.
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(threads.size, bands) }, runOne));
  for (const address of pieces) arena?.free(address);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const done = Atomics.load(progress, DONE);
  if (done !== bands) throw new Error(`Expected threads that run every job but received ${done} of ${bands} bands`);
}

/** Into how many bands a result is cut: many more than there are threads, so that these end at about the same time. */
function countBands(k: Kernel, { at, algorithm }: Correlation, threads: number): number {
  const { rows, columns } = at;
  const kernels = k.outChannels * k.inChannels;
  if (algorithm === 'fft') {
    const tiling = tilingFor(at, k);
    const pairs = Math.ceil((tiling.rows.count * tiling.columns.count) / 2);
    const transforms = (pairs * (k.outChannels + k.inChannels * (k.groups ?? 1))) / kernels;
    const even = threads * Math.floor(transforms / (WORTHWHILE_TRANSFORMS * threads));
    return Math.max(1, Math.min(Math.max(threads, even), Math.floor(transforms / LEAST_TRANSFORMS)));
  }
  const halo = Math.ceil((rows.dilation * (rows.taps - 1)) / rows.stride);
  const products = rows.output * columns.output * rows.taps * columns.taps * kernels;
  const most = Math.ceil(rows.output / Math.max(LEAST_ROWS, HALOS_OF_BAND * halo));
  return Math.min(most, Math.ceil(products / LEAST_PRODUCTS));
}

/** Rows that a band shares with the next one are read, or computed, twice: it is so many times as high as they are. */
const HALOS_OF_BAND = 4;
const LEAST_ROWS = 48;

/** About a tenth of a millisecond: less is not worth a band's preparation. */
const LEAST_PRODUCTS = 2 ** 20;

/** Every band of tiles transforms the kernels anew: its other transforms are to be so many times as many, or at least so many. */
const WORTHWHILE_TRANSFORMS = 28;
const LEAST_TRANSFORMS = 4;

/** Without what a caller's objects may hold beside. */
function bare({ channels, height, width, data, white }: Planes): BandsJob['x'] {
  return { channels, height, width, data, ...(white === undefined ? {} : { white }) };
}

/** Room for strips, tiles and taps. It costs memory only where it is written. */
const LENT_BYTES = 2 ** 24;

/** None where the arena is full: the thread then copies strips to memory of its own. */
function lendPiece(arena: Arena, x: Planes, out: Planes): LentMemory | undefined {
  const { memory } = arena;
  const address = arena.allocate(LENT_BYTES);
  if (address === undefined) return undefined;
  const holds = { x: x.data.buffer === memory.buffer, out: out.data.buffer === memory.buffer };
  return { memory, holds, address, size: LENT_BYTES };
}
