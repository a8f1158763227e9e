import { gaussianTaps } from '../../kernels/smoothing.ts';

/** How much wider the second Gaussian of `dog` is: the ratio at which Marr and Hildreth (1980) found it closest to `log`. */
export const DOG_RATIO = 1.6;

/** The slope of a Gaussian as taps of a correlation: x/σ² times its own taps, positive on the right. */
export function firstDerivative(sigma: number): Float64Array {
  const taps = gaussianTaps(sigma);
  const radius = (taps.length - 1) / 2;
  return taps.map((tap, i) => ((i - radius) / sigma ** 2) * tap);
}

/**
 * The curvature of a Gaussian: (x²/σ⁴ − 1/σ²) times its own taps.
 *
 * @param balanced whether what the taps sum to, because they end at a radius, is taken away in proportion to the Gaussian
 */
export function secondDerivative(sigma: number, balanced: boolean): Float64Array {
  const taps = gaussianTaps(sigma);
  const radius = (taps.length - 1) / 2;
  const curved = taps.map((tap, i) => (((i - radius) / sigma) ** 2 - 1) * (tap / sigma ** 2));
  const rest = balanced ? curved.reduce((sum, tap) => sum + tap, 0) : 0;
  return curved.map((tap, i) => tap - rest * taps[i]);
}

/** A Gaussian less one that is {@link DOG_RATIO} times as wide, each on its own radius. */
export function differenceTaps(sigma: number): Float64Array {
  const narrow = gaussianTaps(sigma);
  const wide = gaussianTaps(DOG_RATIO * sigma);
  const shift = (wide.length - narrow.length) / 2;
  return wide.map((tap, i) => (narrow[i - shift] ?? 0) - tap);
}
