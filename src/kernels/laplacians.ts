import { expected } from '../planes/expected.ts';
import { NEIGHBOURS } from './neighbours.ts';
import { fill, fromRows, mapTaps, type Recipe, sumOf, type Taps } from './recipe.ts';
import { gaussianTaps, radiusParameter, sigmaParameter } from './smoothing.ts';

/** Second derivatives: taps that sum to 0. `laplacian` and `log` are negative at the centre, `dog` is positive there. */
export const laplacians: readonly Recipe[] = [
  {
    name: 'laplacian',
    description: 'second derivative over 4 neighbours, or all 8; negative at the centre',
    parameters: [NEIGHBOURS],
    taps: (neighbours) =>
      fromRows(
        neighbours === 4
          ? [
              [0, 1, 0],
              [1, -4, 1],
              [0, 1, 0],
            ]
          : [
              [1, 1, 1],
              [1, -8, 1],
              [1, 1, 1],
            ],
      ),
  },
  {
    name: 'log',
    description: 'Laplacian of a Gaussian of sigma (1.4 by default); negative at the centre',
    // Narrower ones fall between the samples.
    parameters: [sigmaParameter('sigma', 0.5, 1.4), radiusParameter],
    taps: (sigma, radius) => laplacianOfGaussian(sigma, radius),
  },
  {
    name: 'dog',
    description: 'Gaussian of sigma1 (1) less a wider one of sigma2 (1.6·sigma1); positive at the centre',
    parameters: [sigmaParameter('sigma1', 0.25, 1), sigmaParameter('sigma2', 0.25), radiusParameter],
    taps: (sigma1, sigma2, radius) => differenceOfGaussians(sigma1, sigma2, radius),
  },
];

/**
 * (r² − 2σ²)/σ⁴ times the Gaussian whose taps sum to 1, on a radius of 4σ by default; their mean is taken away so that
 * they sum to 0 and a flat picture answers 0.
 */
export function laplacianOfGaussian(sigma: number, reach?: number): Taps {
  const taps = gaussianTaps(sigma, reach);
  const radius = (taps.length - 1) / 2;
  const sampled = fill(taps.length, taps.length, (row, column) => {
    const squared = ((row - radius) ** 2 + (column - radius) ** 2) / sigma ** 2;
    return ((squared - 2) / sigma ** 2) * taps[row] * taps[column];
  });
  const mean = sumOf(sampled.values) / sampled.values.length;
  return mapTaps(sampled, (tap) => tap - mean);
}

/** Both on the radius of the wider one by default. 1.6 is the ratio at which Marr and Hildreth (1980) found it closest to `log`. */
export function differenceOfGaussians(sigma1: number, sigma2: number = 1.6 * sigma1, radius?: number): Taps {
  if (sigma2 <= sigma1) throw expected(`a number above sigma1 (${sigma1})`, 'sigma2 of dog', sigma2);
  const wide = gaussianTaps(sigma2, radius);
  const narrow = gaussianTaps(sigma1, (wide.length - 1) / 2);
  return fill(wide.length, wide.length, (row, column) => narrow[row] * narrow[column] - wide[row] * wide[column]);
}
