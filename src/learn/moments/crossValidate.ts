import { cholesky, solveFactored } from './cholesky.ts';
import { selectUnknowns, squaredError } from './momentAlgebra.ts';
import type { Moments } from './moments.ts';

/** Below this share of itself a pivot is rounding error of the sums. */
const TOLERANCE = 1e-12;

/**
 * Σ (w·x − y)² over every group, each with the unknowns of least squared error over all others: how well some unknowns give
 * samples that they were not fitted to.
 *
 * @param groups of windows that have none in common
 * @param all the groups together
 * @param indices the unknowns that are fitted; the others are 0
 */
export function heldOutError(groups: readonly Moments[], all: Moments, indices: ArrayLike<number>): number {
  return heldOut(groups, all, indices).squares;
}

export interface HeldOut {
  /** Over every group, by the unknowns of all others. */
  readonly squares: number;
  /** Those unknowns, a set for every group that has samples; none where there is but one. */
  readonly solutions: readonly Float64Array[];
}

/** {@link heldOutError}, with the unknowns that it was found by. */
export function heldOut(groups: readonly Moments[], all: Moments, indices: ArrayLike<number>): HeldOut {
  const whole = selectUnknowns(all, indices);
  const filled = groups.filter(({ samples }) => samples > 0);
  if (filled.length < 2) return { squares: squaredError(whole, solutionWithout(whole, undefined)), solutions: [] };
  let squares = 0;
  const solutions: Float64Array[] = [];
  for (const group of filled) {
    const part = selectUnknowns(group, indices);
    const solution = solutionWithout(whole, part);
    squares += squaredError(part, solution);
    solutions.push(solution);
  }
  return { squares, solutions };
}

/** What is fitted to all windows but those left out. */
function solutionWithout(whole: Moments, left: Moments | undefined): Float64Array {
  const { unknowns } = whole;
  const gram = left ? whole.gram.map((value, i) => value - left.gram[i]) : whole.gram;
  const cross = left ? whole.cross.map((value, i) => value - left.cross[i]) : whole.cross;
  return solveFactored(cholesky(gram, unknowns, TOLERANCE), cross);
}
