import type { FunctionSource } from '../wasm/assemble.ts';
import type { Code, Local } from '../wasm/code.ts';
import { add, advance, countDown } from './denseCode.ts';

export const DIFFERENCE_NAME = 'row differences f32';

/**
 * The function `differences`: of rows 2n, 2n + 1 and 2n + 2 of a plane, row 2n − row (2n + 1) and row (2n + 2) − row (2n + 1).
 *
 * Operands: addresses of the plane and of the two destinations; bytes from row to row of the plane and of the destinations;
 * rows of a destination; vectors of a row. Up to three samples beyond a row are read and written.
 */
export function differenceCode(): FunctionSource[] {
  return [
    {
      name: 'differences',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
      write(code, [plane, upper, lower, pitch, outPitch, rows, vectors]) {
        const [even, odd, next, to, down, left] = Array.from({ length: 6 }, () => code.local('i32'));
        const middle = code.local('v128');
        code.loop((nextRow) => {
          follow(code, plane, even);
          follow(code, even, odd, pitch);
          follow(code, odd, next, pitch);
          follow(code, upper, to);
          follow(code, lower, down);
          follow(code, vectors, left);
          code.loop((nextVector) => {
            code.get(odd);
            code.memory('v128.load', 0, 2);
            code.set(middle);
            for (const [source, target] of [
              [even, to],
              [next, down],
            ]) {
              code.get(target);
              code.get(source);
              code.memory('v128.load', 0, 2);
              code.get(middle);
              code.op('f32x4.sub');
              code.memory('v128.store', 0, 2);
            }
            for (const address of [even, odd, next, to, down]) advance(code, address, 16);
            countDown(code, left, nextVector);
          });
          add(code, plane, pitch);
          add(code, plane, pitch);
          add(code, upper, outPitch);
          add(code, lower, outPitch);
          countDown(code, rows, nextRow);
        });
      },
    },
  ];
}

/** to = from (+ by). */
function follow(code: Code, from: Local, to: Local, by?: Local): void {
  code.get(from);
  if (by !== undefined) {
    code.get(by);
    code.op('i32.add');
  }
  code.set(to);
}
