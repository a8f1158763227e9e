import { NEIGHBOURS } from './neighbours.ts';
import { addToCentre, fixed, fromRows, mapTaps, outer, type Recipe, type Taps } from './recipe.ts';
import { gaussian, radiusParameter, sigmaParameter } from './smoothing.ts';

const BINOMIAL = [1, 4, 6, 4, 1];

/** Kernels whose taps sum to 1, some of them negative. */
export const sharpening: readonly Recipe[] = [
  {
    name: 'sharpen',
    description: 'the sample less the Laplacian of its 4 neighbours, or of all 8',
    parameters: [NEIGHBOURS],
    taps: (neighbours) =>
      fromRows(
        neighbours === 4
          ? [
              [0, -1, 0],
              [-1, 5, -1],
              [0, -1, 0],
            ]
          : [
              [-1, -1, -1],
              [-1, 9, -1],
              [-1, -1, -1],
            ],
      ),
  },
  {
    name: 'unsharp',
    description:
      'unsharp mask: adds amount (1) times what a Gaussian of sigma (and radius) takes away; without arguments the 5×5 binomial mask',
    parameters: [
      sigmaParameter('sigma', 0.01),
      { name: 'amount', default: 1, least: -1e6, most: 1e6 },
      radiusParameter,
    ],
    taps: (sigma, amount, radius) =>
      // 2δ − bbᵀ/256 with b = (1, 4, 6, 4, 1), all dyadic: exact in Float32.
      unsharp(
        sigma === undefined ? mapTaps(outer(BINOMIAL, BINOMIAL), (tap) => tap / 256) : gaussian(sigma, radius),
        amount,
      ),
  },
  fixed(
    'emboss',
    [
      [-2, -1, 0],
      [-1, 1, 1],
      [0, 1, 2],
    ],
    'relief lit from the bottom right',
  ),
];

function unsharp(blur: Taps, amount: number): Taps {
  return addToCentre(
    mapTaps(blur, (tap) => -amount * tap),
    1 + amount,
  );
}
