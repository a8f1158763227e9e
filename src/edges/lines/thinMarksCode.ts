import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Local } from '../../wasm/code.ts';
import { advance } from '../../wasm/idioms.ts';
import { FINISH, inGroups, writeMarks, writeNoMarks } from './marksCode.ts';

export const THIN_MARKS_NAME = 'thin marks';

/**
 * The function `thin`, which marks a row of pixels: 1 where a length is above `low` and, interpolated, the largest along its gradient; 2
 * where it is above `high`, too. Operands: addresses of the lengths above, here and below (a 0 beside each row), of the gradient across
 * and down, and of the marks; columns, a multiple of 16; low and high. And `finish`, of `marksCode`.
 */
export function thinMarksCode(): FunctionSource[] {
  return [THIN, FINISH];
}

const THIN: FunctionSource = {
  name: 'thin',
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32'],
  write(code, [above, here, below, across, down, marks, columns, lowest, highest]) {
    const vector = (): Local => code.local('v128');
    const [low, high] = [lowest, highest].map((limit) => {
      const local = vector();
      code.get(limit);
      code.op('f32x4.splat');
      code.set(local);
      return local;
    });
    const [length, longer, a, b, zero, steep, rising, weight, rest, spare] = Array.from({ length: 10 }, vector);
    const load = (row: Local, column: number): void => {
      code.get(row);
      // Addresses are moved one column to the left, because offsets are not below 0.
      code.memory('v128.load', 4 * (column + 1), 2);
    };
    const choose = (mask: Local): void => {
      code.get(mask);
      code.op('v128.bitselect');
    };
    code.f32(0);
    code.op('f32x4.splat');
    code.set(zero);
    for (const row of [above, here, below]) advance(code, row, -4);

    /** Whether the length between two neighbours on one side is not the larger one, on the stack. */
    const reaches = (row: Local, side: 1 | -1): void => {
      load(row, 0);
      load(here, -side);
      load(here, side);
      choose(rising);
      choose(steep);
      code.get(rest);
      code.op('f32x4.mul');
      load(row, -side);
      load(row, side);
      choose(rising);
      code.get(weight);
      code.op('f32x4.mul');
      code.op('f32x4.add');
      code.get(length);
      code.op('f32x4.gt');
      code.op('v128.not');
    };
    const compare = (first: Local, instruction: 'f32x4.lt' | 'f32x4.gt'): void => {
      code.get(first);
      code.get(zero);
      code.op(instruction);
    };

    inGroups(code, columns, 4, () => {
      load(here, 0);
      code.tee(length);
      code.get(low);
      code.op('f32x4.gt');
      code.tee(longer);
      code.op('v128.any_true');
      code.if(
        () => {
          for (const [row, slope] of [
            [across, a],
            [down, b],
          ]) {
            code.get(row);
            code.memory('v128.load', 0, 2);
            code.set(slope);
          }
          // Slopes of opposite signs: the picture rises towards the upper right or the lower left.
          compare(a, 'f32x4.lt');
          compare(b, 'f32x4.gt');
          code.op('v128.and');
          compare(a, 'f32x4.gt');
          compare(b, 'f32x4.lt');
          code.op('v128.and');
          code.op('v128.or');
          code.set(rising);
          for (const slope of [a, b]) {
            code.get(slope);
            code.op('f32x4.abs');
            code.set(slope);
          }
          code.get(b);
          code.get(a);
          code.op('f32x4.ge');
          code.set(steep);
          code.get(a);
          code.get(b);
          choose(steep);
          code.get(b);
          code.get(a);
          choose(steep);
          code.op('f32x4.div');
          code.set(weight);
          code.f32(1);
          code.op('f32x4.splat');
          code.get(weight);
          code.op('f32x4.sub');
          code.set(rest);
          code.get(longer);
          reaches(above, -1);
          code.op('v128.and');
          reaches(below, 1);
          code.op('v128.and');
          const isStrong = (): void => {
            code.get(length);
            code.get(high);
            code.op('f32x4.gt');
          };
          writeMarks(code, isStrong, marks, spare);
        },
        () => writeNoMarks(code, marks),
      );
      for (const row of [above, here, below, across, down]) advance(code, row, 16);
      advance(code, marks, 4);
    });
  },
};
