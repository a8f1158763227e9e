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
  const whole = selectUnknowns(all, indices);
  const filled = groups.filter(({ samples }) => samples > 0);
  if (filled.length < 2) return errorWithout(whole, whole, undefined);
  return filled.reduce((sum, group) => {
    const part = selectUnknowns(group, indices);
    return sum + errorWithout(part, whole, part);
  }, 0);
}

/** The error over some windows of what is fitted to all of them but those left out. */
function errorWithout(judged: Moments, whole: Moments, left: Moments | undefined): number {
  const { unknowns } = whole;
  const gram = left ? whole.gram.map((value, i) => value - left.gram[i]) : whole.gram;
  const cross = left ? whole.cross.map((value, i) => value - left.cross[i]) : whole.cross;
  return squaredError(judged, solveFactored(cholesky(gram, unknowns, TOLERANCE), cross));
}
