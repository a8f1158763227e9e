import { fitted } from '../../correlate/channels.ts';
import { corr2d } from '../../correlate/corr2d.ts';
import { copyRim, type FilterBorder, rimOf } from '../../correlate/leaveRim.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { expected } from '../../planes/expected.ts';
import { type Planes, shapeOf } from '../../planes/planes.ts';
import type { Rounding } from '../../planes/samples.ts';
import { originInAfter } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';
import type { Certificate } from '../report.ts';
import { countStored, isValidResponse, toStored } from './stored.ts';

interface Program {
  readonly rounding: Rounding;
  /** Has no effect on afters that are valid responses. */
  readonly border: FilterBorder;
}

/**
 * How many samples of the afters the kernel gives exactly, when it is applied, rounded and clamped as the `filter` command does:
 * in Float32, deterministically, the rim of the pictures included.
 *
 * @param examples with afters of whole samples from 0 to white
 * @throws ExpectationError where the kernel's size or channels do not fit the pictures
 */
export function certify(k: Kernel, examples: readonly Example[], { rounding, border }: Program): Certificate {
  let reproduced = 0;
  let samples = 0;
  let first: Certificate['first'];
  examples.forEach((example, pair) => {
    const { before, after, where } = example;
    originInAfter(example, k);
    const response = responseOf(before, fitted(k, before.channels), isValidResponse(example) ? undefined : border);
    if (response.channels !== after.channels) {
      throw expected(`an after of ${shapeOf(response)}, as the kernel gives,`, where, shapeOf(after));
    }
    const { data } = response;
    const equal = countStored(data, after.data, example, rounding);
    reproduced += equal;
    if (equal < data.length && first === undefined) {
      const level = toStored(example);
      const i = data.findIndex((value, at) => level(value, rounding) !== after.data[at]);
      first = { pair, ...placeOf(i, after), expected: after.data[i], received: level(data[i], rounding) };
    }
    samples += response.data.length;
  });
  return {
    reproduced,
    samples,
    rounding,
    ...(examples.every(isValidResponse) ? {} : { border }),
    ...(first && { first }),
  };
}

/** @param border none of valid responses */
function responseOf(before: Planes, k: Kernel, border: FilterBorder | undefined): Planes {
  if (border === undefined) return corr2d(before, k, { padding: 'valid' });
  if (border !== 'leave-rim') return corr2d(before, k, { padding: 'same', border });
  const response = corr2d(before, k, { padding: 'same', border: 'replicate' });
  copyRim(before, response, rimOf(before, k, {}));
  return response;
}

/** Of a sample of planes like these. */
export function placeOf(
  i: number,
  { height, width }: { readonly height: number; readonly width: number },
): { channel: number; row: number; column: number } {
  const line = Math.floor(i / width);
  return { channel: Math.floor(line / height), row: line % height, column: i % width };
}
