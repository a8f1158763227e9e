import type { FunctionSource } from '../../wasm/assemble.ts';
import { advance, loopUntil } from '../../wasm/idioms.ts';

/**
 * `adler(at, length, sums)`: of `length` bytes, a multiple of 16 and at most 5552, four partial sums to `sums`, a byte counted once
 * each; four more in which a byte counts as often as there are bytes from it to the end of its sixteen; and four of the sums before
 * each sixteen. 5552 bytes of 255 still fit into 32 bits.
 */
export const adlerCode: readonly FunctionSource[] = [
  {
    name: 'adler',
    parameters: ['i32', 'i32', 'i32'],
    write(code, [at, length, sums]) {
      const start = code.local('i32');
      const [plain, weighted, before] = [code.local('v128'), code.local('v128'), code.local('v128')];
      const halves = [code.local('v128'), code.local('v128')];
      code.get(at);
      code.set(start);
      loopUntil(code, at, start, length, () => {
        code.get(before);
        code.get(plain);
        code.op('i32x4.add');
        code.set(before);
        halves.forEach((half, i) => {
          code.get(at);
          code.memory('v128.load');
          code.op(i === 0 ? 'i16x8.extend_low_i8x16_u' : 'i16x8.extend_high_i8x16_u');
          code.set(half);
          for (const [sum, weights] of [
            [plain, ONES],
            [weighted, i === 0 ? SIXTEEN_DOWN : EIGHT_DOWN],
          ] as const) {
            code.get(half);
            code.bytes16('v128.const', weights);
            code.op('i32x4.dot_i16x8_s');
            code.get(sum);
            code.op('i32x4.add');
            code.set(sum);
          }
        });
        advance(code, at, 16);
      });
      [plain, weighted, before].forEach((sum, i) => {
        code.get(sums);
        code.get(sum);
        code.memory('v128.store', 16 * i);
      });
    },
  },
];

const ONES: readonly number[] = words(() => 1);
const SIXTEEN_DOWN: readonly number[] = words((i) => 16 - i);
const EIGHT_DOWN: readonly number[] = words((i) => 8 - i);

/** Eight 16-bit numbers as bytes. */
function words(of: (i: number) => number): number[] {
  return Array.from({ length: 8 }, (_, i) => [of(i), 0]).flat();
}
