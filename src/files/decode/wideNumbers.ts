import { halfToFloat } from '../../planes/half.ts';
import type { StoredSamples } from '../../planes/samples.ts';
import { isUint16Array, isUint32Array, isUint8Array } from '../../planes/typedArrays.ts';
import type { SourceFacts } from '../facts/facts.ts';
import { notExact } from './refusals.ts';

/** Up to which Float32 holds every whole number. */
const MOST_EXACT = 2 ** 24;

/**
 * Whole numbers as a decoder gives them, bit by bit, as what they stand for; what is more than 16 bits wide, or has a sign, as Float32.
 *
 * @throws FileError where Float32 would round one of them
 */
export function wideNumbers(
  samples: StoredSamples | Uint32Array,
  numbers: SourceFacts['numbers'],
  path: string | undefined,
): StoredSamples {
  if (numbers === 'half') return Float32Array.from(samples, halfToFloat);
  const { buffer, byteOffset, length } = samples;
  if (numbers === undefined) return isUint32Array(samples) ? exactFloats(samples, path) : samples;
  if (isUint8Array(samples)) return Float32Array.from(new Int8Array(buffer, byteOffset, length));
  if (isUint16Array(samples)) return Float32Array.from(new Int16Array(buffer, byteOffset, length));
  return exactFloats(new Int32Array(buffer, byteOffset, length), path);
}

/**
 * Whole numbers as Float32.
 *
 * @throws FileError where one of them would be rounded
 */
export function exactFloats(numbers: ArrayLike<number>, path: string | undefined): Float32Array {
  const floats = new Float32Array(numbers.length);
  for (let i = 0; i < floats.length; i++) {
    const number = numbers[i];
    if (number > MOST_EXACT || number < -MOST_EXACT) throw notExact(path);
    floats[i] = number;
  }
  return floats;
}
