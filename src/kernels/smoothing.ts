import { expected } from '../planes/expected.ts';
import { exponential } from './exponential.ts';
import { LARGEST_SIDE } from './kernel.ts';
import { fill, fixed, mapTaps, outer, type Parameter, type Recipe, sumOf, type Taps } from './recipe.ts';

/** A Gaussian's 4σ on both sides must fit the largest kernel. */
const LARGEST_SIGMA: number = (LARGEST_SIDE - 2) / 8;
const LARGEST_RADIUS: number = LARGEST_SIDE / 2 - 1;

/** Larger ones are no different from Gaussians. */
export const MOST_BINOMIAL = 33;

/** How far a Gaussian reaches; 4σ by default. */
export const radiusParameter: Parameter = { name: 'radius', least: 0, most: LARGEST_RADIUS, whole: true };

/** The parameter σ in samples, from `least`. */
export function sigmaParameter(name: string, least: number, otherwise?: number): Parameter {
  return { name, least, most: LARGEST_SIGMA, ...(otherwise === undefined ? {} : { default: otherwise }) };
}

/** Kernels whose taps sum to 1 and are nowhere negative. */
export const smoothing: readonly Recipe[] = [
  fixed('identity', [[1]], 'leaves the picture as it is'),
  {
    name: 'box',
    description: 'mean of rows×columns samples; one number makes a square, 3 by default',
    separator: 'x',
    parameters: [
      { name: 'rows', default: 3, least: 1, most: LARGEST_SIDE, whole: true },
      { name: 'columns', least: 1, most: LARGEST_SIDE, whole: true },
    ],
    taps: (rows, columns = rows) => fill(rows, columns, () => 1 / (rows * columns)),
  },
  {
    name: 'gaussian',
    description: 'Gaussian smoothing; sigma in samples (1 by default), radius 4·sigma rounded by default',
    parameters: [sigmaParameter('sigma', 0.01, 1), radiusParameter],
    taps: (sigma, radius) => gaussian(sigma, radius),
  },
  {
    name: 'binomial',
    description: "smoothing by Pascal's triangle (1 2 1, 1 4 6 4 1) in both directions; rows×columns, 3 by default",
    separator: 'x',
    parameters: [
      { name: 'rows', default: 3, least: 1, most: MOST_BINOMIAL, whole: true },
      { name: 'columns', least: 1, most: MOST_BINOMIAL, whole: true },
    ],
    taps: (rows, columns = rows) => outer(shares(binomialRow(rows)), shares(binomialRow(columns))),
  },
  {
    name: 'tent',
    description: 'smoothing whose taps fall off in straight lines (1 2 3 2 1); rows×columns, 3 by default',
    separator: 'x',
    parameters: [
      { name: 'rows', default: 3, least: 1, most: LARGEST_SIDE - 1, whole: true },
      { name: 'columns', least: 1, most: LARGEST_SIDE - 1, whole: true },
    ],
    taps: (rows, columns = rows) => outer(shares(tentRow(rows)), shares(tentRow(columns))),
  },
  {
    name: 'disk',
    description: 'mean of all samples no farther than radius (1 by default)',
    parameters: [{ name: 'radius', default: 1, least: 0, most: LARGEST_RADIUS }],
    taps: disk,
  },
  {
    name: 'motion',
    description: 'mean along a line of length samples (9) at angle degrees (0 is across, counter-clockwise)',
    parameters: [
      { name: 'length', default: 9, least: 1, most: LARGEST_SIDE - 2 },
      { name: 'angle', default: 0, least: -360, most: 360 },
    ],
    taps: motion,
  },
];

/** A row of Pascal's triangle. */
export function binomialRow(side: number): number[] {
  let taps = [1];
  for (let i = 1; i < side; i++) taps = Array.from({ length: i + 1 }, (_, j) => (taps[j] ?? 0) + (taps[j - 1] ?? 0));
  return taps;
}

/** Up to the middle and down again. */
export function tentRow(side: number): number[] {
  return Array.from({ length: side }, (_, i) => Math.min(i + 1, side - i));
}

/** The taps over their sum. */
export function shares(taps: readonly number[]): number[] {
  const sum = sumOf(taps);
  return taps.map((tap) => tap / sum);
}

function disk(radius: number): Taps {
  const reach = Math.floor(radius);
  const within = fill(2 * reach + 1, 2 * reach + 1, (row, column) =>
    (row - reach) ** 2 + (column - reach) ** 2 <= radius * radius ? 1 : 0,
  );
  const count = sumOf(within.values);
  return mapTaps(within, (tap) => tap / count);
}

/** Taps of a Gaussian in both directions. */
export function gaussian(sigma: number, radius?: number): Taps {
  const taps = gaussianTaps(sigma, radius);
  return outer(taps, taps);
}

/**
 * A Gaussian in one direction: exp(−x²/2σ²) at the whole numbers from −radius to radius, divided by its sum (Float64).
 *
 * @param sigma standard deviation in samples, above 0
 * @param radius ⌊4σ + ½⌋ by default, as SciPy takes it
 * @throws ExpectationError where σ is not above 0, or the taps would be more than a kernel may have in a row
 * @example
 * gaussianTaps(0.5).length // 5
 */
export function gaussianTaps(sigma: number, radius: number = Math.floor(4 * sigma + 0.5)): Float64Array {
  if (!(sigma > 0 && sigma < Number.POSITIVE_INFINITY)) throw expected('a number above 0', 'sigma', sigma);
  if (!(Number.isInteger(radius) && radius >= 0 && radius <= LARGEST_RADIUS)) {
    throw expected(`a whole number from 0 to ${LARGEST_RADIUS}`, 'the radius of a Gaussian', radius);
  }
  const taps = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => gaussianAt((i - radius) / sigma));
  const sum = sumOf(taps);
  return taps.map((tap) => tap / sum);
}

function gaussianAt(x: number): number {
  return exponential(-(x * x) / 2);
}

/**
 * What a camera moved along a straight line sees: a sample's tap is 1 less its distance from the line (0 from a distance
 * of 1), divided by the sum. This is the definition of MATLAB's `fspecial('motion')`.
 */
function motion(length: number, angle: number): Taps {
  const half = (length - 1) / 2;
  const across = Math.cos((angle * Math.PI) / 180);
  // Rows count downwards, angles upwards.
  const down = -Math.sin((angle * Math.PI) / 180);
  const tapAt = (x: number, y: number): number => {
    const along = Math.max(-half, Math.min(half, x * across + y * down));
    const tap = 1 - Math.hypot(x - along * across, y - along * down);
    return tap > NO_TAP ? tap : 0;
  };
  const [right, bottom] = extent(tapAt, Math.ceil(half * Math.abs(across)) + 1, Math.ceil(half * Math.abs(down)) + 1);
  const taps = fill(2 * bottom + 1, 2 * right + 1, (row, column) => tapAt(column - right, row - bottom));
  const sum = sumOf(taps.values);
  return mapTaps(taps, (tap) => tap / sum);
}

/** Below this a tap is what rounding of sines left over. */
const NO_TAP = 1e-9;

/** The farthest column and row with a tap; the line is its own mirror image through the centre. */
function extent(tapAt: (x: number, y: number) => number, right: number, bottom: number): [number, number] {
  let x = 0;
  let y = 0;
  for (let column = 0; column <= right; column++) {
    for (let row = -bottom; row <= bottom; row++) {
      if (tapAt(column, row) === 0) continue;
      x = Math.max(x, column);
      y = Math.max(y, Math.abs(row));
    }
  }
  return [x, y];
}
