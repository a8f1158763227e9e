import { APERTURES } from './aperture.ts';
import { fixed, outer, type Parameter, type Recipe, type Taps, transpose } from './recipe.ts';

/** The points that Kirsch's kernels are named after, clockwise. */
export const COMPASS_POINTS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

const APERTURE: Parameter = { name: 'aperture', default: 3, least: 3, most: 7, choices: APERTURES };

/**
 * First derivatives: taps that sum to 0, unscaled. As correlations, `-x` answers positively where the picture brightens
 * to the right, `-y` where it brightens downwards, Kirsch's where it is brighter towards the compass point. Two are taken
 * as their sources give them and answer the other way: `difference` ([1, −1]) is positive where the picture darkens,
 * Roberts' where it is brighter above.
 */
export const gradients: readonly Recipe[] = [
  ...directions('difference', [[1, -1]], 'sample less its neighbour to the right', 'sample less its neighbour below'),
  fixed(
    'roberts-x',
    [
      [1, 0],
      [0, -1],
    ],
    "Roberts' cross, falling diagonal",
  ),
  fixed(
    'roberts-y',
    [
      [0, 1],
      [-1, 0],
    ],
    "Roberts' cross, rising diagonal",
  ),
  ...smoothed('prewitt', [1, 1, 1], [-1, 0, 1], 'Prewitt'),
  sobel('sobel-x', 'Sobel across, 3×3, 5×5 or 7×7', (taps) => taps),
  sobel('sobel-y', 'Sobel down, 3×3, 5×5 or 7×7', transpose),
  ...smoothed('scharr', [3, 10, 3], [-1, 0, 1], 'Scharr'),
  // Farid and Simoncelli 2004, five taps, with the decimals that their published program computes.
  ...smoothed(
    'farid',
    [0.0376593171958126, 0.249153396177344, 0.426374573253687, 0.249153396177344, 0.0376593171958126],
    [-0.109603762960254, -0.276690988455557, 0, 0.276690988455557, 0.109603762960254],
    'Farid and Simoncelli',
  ),
  ...COMPASS_POINTS.map((point, towards) => ({
    name: `kirsch-${point}`,
    description: `Kirsch, brighter towards ${point.toUpperCase()}`,
    parameters: [],
    taps: () => kirsch(towards),
  })),
];

function directions(name: string, across: readonly (readonly number[])[], x: string, y: string): Recipe[] {
  const down = across[0].map((_, column) => across.map((row) => row[column]));
  return [fixed(`${name}-x`, across, x), fixed(`${name}-y`, down, y)];
}

/** A derivative across, smoothed down, and its transpose. */
function smoothed(name: string, smoothing: readonly number[], derivative: readonly number[], title: string): Recipe[] {
  const across = smoothing.map((weight) => derivative.map((tap) => weight * tap));
  return directions(name, across, `${title} across`, `${title} down`);
}

function sobel(name: string, description: string, turned: (taps: Taps) => Taps): Recipe {
  return { name, description, parameters: [APERTURE], taps: (aperture) => turned(sobelAcross(aperture)) };
}

/** Binomials, and their differences: (1, 1) convolved with itself, the last time with (−1, 1) in the derivative. */
function sobelAcross(aperture: number): Taps {
  let taps = [1];
  for (let i = 0; i < aperture - 2; i++) taps = sumOfNeighbours(taps, 1);
  return outer(sumOfNeighbours(taps, 1), sumOfNeighbours(taps, -1));
}

function sumOfNeighbours(taps: readonly number[], sign: 1 | -1): number[] {
  return Array.from({ length: taps.length + 1 }, (_, i) => sign * (taps[i] ?? 0) + (taps[i - 1] ?? 0));
}

/** Row and column of the eight neighbours, clockwise from the north. */
const COMPASS: readonly (readonly [number, number])[] = [
  [0, 1],
  [0, 2],
  [1, 2],
  [2, 2],
  [2, 1],
  [2, 0],
  [1, 0],
  [0, 0],
];

/** Kirsch 1971: 5 on the three neighbours towards the compass point, −3 on the five others. */
function kirsch(towards: number): Taps {
  const values = new Float64Array(9);
  COMPASS.forEach(([row, column], point) => {
    const away = Math.abs(point - towards);
    values[3 * row + column] = Math.min(away, 8 - away) <= 1 ? 5 : -3;
  });
  return { height: 3, width: 3, values };
}
