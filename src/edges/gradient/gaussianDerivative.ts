import type { Precision } from '../../correlate/corr2d.ts';
import { destination } from '../../correlate/destination.ts';
import { gaussianSmooth } from '../../correlate/gaussianSmooth.ts';
import { geometry } from '../../correlate/geometry.ts';
import { correlateSeparable } from '../../correlate/separable/separable.ts';
import { type Kernel, repeatKernel } from '../../kernels/kernel.ts';
import { gaussianTaps } from '../../kernels/smoothing.ts';
import type { Border } from '../../planes/border.ts';
import type { Planes } from '../../planes/planes.ts';
import { hasRelaxedMadd } from '../../wasm/features.ts';
import { DOG_RATIO, firstDerivative, secondDerivative } from '../operators/gaussianDerivativeTaps.ts';

interface GaussianDerivativeOptions {
  readonly border: Border;
  readonly precision: Precision;
  /** Planes of the picture's shape that are written. */
  readonly out: Planes;
}

/** The slope of the picture smoothed by σ, across or down, in two passes. */
export function gaussianSlope(
  x: Planes,
  sigma: number,
  direction: 'across' | 'down',
  options: GaussianDerivativeOptions,
): Planes {
  const slope = firstDerivative(sigma);
  const smooth = gaussianTaps(sigma);
  return direction === 'across' ? twoPasses(x, smooth, slope, options) : twoPasses(x, slope, smooth, options);
}

/**
 * The curvature (Laplacian) of the picture smoothed by σ: its second derivatives across and down, each in two passes.
 *
 * @param spare planes of the picture's shape that are written on the way
 * @param balanced whether the taps sum to 0, so that a flat picture answers 0; SciPy's do not quite
 */
export function gaussianLaplacian(
  x: Planes,
  sigma: number,
  spare: Planes,
  balanced: boolean,
  options: GaussianDerivativeOptions,
): Planes {
  const curve = secondDerivative(sigma, balanced);
  const smooth = gaussianTaps(sigma);
  const { data } = twoPasses(x, smooth, curve, options);
  const down = twoPasses(x, curve, smooth, { ...options, out: spare }).data;
  for (let i = 0; i < data.length; i++) data[i] += down[i];
  return options.out;
}

/** The picture smoothed by σ less the picture smoothed by {@link DOG_RATIO}·σ. */
export function differenceOfGaussians(
  x: Planes,
  sigma: number,
  spare: Planes,
  options: GaussianDerivativeOptions,
): Planes {
  const { data } = gaussianSmooth(x, sigma, options);
  const wide = gaussianSmooth(x, DOG_RATIO * sigma, { ...options, out: spare }).data;
  for (let i = 0; i < data.length; i++) data[i] -= wide[i];
  return options.out;
}

function twoPasses(
  x: Planes,
  down: Float64Array,
  across: Float64Array,
  { border, precision, out }: GaussianDerivativeOptions,
): Planes {
  const size = across.length;
  const row = lineKernel(across, 1, size, x.channels);
  const column = lineKernel(down, size, 1, x.channels);
  const at = geometry(x, { height: size, width: size }, { padding: 'same' });
  const written = destination(x, x, out);
  correlateSeparable(x, { column, row }, at, border, written, { fused: precision === 'fast' && hasRelaxedMadd() });
  return written;
}

function lineKernel(taps: Float64Array, height: number, width: number, channels: number): Kernel {
  const single = { outChannels: 1, inChannels: 1, bias: new Float32Array(1), weights: Float32Array.from(taps) };
  return repeatKernel({ ...single, height, width }, channels);
}
