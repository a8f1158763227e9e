import { filterPicture } from '../../correlate/filterPicture.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { Border } from '../../planes/border.ts';
import { ROUNDINGS, type Rounding, toInterleaved } from '../../planes/samples.ts';
import type { Certificate } from '../report.ts';
import type { TransparentPair } from './alphaOfPairs.ts';

/**
 * How many samples of colour and alpha a kernel gives exactly, applied as the `filter` command applies it, by the rounding and border
 * of those that give most. What is hidden counts too.
 *
 * @returns undefined where an after holds numbers that were not rounded
 */
export function certifyAlpha(
  k: Kernel,
  pairs: readonly TransparentPair[],
  borders: readonly Border[],
): Certificate | undefined {
  let best: Certificate | undefined;
  for (const border of borders) {
    for (const rounding of ROUNDINGS) {
      const found = certificateOf(k, pairs, rounding, border);
      if (found === undefined) return undefined;
      if (best === undefined || found.reproduced > best.reproduced) best = found;
    }
  }
  return best;
}

function certificateOf(
  k: Kernel,
  pairs: readonly TransparentPair[],
  rounding: Rounding,
  border: Border,
): Certificate | undefined {
  let reproduced = 0;
  let samples = 0;
  let first: Certificate['first'];
  for (const [pair, { before, after }] of pairs.entries()) {
    const { depth } = after;
    if (depth === 32) return undefined;
    const padding = isValid({ before, after }) ? ({ padding: 'valid' } as const) : ({ border } as const);
    const { planes, alpha } = filterPicture(before, k, padding) as TransparentPair['after'];
    const received = toInterleaved([planes, alpha], depth, rounding);
    const expected = toInterleaved([after.planes, after.alpha], depth);
    const channels = planes.channels + 1;
    for (let i = 0; i < expected.length; i++) {
      if (received[i] === expected[i]) {
        reproduced++;
        continue;
      }
      const pixel = Math.floor(i / channels);
      first ??= {
        pair,
        channel: i % channels,
        row: Math.floor(pixel / after.planes.width),
        column: pixel % after.planes.width,
        expected: expected[i],
        received: received[i],
      };
    }
    samples += expected.length;
  }
  return {
    reproduced,
    samples,
    rounding,
    ...(pairs.every(isValid) ? {} : { border }),
    ...(first && { first }),
  };
}

function isValid({ before, after }: TransparentPair): boolean {
  return after.planes.height < before.planes.height || after.planes.width < before.planes.width;
}
