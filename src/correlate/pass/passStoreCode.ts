import type { Code, Local, Value } from '../../wasm/code.ts';
import { i8x16, i16x8, i32x4, keep, lanes, set, shuffle, store, storeLane, v128 } from '../../wasm/expressions.ts';

/** Stores whole numbers of 32 bits as samples: one or more vectors of one channel, or one vector of each of several. */
export function storeInterleaved(
  code: Code,
  target: Local<'i32'>,
  results: readonly (readonly Local<'v128'>[])[],
  depth: 8 | 16,
): void {
  const firsts = results.map(([vector]) => vector);
  if (results.length === 1) storeOne(code, target, results[0], depth);
  else if (depth === 8) storeBytes(code, target, firsts);
  else storeWords(code, target, firsts);
}

/** One channel: a vector of stored samples from several vectors, or the first of its samples from one. */
function storeOne(code: Code, target: Local<'i32'>, vectors: readonly Local<'v128'>[], depth: 8 | 16): void {
  const [first, second = first, third = first, fourth = second] = vectors;
  const low = i16x8.narrow_i32x4_u(first, second);
  const samples = depth === 8 ? i8x16.narrow_i16x8_u(low, i16x8.narrow_i32x4_u(third, fourth)) : low;
  if (vectors.length > 1) store(code, 'v128.store', target, samples, 0, depth === 8 ? 0 : 1);
  else storeLane(code, depth === 8 ? 'v128.store32_lane' : 'v128.store64_lane', target, samples, 0);
}

/** Four pixels of two to four bytes: joined to one number a pixel, of which the bytes that are none of the pixel's are left out. */
function storeBytes(code: Code, target: Local<'i32'>, samples: readonly Local<'v128'>[]): void {
  const [pixels] = samples;
  set(code, pixels, joined(samples, 8));
  if (samples.length === 4) {
    store(code, 'v128.store', target, pixels);
    return;
  }
  if (samples.length === 2) set(code, pixels, i16x8.narrow_i32x4_u(pixels, pixels));
  else
    set(code, pixels, i8x16.swizzle(pixels, lanes('i8', 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 128, 128, 128, 128)));
  storeLane(code, 'v128.store64_lane', target, pixels, 0);
  if (samples.length === 3) storeLane(code, 'v128.store32_lane', target, pixels, 2, 8);
}

/** Four pixels of two to four samples of 16 bits. */
function storeWords(code: Code, target: Local<'i32'>, [first, second, third, fourth]: readonly Local<'v128'>[]): void {
  const pairs = keep(code, joined([first, second], 16));
  if (third === undefined) {
    store(code, 'v128.store', target, pairs, 0, 1);
    return;
  }
  // Words of the pairs are 0 to 7, of the third samples (of the second pairs) 8 to 15.
  if (fourth === undefined) {
    store(code, 'v128.store', target, words(pairs, third, [0, 1, 8, 2, 3, 10, 4, 5]), 0, 1);
    storeLane(code, 'v128.store64_lane', target, words(pairs, third, [12, 6, 7, 14, 0, 0, 0, 0]), 0, 16);
    return;
  }
  const others = keep(code, joined([third, fourth], 16));
  store(code, 'v128.store', target, words(pairs, others, [0, 1, 8, 9, 2, 3, 10, 11]), 0, 1);
  store(code, 'v128.store', target, words(pairs, others, [4, 5, 12, 13, 6, 7, 14, 15]), 16, 1);
}

function words(a: Value<'v128'>, b: Value<'v128'>, places: readonly number[]): Value<'v128'> {
  return shuffle(
    a,
    b,
    places.flatMap((word) => [2 * word, 2 * word + 1]),
  );
}

/** The first vector's numbers, with the others' in their upper bits. */
function joined([first, ...others]: readonly Value<'v128'>[], bits: number): Value<'v128'> {
  return others.reduce((whole, other, i) => v128.or(whole, i32x4.shl(other, bits * (i + 1))), first);
}
