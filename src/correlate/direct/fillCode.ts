import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { advance, countDown, setSum } from '../../wasm/idioms.ts';

export const FILL_NAME = 'fill f32';

/**
 * The function `fill`: rows of a picture that follow each other there, with the border on their left and right.
 *
 * Operands: addresses of the first row and of its destination, and bytes from row to row of both; rows; bytes to skip in a row,
 * and vectors to copy of it; samples on the left, and the address of a list of where in the row each stands, in bytes (0 where it
 * is the border's constant); bytes to the samples on the right, how many, and their list; the constant. Up to 12 bytes are read and
 * written beyond the copied samples, before those on the right are written.
 */
export function fillCode(): FunctionSource[] {
  return [
    {
      name: 'fill',
      parameters: [...new Array<'i32'>(12).fill('i32'), 'f32'],
      write(code, operands) {
        const [row, out, pitch, outPitch, rows, skip, vectors, left, leftList, to, right, rightList, constant] =
          operands;
        const sample = code.local('i32');
        const target = code.local('i32');
        const count = code.local('i32');
        const place = code.local('i32');
        const side = { code, row, target, count, place, constant };
        code.loop((nextRow) => {
          setSum(code, target, out, 0);
          writeSide(side, left, leftList);
          setSum(code, sample, row, skip);
          code.get(vectors);
          code.tee(count);
          code.if(() => {
            code.loop((nextVector) => {
              code.get(target);
              code.get(sample);
              code.memory('v128.load', 0, 2);
              code.memory('v128.store', 0, 2);
              advance(code, target, 16);
              advance(code, sample, 16);
              countDown(code, count, nextVector);
            });
          });
          setSum(code, target, out, to);
          writeSide(side, right, rightList);
          advance(code, row, pitch);
          advance(code, out, outPitch);
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
