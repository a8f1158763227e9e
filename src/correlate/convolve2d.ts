import { rotateKernel } from '../kernels/algebra.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { Planes } from '../planes/planes.ts';
import { type Corr2dOptions, corr2d } from './corr2d.ts';

/**
 * Two-dimensional convolution as mathematics defines it: {@link corr2d} with the kernel rotated by 180°.
 *
 * @example
 * toNested(convolve2d(planes([[0, 0, 0], [0, 1, 0], [0, 0, 0]]), kernel([[1, 2], [3, 4]]))) // [[[1, 2], [3, 4]]]
 */
export function convolve2d(x: Planes, k: Kernel, options: Corr2dOptions = {}): Planes {
  return corr2d(x, rotateKernel(k), options);
}
