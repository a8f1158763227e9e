import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import { i16x8, i32x4, keep, lanes, load, set, store } from '../../wasm/expressions.ts';
import { advance, loopUntil } from '../../wasm/idioms.ts';

/**
 * `adler(at, length, sums)`: of `length` bytes, a multiple of 16 and at most 5552, four partial sums to `sums`, a byte counted once
 * each; four more in which a byte counts as often as there are bytes from it to the end of its sixteen; and four of the sums before
 * each sixteen. 5552 bytes of 255 still fit into 32 bits.
 */
export const adlerCode: readonly FunctionSource[] = [
  functionOf({
    name: 'adler',
    parameters: ['i32', 'i32', 'i32'],
    write(code, [at, length, sums]) {
      const start = keep(code, at);
      const [plain, weighted, before] = [code.local('v128'), code.local('v128'), code.local('v128')];
      loopUntil(code, at, start, length, () => {
        set(code, before, i32x4.add(before, plain));
        const bytes = keep(code, load('v128.load', at));
        const halves = [i16x8.extend_low_i8x16_u(bytes), i16x8.extend_high_i8x16_u(bytes)];
        halves.forEach((value, i) => {
          const half = keep(code, value);
          set(code, plain, i32x4.add(i32x4.dot_i16x8_s(half, lanes('i16', 1)), plain));
          set(code, weighted, i32x4.add(i32x4.dot_i16x8_s(half, lanes('i16', ...DOWN_FROM[i])), weighted));
        });
        advance(code, at, 16);
      });
      [plain, weighted, before].forEach((sum, i) => store(code, 'v128.store', sums, sum, 16 * i));
    },
  }),
];

/** How often each byte of a half counts: from it to the end of its sixteen. */
const DOWN_FROM: readonly (readonly number[])[] = [16, 8].map((first) =>
  Array.from({ length: 8 }, (_, i) => first - i),
);
