import type { Kernel } from '../../kernels/kernel.ts';
import type { Geometry } from '../geometry.ts';
import type { Tile } from './denseCode.ts';

/** A band and its halo stay well within a level-2 cache, which is 512 KiB or more wherever this runs. */
const BAND_BYTES = 256 * 1024;

/** Fewer rows would copy and start more than they compute. */
const LEAST_ROWS = 12;

/** Rows of results that are computed at a time: as many as keep what they read in the cache, in whole tiles. */
export function rowsOfBand({ rows, columns }: Geometry, channels: number): number {
  const rowBytes = 4 * channels * ((columns.output - 1) * columns.stride + columns.dilation * (columns.taps - 1) + 1);
  const halo = rows.dilation * (rows.taps - 1);
  const fitting = Math.floor((BAND_BYTES / rowBytes - halo) / rows.stride);
  const wanted = Math.max(LEAST_ROWS, Math.ceil(halo / rows.stride), fitting);
  return Math.min(rows.output, Math.ceil(wanted / LEAST_ROWS) * LEAST_ROWS);
}

/**
 * Whether the taps of an output channel can run as dense code: none is 0 (those contribute nothing, whatever stands under them),
 * and neither stride nor dilation parts the samples.
 */
export function isDense(weights: Float32Array, { rows, columns }: Geometry): boolean {
  return (
    rows.stride === 1 &&
    columns.stride === 1 &&
    rows.dilation === 1 &&
    columns.dilation === 1 &&
    columns.output >= 4 &&
    weights.every((tap) => tap !== 0)
  );
}

/**
 * Whether the taps run over a picture in the engine's memory as it lies there, rather than over a copy: where every plane is read
 * for one result only, is larger than the cache, and its rows do not begin in the same cache set, more of them than a set has ways.
 */
export function readsInPlace(k: Kernel, { rows, columns }: Geometry): boolean {
  const once = k.outChannels === 1 || (k.inChannels === 1 && k.outChannels === k.groups);
  const fighting = (4 * columns.input) % CACHE_SETS === 0 && rows.taps > CACHE_WAYS;
  return once && 4 * rows.input * columns.input > CACHE_BYTES && rows.stride === 1 && columns.stride === 1 && !fighting;
}

/** A plane up to this size stays in the level-2 cache while it is copied strip by strip. */
const CACHE_BYTES = 2 ** 19;

/** Bytes that the sets of a level-1 cache cover once, and the lines that a set holds. */
const CACHE_SETS = 4096;
const CACHE_WAYS = 8;

/**
 * The accumulators of a tile. V8 loads all samples and weights of an iteration ahead of its arithmetic, so that
 * rows × vectors + vectors + rows (+ 1 for the product, where it is not fused) must fit 15 vector registers.
 */
export function tileFor({ rows, columns }: Geometry, fused: boolean): Tile {
  const most = Math.floor(columns.output / 4);
  const [height, vectors] = rows.taps === 1 ? [1, 6] : fused && rows.taps >= 3 && rows.taps <= 5 ? [3, 3] : [2, 4];
  return { rows: height, vectors: Math.min(vectors, most) };
}

/** Up to so many weights stay in registers, with the sums of a tile of so many rows and the samples under way: 15 in all. */
const FEW_TAPS = 9;
export const FEW_ROWS = 4;

/** Whether dense taps are written out. A single row of them gains nothing from tiles of rows. */
export function isFew({ inChannels, height, width }: Kernel): boolean {
  return inChannels === 1 && height > 1 && height * width <= FEW_TAPS;
}

/** Vectors that a list of taps is summed over at a time: sums, samples and a weight (and a product) in 15 registers. */
export function sparseVectors({ columns }: Geometry, fused: boolean): number {
  return [fused ? 7 : 6, 3, 1].find((vectors) => 4 * vectors <= columns.output) ?? 1;
}
