import type { Kernel } from '../kernels/kernel.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { Planes } from '../planes/planes.ts';
import { CORR2D_OPTIONS, type Corr2dOptions } from './corr2dOptions.ts';
import { correlate, correlationOf } from './correlation.ts';
import { destination } from './destination.ts';

export type { Algorithm, Precision } from './algorithm.ts';
export type { Corr2dOptions } from './corr2dOptions.ts';

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
  expectOptions(options, CORR2D_OPTIONS, 'corr2d');
  const correlation = correlationOf(x, k, options);
  const { rows, columns } = correlation.at;
  const out = destination(x, { channels: k.outChannels, height: rows.output, width: columns.output }, options.out);
  correlate(x, k, correlation, out);
  return out;
}
