import type { Kernel } from '../kernels/kernel.ts';
import type { Border } from '../planes/border.ts';
import type { Planes } from '../planes/planes.ts';
import type { Algorithm, Precision } from './algorithm.ts';
import { correlate, correlationOf } from './correlation.ts';
import { destination } from './destination.ts';
import type { GeometryOptions } from './geometry.ts';

export type { Algorithm, Precision } from './algorithm.ts';

export interface Corr2dOptions extends GeometryOptions {
  /** What stands outside the picture where padding reaches there; `zero` where left out. */
  border?: Border;
  /**
   * `deterministic` (where left out): the same bytes on every machine. `fast` may fuse and regroup sums, and is held to a relative error.
   */
  precision?: Precision;
  /** How it is computed; `auto` where left out. */
  algorithm?: Algorithm;
  /** Planes of the result's shape, written and returned, instead of fresh ones. They may not share memory with the input. */
  out?: Planes;
}

/**
 * Two-dimensional cross-correlation: y[o, i, j] = bias[o]·white + Σ w[o, c, r, q] · x[c, i·stride + r·dilation, j·stride + q·dilation].
 * The kernel is not flipped; see {@link convolve2d} for the operation that does.
 *
 * @param x C×H×W samples of any range
 * @param k O×I×kh×kw taps; I·groups must be C
 * @returns O×H′×W′, H′ = ⌊(H + top + bottom − dilation·(kh − 1) − 1) / stride⌋ + 1 and W′ likewise, with the input's white
 * @throws ExpectationError where channels, sizes or options do not fit
 * @example
 * toNested(corr2d(planes([[0, 1, 2], [3, 4, 5], [6, 7, 8]]), kernel([[0, 1], [2, 3]]))) // [[[19, 25], [37, 43]]]
 */
export function corr2d(x: Planes, k: Kernel, options: Corr2dOptions = {}): Planes {
  const correlation = correlationOf(x, k, options);
  const { rows, columns } = correlation.at;
  const out = destination(x, { channels: k.outChannels, height: rows.output, width: columns.output }, options.out);
  correlate(x, k, correlation, out);
  return out;
}
