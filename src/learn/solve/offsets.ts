import { whiteOf } from '../../planes/planes.ts';
import type { Rounding } from '../../planes/samples.ts';
import type { Solution } from '../moments/leastSquares.ts';
import type { Moments } from '../moments/moments.ts';
import type { Example } from '../pairs.ts';

/** What an offset that is left over by taps alone stands for. */
export interface Offsets {
  /** Whether the program added a number to every sample. */
  readonly bias: boolean;
  /** The likelier rounding of stored samples; without meaning where a bias may stand for either. */
  readonly rounding: Rounding;
}

/** Standard errors that an offset must be away from what rounding explains. */
const CERTAIN = 6;

/** And levels: what a model that is not quite right may leave; more where errors are larger than rounding leaves. */
const LEAST_LEVELS = 0.15;

/** Of exact numbers, in units of white. */
const LEAST_EXACT = 1e-6;

/**
 * A program that truncates leaves half a level less than taps alone give, one that rounds to the nearest leaves none; anything else
 * is a bias.
 *
 * @param solutions with a bias, of each output channel
 * @param rms of those, in units of white
 */
export function offsetsOf(solutions: readonly Solution[], example: Example, rms: number): Offsets {
  const { stored } = example;
  const unit = stored ? 1 / whiteOf(example.after) : 1;
  const least = stored ? LEAST_LEVELS * Math.max(1, rms / unit) : LEAST_EXACT;
  let bias = false;
  let sum = 0;
  for (const { unknowns, standardErrors } of solutions) {
    const offset = unknowns[unknowns.length - 1] / unit;
    const error = standardErrors[unknowns.length - 1] / unit;
    const away = stored ? Math.min(Math.abs(offset), Math.abs(offset + 0.5)) : Math.abs(offset);
    if (away > Math.max(least, CERTAIN * error)) bias = true;
    sum += offset;
  }
  return { bias, rounding: stored && sum / solutions.length < -0.25 ? 'truncate' : 'nearest' };
}

/** The moments of afters that are `by` more throughout, in units of white. @param m with a bias */
export function raised(m: Moments, by: number): Moments {
  const ones = (m.unknowns - 1) * m.unknowns;
  return {
    ...m,
    cross: m.cross.map((value, a) => value + by * m.gram[ones + a]),
    energy: m.energy + 2 * by * m.total + by * by * m.samples,
    total: m.total + by * m.samples,
  };
}

/** The moments without the bias. */
export function withoutBias(m: Moments): Moments {
  const taps = m.unknowns - 1;
  const gram = new Float64Array(taps * taps);
  for (let a = 0; a < taps; a++) gram.set(m.gram.subarray(a * m.unknowns, a * m.unknowns + taps), a * taps);
  return { ...m, unknowns: taps, gram, cross: m.cross.slice(0, taps) };
}
