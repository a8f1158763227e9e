import { expected } from '../../planes/expected.ts';
import type { Kernel } from '../kernel.ts';

/** Shares of the largest tap. Float32 keeps 24 bits of a number, and what was added up a few less. */
const LEAST = 1e-6;
const MOST = 1 / 20;

/** How far each tap and each bias may be from what it is compared with: what was stated, within sensible bounds. */
export function toleranceOf(
  { weights, bias }: Kernel,
  stated: number | ArrayLike<number> = 0,
): { taps: Float64Array; biases: Float64Array } {
  const given = typeof stated === 'number' ? undefined : stated;
  if (given !== undefined && given.length !== weights.length && given.length !== weights.length + bias.length) {
    throw expected(`${weights.length} numbers, one for each tap,`, 'tolerance', given.length);
  }
  const largest = weights.reduce((most, tap) => Math.max(most, Math.abs(tap)), 0);
  const within = (i: number): number => {
    const one = given === undefined ? (stated as number) : (given[i] ?? 0);
    if (!(one >= 0)) throw expected('a number from 0', `tolerance${given === undefined ? '' : `[${i}]`}`, one);
    return Math.min(MOST * largest, Math.max(LEAST * largest, one));
  };
  return {
    taps: Float64Array.from(weights, (_, i) => within(i)),
    // A bias is as large as white or less, whatever the taps are.
    biases: Float64Array.from(bias, (_, o) => Math.max(LEAST, within(weights.length + o))),
  };
}
