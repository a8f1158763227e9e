import { cholesky, solveFactored, solveLeading } from './cholesky.ts';
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

/**
 * {@link heldOutError} of the first unknowns alone, for several counts of them at once: what holds for all of them is factored once.
 *
 * @param order unknowns, those that are fitted with fewest others first
 * @param counts how many of them are fitted
 * @returns an error for each count
 */
export function nestedHeldOutErrors(
  groups: readonly Moments[],
  all: Moments,
  order: ArrayLike<number>,
  counts: readonly number[],
): number[] {
  const whole = selectUnknowns(all, order);
  const filled = groups.filter(({ samples }) => samples > 0);
  const errors = counts.map(() => 0);
  const parts = filled.length < 2 ? [undefined] : filled.map((group) => selectUnknowns(group, order));
  for (const part of parts) {
    const { gram, cross } = without(whole, part);
    const factor = cholesky(gram, whole.unknowns, TOLERANCE);
    counts.forEach((count, i) => {
      errors[i] += squaredError(part ?? whole, solveLeading(factor, cross, count));
    });
  }
  return errors;
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

/** The unknowns of least squared error, as those that are held against groups left out; without their errors. */
export function fittedTo(all: Moments): Float64Array {
  return solutionWithout(all, undefined);
}

/** What is fitted to all windows but those left out. */
function solutionWithout(whole: Moments, left: Moments | undefined): Float64Array {
  const { gram, cross } = without(whole, left);
  return solveFactored(cholesky(gram, whole.unknowns, TOLERANCE), cross);
}

function without(whole: Moments, left: Moments | undefined): Pick<Moments, 'gram' | 'cross'> {
  if (left === undefined) return whole;
  return {
    gram: whole.gram.map((value, i) => value - left.gram[i]),
    cross: whole.cross.map((value, i) => value - left.cross[i]),
  };
}
