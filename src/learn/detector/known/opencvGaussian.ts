import { gaussianTaps } from '../../../kernels/smoothing.ts';

/** Sizes without a σ have taps of their own, in 256ths. */
const FIXED: Readonly<Record<number, readonly number[]>> = {
  1: [256],
  3: [64, 128, 64],
  5: [16, 64, 96, 64, 16],
  7: [8, 28, 56, 72, 56, 28, 8],
  9: [4, 13, 30, 51, 60, 51, 30, 13, 4],
};

/**
 * One direction of OpenCV's `GaussianBlur` of 8-bit samples: 256ths, the outer ones rounded in turn with what was lost carried on, the
 * middle what is left to 1.
 *
 * @param sigma 0 for what OpenCV takes of the size
 */
export function opencvGaussian(size: number, sigma: number): number[] {
  const fixed = sigma <= 0 ? FIXED[size] : undefined;
  if (fixed !== undefined) return fixed.map((tap) => tap / 256);
  const own = sigma > 0 ? sigma : 0.3 * ((size - 1) / 2 - 1) + 0.8;
  const exact = gaussianTaps(own, (size - 1) / 2);
  const taps = new Array<number>(size).fill(0);
  let lost = 0;
  let sum = 0;
  for (let i = 0; i < (size - 1) / 2; i++) {
    const wanted = exact[i] * 256 + lost;
    const whole = Math.round(wanted);
    lost = wanted - whole;
    taps[i] = whole;
    taps[size - 1 - i] = whole;
    sum += 2 * whole;
  }
  taps[(size - 1) / 2] = 256 - sum;
  return taps.map((tap) => tap / 256);
}
