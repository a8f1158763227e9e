import type { Operator } from './operators.ts';
import { scaleAt } from './stepScale.ts';

/**
 * A number, in units of white, that no response of an operator exceeds; not the least one. Nothing is said of a user's kernels.
 */
export function reachOf(operator: Operator, sigma: number | undefined): number {
  const { kind } = operator;
  if (!operator.known) return Number.POSITIVE_INFINITY;
  if (kind === 'gaussian') return 4 * Math.max(1, scaleAt(operator, sigma));
  const [{ weights }] = operator.kernels;
  const rising = weights.reduce((sum, tap) => sum + Math.max(0, tap), 0);
  const directions = kind === 'kernels' ? operator.kernels.length : 1;
  return Math.max(2, rising * directions * scaleAt(operator, sigma));
}
