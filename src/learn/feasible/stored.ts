import { whiteOf } from '../../planes/planes.ts';
import { type Rounding, roundSample } from '../../planes/samples.ts';
import type { Example } from '../pairs.ts';

/** Whether the after is what windows wholly inside the before give, and has no rim that a border's rule made. */
export function isValidResponse({ before, after }: Example): boolean {
  return after.height !== before.height || after.width !== before.width;
}

/** Responses as they are stored in an after like the example's; in place. */
export function storeAll(responses: Float32Array, { before, after }: Example, rounding: Rounding): void {
  const from = whiteOf(before);
  const to = whiteOf(after);
  // The order of these is that of storing a picture, which decides where ties fall.
  if (from !== to) {
    for (let i = 0; i < responses.length; i++) responses[i] = roundSample((responses[i] * to) / from, to, rounding);
  } else if (rounding === 'nearest') {
    for (let i = 0; i < responses.length; i++) responses[i] = roundSample(responses[i], to);
  } else {
    for (let i = 0; i < responses.length; i++) responses[i] = roundSample(responses[i], to, 'truncate');
  }
}

/** From a response, in the before's samples, to the sample that is stored of it in an after like the example's. */
export function toStored({ before, after }: Example): (response: number, rounding: Rounding) => number {
  const from = whiteOf(before);
  const to = whiteOf(after);
  // The order of these is that of storing a picture, which decides where ties fall.
  if (from === to) return (response, rounding) => roundSample(response, to, rounding);
  return (response, rounding) => roundSample((response * to) / from, to, rounding);
}
