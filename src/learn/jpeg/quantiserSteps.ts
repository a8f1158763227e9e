import { BLOCK } from './dct.ts';

/** Of the coefficients of decoded samples: decoding rounds to whole samples (and from YCbCr to RGB and back), 0.35 rms in all. */
const NOISE = 0.8;

/** Coefficients below this were quantised to 0 but for noise. */
const NOTHING = 1.6;

/** So many coefficients other than 0 tell the step of their frequency, and so large a share of them must stand on multiples of it. */
const LEAST_COEFFICIENTS = 8;
const LEAST_SHARE = 0.9;

/** JPEG's own limit for 8-bit samples. */
const LARGEST_STEP = 255;

/**
 * By how much the coefficients of each frequency were quantised when the picture was coded: the largest step of which nearly all
 * coefficients are multiples. Pictures do not carry their tables; what was decoded tells them.
 *
 * @param blocks coefficients of blocks on the coder's grid, 64 a block
 * @returns 64 steps, 0 where too few coefficients are other than 0
 */
export function quantiserSteps(blocks: readonly Float64Array[]): Float64Array {
  const told = Float64Array.from({ length: BLOCK * BLOCK }, (_, frequency) => stepOf(blocks, frequency));
  const steps = told.map((step, frequency) => (step < leastAround(told, frequency) / 2 ? 0 : step));
  // What decoding loses of 64 samples adds up in their mean: its step is mostly lost, and is about that of its neighbours.
  steps[0] = Math.max(steps[0], Math.min(steps[1], steps[BLOCK]));
  return steps;
}

function stepOf(blocks: readonly Float64Array[], frequency: number): number {
  const coefficients = blocks.map((block) => Math.abs(block[frequency])).filter((value) => value > NOTHING);
  if (coefficients.length < LEAST_COEFFICIENTS) return 0;
  for (let step = LARGEST_STEP; step >= 1; step--) if (standsOn(coefficients, step)) return step;
  return 0;
}

function standsOn(coefficients: readonly number[], step: number): boolean {
  let off = (1 - LEAST_SHARE) * coefficients.length;
  for (const value of coefficients) {
    const times = Math.round(value / step);
    if (times === 0 || Math.abs(value - times * step) > NOISE) off--;
    if (off < 0) return false;
  }
  return true;
}

/**
 * The smallest step of the frequencies beside, above and below, where there is one. Tables of steps are smooth: one that stands out below
 * its neighbours was told by coefficients that colours beyond black and white have disturbed.
 */
function leastAround(steps: Float64Array, frequency: number): number {
  const [u, v] = [Math.floor(frequency / BLOCK), frequency % BLOCK];
  let least = Number.POSITIVE_INFINITY;
  for (const [down, across] of [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ]) {
    const [row, column] = [u + down, v + across];
    const step = row >= 0 && row < BLOCK && column >= 0 && column < BLOCK ? steps[row * BLOCK + column] : 0;
    if (step > 0 && step < least) least = step;
  }
  return least === Number.POSITIVE_INFINITY ? 0 : least;
}
