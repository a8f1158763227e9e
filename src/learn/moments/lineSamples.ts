import { typedArrayName } from '../../planes/typedArrays.ts';
import type { LineSamples } from './lagCode.ts';

/**
 * What samples are: whole numbers from 0 to 255, or to 65535, whose products are summed in whole numbers; or any, in Float64.
 */
export type SampleRange = 'bytes' | 'words' | 'floats';

/** The range of so many samples, and of those whose range is known already. */
export function rangeOf(samples: Float32Array, from: number, count: number, known: SampleRange): SampleRange {
  if (known === 'floats') return known;
  let bits = 0;
  const end = from + count;
  for (let i = from; i < end; i++) {
    const whole = samples[i] | 0;
    if (samples[i] !== whole) return 'floats';
    bits |= whole;
  }
  return widerRange(known, rangeOfBits(bits));
}

/** The range of whole numbers of 32 bits, of which all bits are given that one of them has. */
export function rangeOfBits(bits: number): SampleRange {
  // A number below 0 has the highest bits.
  if (bits >>> 16 !== 0) return 'floats';
  return bits < 256 ? 'bytes' : 'words';
}

/** The range of the samples of both. */
export function widerRange(one: SampleRange, other: SampleRange): SampleRange {
  if (one === 'floats' || other === 'floats') return 'floats';
  return one === 'words' ? one : other;
}

export function lineSamplesOf(range: SampleRange): LineSamples {
  return range === 'floats' ? 'f64' : 'i16';
}

/** What of the samples is summed in a pass, and how its sums count. */
export interface Pass {
  readonly digit: 'value' | 'high' | 'low' | 'sum';
  readonly weight: number;
}

/**
 * Products of 16-bit numbers do not fit the 32 bits that they are summed in, but those of their bytes h and l do: with
 * s = h + l, x·y = 2¹⁶·hh' + 2⁸·(ss' − hh' − ll') + ll', after Karatsuba and Ofman (1962).
 */
export const PASSES: Readonly<Record<SampleRange, readonly Pass[]>> = {
  bytes: [{ digit: 'value', weight: 1 }],
  words: [
    { digit: 'high', weight: 2 ** 16 - 2 ** 8 },
    { digit: 'low', weight: 1 - 2 ** 8 },
    { digit: 'sum', weight: 2 ** 8 },
  ],
  floats: [{ digit: 'value', weight: 1 }],
};

/** Writes what a pass sums of so many samples. */
export function writeLine(
  to: Int16Array | Float64Array,
  place: number,
  samples: Float32Array,
  from: number,
  count: number,
  digit: Pass['digit'],
): void {
  if (typedArrayName(to) === 'Float64Array') {
    for (let i = 0; i < count; i++) to[place + i] = samples[from + i];
  } else if (digit === 'value') {
    for (let i = 0; i < count; i++) to[place + i] = samples[from + i];
  } else if (digit === 'high') {
    for (let i = 0; i < count; i++) to[place + i] = samples[from + i] >> 8;
  } else if (digit === 'low') {
    for (let i = 0; i < count; i++) to[place + i] = samples[from + i] & 255;
  } else {
    for (let i = 0; i < count; i++) to[place + i] = (samples[from + i] >> 8) + (samples[from + i] & 255);
  }
}
