import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { i32, kept, load, set, store, when } from '../../wasm/expressions.ts';
import { advance, countDown } from '../../wasm/idioms.ts';

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
    functionOf({
      name: 'fill',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
      write(code, operands) {
        const [row, out, pitch, outPitch, rows, skip, vectors, left, leftList, to, right, rightList, constant] =
          operands;
        const sample = code.local('i32');
        const target = code.local('i32');
        const count = code.local('i32');
        const place = code.local('i32');
        const side = { code, row, target, count, place, constant };
        code.loop((nextRow) => {
          set(code, target, out);
          writeSide(side, left, leftList);
          set(code, sample, i32.add(row, skip));
          when(code, kept(count, vectors), () => {
            code.loop((nextVector) => {
              store(code, 'v128.store', target, load('v128.load', sample, 0, 2), 0, 2);
              advance(code, target, 16);
              advance(code, sample, 16);
              countDown(code, count, nextVector);
            });
          });
          set(code, target, i32.add(out, to));
          writeSide(side, right, rightList);
          advance(code, row, pitch);
          advance(code, out, outPitch);
          countDown(code, rows, nextRow);
        });
      },
    }),
  ];
}

interface Side {
  readonly code: Code;
  readonly row: Local<'i32'>;
  readonly target: Local<'i32'>;
  readonly count: Local<'i32'>;
  readonly place: Local<'i32'>;
  readonly constant: Local<'f32'>;
}

/** So many samples beside a row, from the places in a list or, without one, the constant. */
function writeSide(
  { code, row, target, count, place, constant }: Side,
  samples: Local<'i32'>,
  list: Local<'i32'>,
): void {
  const each = (body: () => void): void =>
    code.loop((next) => {
      body();
      advance(code, target, 4);
      countDown(code, count, next);
    });
  const fromList = (): void =>
    each(() => {
      store(code, 'f32.store', target, load('f32.load', i32.add(row, load('i32.load', place, 0, 2)), 0, 2), 0, 2);
      advance(code, place, 4);
    });
  const fromConstant = (): void => each(() => store(code, 'f32.store', target, constant, 0, 2));
  when(code, kept(count, samples), () => when(code, kept(place, list), fromList, fromConstant));
}
