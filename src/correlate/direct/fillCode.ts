import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { advance, countDown } from '../emit.ts';

export const FILL_NAME = 'fill f32';

/**
 * The function `fill`: rows of a picture with the border on their left and right, one under the other.
 *
 * Operands: address of a list of the rows' addresses (0 for a row that the border's constant fills), the destination, and bytes
 * from row to row of it; rows; bytes to skip in a row, and to copy of it; samples on the left, and the address of a list of
 * where in the row each stands, in bytes (0 where it is the constant), and the same on the right; vectors of a destination row;
 * the constant.
 */
export function fillCode(): FunctionSource[] {
  return [
    {
      name: 'fill',
      parameters: [...new Array<'i32'>(11).fill('i32'), 'f32'],
      write(code, operands) {
        const [list, out, outPitch, rows, skip, bytes, left, leftList, right, rightList, vectors, constant] = operands;
        const row = code.local('i32');
        const target = code.local('i32');
        const count = code.local('i32');
        const place = code.local('i32');
        const splat = code.local('v128');
        const side = { code, row, target, count, place, constant };
        code.get(constant);
        code.op('f32x4.splat');
        code.set(splat);
        code.loop((nextRow) => {
          code.get(list);
          code.memory('i32.load', 0, 2);
          code.set(row);
          code.get(out);
          code.set(target);
          code.get(row);
          code.if(
            () => {
              writeSide(side, left, leftList);
              code.get(target);
              code.get(row);
              code.get(skip);
              code.op('i32.add');
              code.get(bytes);
              code.op('memory.copy');
              advance(code, target, bytes);
              writeSide(side, right, rightList);
            },
            () => {
              code.get(vectors);
              code.set(count);
              code.loop((nextVector) => {
                code.get(target);
                code.get(splat);
                code.memory('v128.store', 0, 2);
                advance(code, target, 16);
                countDown(code, count, nextVector);
              });
            },
          );
          advance(code, out, outPitch);
          advance(code, list, 4);
          countDown(code, rows, nextRow);
        });
      },
    },
  ];
}

interface Side {
  readonly code: Code;
  readonly row: Local;
  readonly target: Local;
  readonly count: Local;
  readonly place: Local;
  readonly constant: Local;
}

/** So many samples beside a row, from the places in a list or, without one, the constant. */
function writeSide({ code, row, target, count, place, constant }: Side, samples: Local, list: Local): void {
  const each = (value: () => void): void =>
    code.loop((next) => {
      code.get(target);
      value();
      code.memory('f32.store', 0, 2);
      advance(code, target, 4);
      countDown(code, count, next);
    });
  code.get(samples);
  code.tee(count);
  code.if(() => {
    code.get(list);
    code.tee(place);
    code.if(
      () =>
        each(() => {
          code.get(row);
          code.get(place);
          code.memory('i32.load', 0, 2);
          code.op('i32.add');
          code.memory('f32.load', 0, 2);
          advance(code, place, 4);
        }),
      () => each(() => code.get(constant)),
    );
  });
}
