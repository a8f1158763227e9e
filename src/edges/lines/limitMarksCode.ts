import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import { f32x4, i16x8, i32x4, i8x16, keep, lanes, load, store, v128 } from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import { inGroups } from './marksCode.ts';

export const LIMIT_MARKS_NAME = 'limit marks';

/**
 * The function `limit`, which makes marks of a row of responses: 1 where the absolute value is above `low`, 2 where it is above `high`, too,
 * and 0 where the old mark is 0; old marks are 0 or 1. Operands: addresses of the responses and of the marks, columns, a multiple of 16; low
 * and high.
 */
export function limitMarksCode(): FunctionSource[] {
  return [
    functionOf({
      name: 'limit',
      parameters: ['i32', 'i32', 'i32', 'f32', 'f32'],
      write(code, [responses, marks, columns, lowest, highest]) {
        const [low, high] = [lowest, highest].map((limit) => keep(code, f32x4.splat(limit)));
        const zero = lanes('i32', 0);
        inGroups(code, columns, 16, () => {
          const quarters = [0, 1, 2, 3].map((quarter) => {
            const size = keep(code, f32x4.abs(load('v128.load', responses, 16 * quarter, 2)));
            const stays = keep(code, f32x4.gt(size, low));
            return i32x4.sub(zero, i32x4.add(stays, v128.and(stays, f32x4.gt(size, high))));
          });
          const [a, b, c, d] = quarters;
          const made = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(a, b), i16x8.narrow_i32x4_u(c, d));
          store(code, 'v128.store', marks, v128.and(made, i8x16.sub(lanes('i8', 0), load('v128.load', marks))));
          advance(code, responses, 64);
          advance(code, marks, 16);
        });
      },
    }),
  ];
}
