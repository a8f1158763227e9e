import { rotateKernel } from '../kernels/algebra.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { Planes } from '../planes/planes.ts';
import { corr2d } from './corr2d.ts';
import { CORR2D_OPTIONS, type Corr2dOptions } from './corr2dOptions.ts';

/**
 * Two-dimensional convolution as mathematics defines it: {@link corr2d} with the kernel rotated by 180°.
 *
 * @example
 * toNested(convolve2d(planes([[0, 0, 0], [0, 1, 0], [0, 0, 0]]), kernel([[1, 2], [3, 4]]))) // [[[1, 2], [3, 4]]]
 */
export function convolve2d(x: Planes, k: Kernel, options: Corr2dOptions = {}): Planes {
  expectOptions(options, CORR2D_OPTIONS, 'convolve2d');
  return corr2d(x, rotateKernel(k), options);
}
