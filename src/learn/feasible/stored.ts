import { whiteOf } from '../../planes/planes.ts';
import { type Rounding, roundSample } from '../../planes/samples.ts';
import type { Example } from '../pairs.ts';

/** Whether the after is what windows wholly inside the before give, and has no rim that a border's rule made. */
export function isValidResponse({ before, after }: Example): boolean {
  return after.height !== before.height || after.width !== before.width;
}

/** From a response, in the before's samples, to the sample that is stored of it in an after like the example's. */
export function toStored({ before, after }: Example): (response: number, rounding: Rounding) => number {
  const from = whiteOf(before);
  const to = whiteOf(after);
  // The order of these is that of storing a picture, which decides where ties fall.
  if (from === to) return (response, rounding) => roundSample(response, to, rounding);
  return (response, rounding) => roundSample((response * to) / from, to, rounding);
}
