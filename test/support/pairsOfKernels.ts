import { detectorKernel } from '../../src/index.ts';

/** Sobel's, across and down. */
export const SOBEL = [
  detectorKernel([
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ]),
  detectorKernel([
    [-1, -2, -1],
    [0, 0, 0],
    [1, 2, 1],
  ]),
];

/** Two kernels that nobody has named, the length of whose responses lies within white. */
export const UNNAMED = [
  detectorKernel([
    [-0.31, 0.07, 0.22],
    [-0.5, 0.11, 0.47],
    [-0.2, 0.04, 0.1],
  ]),
  detectorKernel([
    [-0.3, -0.42, -0.2],
    [0.05, 0.1, -0.05],
    [0.25, 0.4, 0.17],
  ]),
];
