import type { Code, Local } from '../../wasm/code.ts';

/** Stores whole numbers of 32 bits as samples: one or more vectors of one channel, or one vector of each of several. */
export function storeInterleaved(
  code: Code,
  target: Local,
  results: readonly (readonly Local[])[],
  depth: 8 | 16,
): void {
  const [[first, ...others], second, third, fourth] = results;
  if (second === undefined) {
    storeOne(code, target, [first, ...others], depth);
    return;
  }
  const rest = [third, fourth].filter((channel) => channel !== undefined).map(([vector]) => vector);
  if (depth === 8) storeBytes(code, target, [first, second[0], ...rest]);
  else storeWords(code, target, [first, second[0], ...rest]);
}

/** One channel: a vector of stored samples from several vectors, or the first of its samples from one. */
function storeOne(code: Code, target: Local, vectors: readonly Local[], depth: 8 | 16): void {
  const [first, second = first, third = first, fourth = second] = vectors;
  code.get(target);
  narrow(code, first, second);
  if (depth === 8) {
    narrow(code, third, fourth);
    code.op('i8x16.narrow_i16x8_u');
  }
  if (vectors.length > 1) code.memory('v128.store', 0, depth === 8 ? 0 : 1);
  else code.lane(depth === 8 ? 'v128.store32_lane' : 'v128.store64_lane', 0, 0);
}

function narrow(code: Code, low: Local, high: Local): void {
  code.get(low);
  code.get(high);
  code.op('i16x8.narrow_i32x4_u');
}

/** Four pixels of two to four bytes: joined to one number a pixel, of which the bytes that are none of the pixel's are left out. */
function storeBytes(code: Code, target: Local, samples: readonly Local[]): void {
  const [pixels] = samples;
  join(code, pixels, samples.slice(1), 8);
  if (samples.length === 4) {
    code.get(target);
    code.get(pixels);
    code.memory('v128.store');
    return;
  }
  if (samples.length === 2) {
    narrow(code, pixels, pixels);
    code.set(pixels);
  } else {
    code.get(pixels);
    code.bytes16('v128.const', [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0x80, 0x80, 0x80, 0x80]);
    code.op('i8x16.swizzle');
    code.set(pixels);
  }
  code.get(target);
  code.get(pixels);
  code.lane('v128.store64_lane', 0, 0);
  if (samples.length === 3) {
    code.get(target);
    code.get(pixels);
    code.lane('v128.store32_lane', 2, 8);
  }
}

/** Four pixels of two to four samples of 16 bits. */
function storeWords(code: Code, target: Local, samples: readonly Local[]): void {
  const [pairs, second, third, fourth] = samples;
  join(code, pairs, [second], 16);
  if (third === undefined) {
    code.get(target);
    code.get(pairs);
    code.memory('v128.store', 0, 1);
    return;
  }
  if (fourth !== undefined) join(code, third, [fourth], 16);
  // Words of the pairs are 0 to 7, of the third samples (of the second pairs) 8 to 15.
  const [low, high] =
    fourth === undefined
      ? [
          [0, 1, 8, 2, 3, 10, 4, 5],
          [12, 6, 7, 14, 0, 0, 0, 0],
        ]
      : [
          [0, 1, 8, 9, 2, 3, 10, 11],
          [4, 5, 12, 13, 6, 7, 14, 15],
        ];
  const shuffled = (words: readonly number[]): void => {
    code.get(target);
    code.get(pairs);
    code.get(third);
    code.bytes16(
      'i8x16.shuffle',
      words.flatMap((word) => [2 * word, 2 * word + 1]),
    );
  };
  shuffled(low);
  code.memory('v128.store', 0, 1);
  shuffled(high);
  if (fourth === undefined) code.lane('v128.store64_lane', 0, 16);
  else code.memory('v128.store', 16, 1);
}

/** The first vector's numbers get the others' in their upper bits. */
function join(code: Code, into: Local, others: readonly Local[], bits: number): void {
  code.get(into);
  others.forEach((other, i) => {
    code.get(other);
    code.i32(bits * (i + 1));
    code.op('i32x4.shl');
    code.op('v128.or');
  });
  code.set(into);
}
