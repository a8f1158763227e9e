import { type Kernel, repeatKernel } from '../kernels/kernel.ts';
import { gaussianTaps } from '../kernels/smoothing.ts';
import { type Border, parseBorder } from '../planes/border.ts';
import { expectChoice, expected } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { expectPlanes, type Planes } from '../planes/planes.ts';
import { hasRelaxedMadd } from '../wasm/features.ts';
import { DEFAULT_PRECISION, PRECISIONS } from './algorithm.ts';
import type { Corr2dOptions } from './corr2d.ts';
import { destination } from './destination.ts';
import { geometry } from './geometry.ts';
import { correlateSeparable } from './separable/separable.ts';

export interface GaussianSmoothOptions extends Pick<Corr2dOptions, 'precision' | 'out'> {
  /** Taps on each side of the middle one; ⌊4σ + ½⌋ by default, as SciPy takes it. */
  radius?: number;
  /** What stands outside the picture; `replicate` by default. */
  border?: Border;
}

const OPTIONS = optionNames<GaussianSmoothOptions>({ radius: true, border: true, precision: true, out: true });

/**
 * Gaussian smoothing of every channel by itself, defined as two passes: along rows, then down columns, each with the taps of
 * `gaussianTaps` rounded to Float32. In each pass accumulators start at +0 and take a Float32 product at a time: along rows
 * every fourth tap from the first, then from the second, the third and the fourth; down columns from the first tap to the
 * last. The result is as large as the picture and lies in its range but for rounding.
 *
 * SciPy's `gaussian_filter` and OpenCV's `GaussianBlur` agree with it where their borders (`symmetric` and `reflect101` unless
 * asked otherwise) and the radius do.
 *
 * @param x C×H×W samples of any range
 * @param sigma standard deviation in samples, above 0
 * @returns C×H×W, with the input's white
 * @throws ExpectationError where an option is out of range
 * @example
 * toNested(gaussianSmooth(planes([[0, 0, 0], [0, 1, 0], [0, 0, 0]]), 0.5, { radius: 0 })) // [[[0, 0, 0], [0, 1, 0], [0, 0, 0]]]
 */
export function gaussianSmooth(x: Planes, sigma: number, options: GaussianSmoothOptions = {}): Planes {
  expectOptions(options, OPTIONS, 'gaussianSmooth');
  expectPlanes(x, 'the picture');
  const precision = expectChoice(options.precision ?? DEFAULT_PRECISION, 'precision', PRECISIONS);
  const border = parseBorder(options.border ?? 'replicate');
  const taps = Float32Array.from(gaussianTaps(sigma, options.radius));
  if (!taps.every(Number.isFinite)) throw expected('a number above 0', 'sigma', sigma);
  const size = taps.length;
  const single = { outChannels: 1, inChannels: 1, bias: new Float32Array(1), weights: taps };
  const row: Kernel = repeatKernel({ ...single, height: 1, width: size }, x.channels);
  const column: Kernel = repeatKernel({ ...single, height: size, width: 1 }, x.channels);
  const at = geometry(x, { height: size, width: size }, { padding: 'same' });
  const out = destination(x, x, options.out);
  correlateSeparable(x, { column, row }, at, border, out, { fused: precision === 'fast' && hasRelaxedMadd() });
  return out;
}
