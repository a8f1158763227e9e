import { whiteOf } from '../../planes/planes.ts';
import { type Rounding, roundSample, TO_NEAREST } from '../../planes/samples.ts';
import type { Example } from '../pairs.ts';

/** Whether the after is what windows wholly inside the before give, and has no rim that a border's rule made. */
export function isValidResponse({ before, after }: Example): boolean {
  return after.height !== before.height || after.width !== before.width;
}

/** How many responses are stored as the samples of an after like the example's. */
export function countStored(
  responses: Float32Array,
  samples: Float32Array,
  { before, after }: Pick<Example, 'before' | 'after'>,
  rounding: Rounding,
): number {
  const white = whiteOf(after);
  let count = 0;
  if (whiteOf(before) !== white) {
    const level = toStored({ before, after });
    for (let i = 0; i < responses.length; i++) if (level(responses[i], rounding) === samples[i]) count++;
  } else if (rounding === 'nearest') {
    for (let i = 0; i < responses.length; i++) if (nearest(responses[i], white) === samples[i]) count++;
  } else {
    for (let i = 0; i < responses.length; i++) if (cut(responses[i], white) === samples[i]) count++;
  }
  return count;
}

/** `roundSample` of one rounding, small enough to be compiled into the loop. */
function nearest(value: number, white: number): number {
  return value > 0 ? (value < white ? value + TO_NEAREST - TO_NEAREST : white) : 0;
}

function cut(value: number, white: number): number {
  return value > 0 ? (value < white ? Math.trunc(value) : white) : 0;
}

/** From a response, in the before's samples, to the sample that is stored of it in an after like the example's. */
export function toStored({
  before,
  after,
}: Pick<Example, 'before' | 'after'>): (response: number, rounding: Rounding) => number {
  const from = whiteOf(before);
  const to = whiteOf(after);
  // The order of these is that of storing a picture, which decides where ties fall.
  if (from === to) return (response, rounding) => roundSample(response, to, rounding);
  return (response, rounding) => roundSample((response * to) / from, to, rounding);
}
