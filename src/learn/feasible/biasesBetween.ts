import { whiteOf } from '../../planes/planes.ts';
import type { Feasible } from './feasibleTaps.ts';
import type { Slacks } from './slacks.ts';
import { tapsOf } from './targets.ts';

/** The biases, in units of white, with which the taps keep the rows; all of them where none is learned; nothing where none does. */
export function biasesBetween(
  { start, shape, targets }: Slacks,
  { rows, tolerated }: Feasible,
  values: Float64Array,
): readonly [least: number, most: number] | undefined {
  const taps = tapsOf(shape);
  const white = whiteOf(targets[0].after);
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  for (const { coefficients, bound } of rows) {
    let left = bound + tolerated;
    for (let i = 0; i < taps; i++) left -= coefficients[i] * (values[i] - start[i]) * white;
    if (!shape.bias) {
      if (left < 0) return undefined;
      continue;
    }
    const end = start[taps] + left / (coefficients[taps] * white);
    if (coefficients[taps] > 0) most = Math.min(most, end);
    else least = Math.max(least, end);
    if (least > most) return undefined;
  }
  return [least, most];
}
