import { type Kernel, kernel } from '../../kernels/kernel.ts';

/**
 * Second derivatives across and down, smoothed as Sobel's are: OpenCV's `Laplacian` of an aperture. Negative at the centre.
 *
 * @param aperture 3, 5 or 7
 * @example
 * toNestedTaps(laplacianOfAperture(3))[0][0] // [[2, 0, 2], [0, -8, 0], [2, 0, 2]]
 */
export function laplacianOfAperture(aperture: number): Kernel {
  const smooth = [...Array(aperture - 1)].reduce<number[]>((taps) => convolve(taps, [1, 1]), [1]);
  const second = [...Array(aperture - 3)].reduce<number[]>((taps) => convolve(taps, [1, 1]), [1, -2, 1]);
  return kernel(
    smooth.map((_, row) => smooth.map((__, column) => smooth[row] * second[column] + second[row] * smooth[column])),
    { name: `laplacian of aperture ${aperture}` },
  );
}

function convolve(a: readonly number[], b: readonly number[]): number[] {
  const sums = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((x, i) => b.forEach((y, j) => (sums[i + j] += x * y)));
  return sums;
}
