import type { Rounding } from '../../planes/samples.ts';

/** Factors under which responses are rounded to samples. */
export interface ScaleRange {
  readonly least: number;
  readonly most: number;
}

/** What the arithmetic of a program may be off, in levels. */
const TOLERANCE = 1e-3;

/**
 * The factors under which every response is stored as its sample; nothing where there are none.
 *
 * @param responses from 0
 * @param samples whole numbers from 0 to white, of which 0 and white are bounds; where nothing was rounded (`none`) any numbers
 */
export function scaleBetween(
  responses: ArrayLike<number>,
  samples: ArrayLike<number>,
  white: number,
  rounding: Rounding | 'none',
): ScaleRange | undefined {
  const below = (rounding === 'nearest' ? 0.5 : 0) + TOLERANCE;
  const above = (rounding === 'nearest' ? 0.5 : 1) + TOLERANCE;
  if (rounding === 'none') return exactScale(responses, samples, white);
  let least = 0;
  let most = Number.POSITIVE_INFINITY;
  for (let i = 0; i < samples.length; i++) {
    const response = responses[i];
    const sample = samples[i];
    if (sample > 0) {
      const from = sample - below;
      // Of nothing no factor makes something.
      if (!(response > 0)) return undefined;
      if (from > least * response) least = from / response;
    }
    if (sample < white && response > 0) {
      const to = sample + above;
      if (to < most * response) most = to / response;
    }
    if (least > most) return undefined;
  }
  return most === Number.POSITIVE_INFINITY ? undefined : { least, most };
}

/** What Float32 may be off: of a number, and of sums that cancel. */
const RELATIVE = 1e-5;
const CANCELLED = 1e-6;

function exactScale(responses: ArrayLike<number>, samples: ArrayLike<number>, white: number): ScaleRange | undefined {
  let largest = 0;
  for (let i = 0; i < samples.length; i++) largest = Math.max(largest, Math.abs(samples[i]), white * responses[i]);
  let least = 0;
  let most = Number.POSITIVE_INFINITY;
  for (let i = 0; i < samples.length; i++) {
    const response = responses[i];
    const sample = samples[i];
    const off = RELATIVE * Math.abs(sample) + CANCELLED * largest;
    if (response > 0) {
      least = Math.max(least, (sample - off) / response);
      most = Math.min(most, (sample + off) / response);
    } else if (sample > off) return undefined;
    if (least > most) return undefined;
  }
  return most === Number.POSITIVE_INFINITY ? undefined : { least, most };
}
