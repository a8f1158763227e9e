import type { FunctionSource } from '../../wasm/assemble.ts';
import { advance, clearSums, countDown, multiplyAdd, nextColumnTile, setSum, storeSums } from '../../wasm/idioms.ts';

/** What the code of a correlation by a list of taps depends on. */
export interface SparseSpecification {
  /** Vectors of four columns that are summed at a time. */
  readonly vectors: number;
  readonly fused: boolean;
}

export function sparseName({ vectors, fused }: SparseSpecification): string {
  return `sparse f32 ${vectors}${fused ? ' fused' : ''}`;
}

/**
 * The function `taps`: correlation of a strip with a list of taps, wherever they lie. It serves every kernel that has taps of 0,
 * a dilation or a stride.
 *
 * Operands: addresses of the strip, the destination and the list (byte offset and weight of each tap); taps in the list; bytes
 * from row to row of the strip and of the destination; rows; bytes of a destination row; bias.
 */
export function sparseCode({ vectors, fused }: SparseSpecification): FunctionSource[] {
  const tileBytes = 16 * vectors;
  return [
    {
      name: 'taps',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
      write(code, [strip, out, list, count, pitch, outPitch, rows, rowBytes, bias]) {
        const column = code.local('i32');
        const lastColumn = code.local('i32');
        const base = code.local('i32');
        const sample = code.local('i32');
        const tap = code.local('i32');
        const left = code.local('i32');
        const offset = code.local('v128');
        const splat = code.local('v128');
        const register = code.local('v128');
        const sums = Array.from({ length: vectors }, () => code.local('v128'));
        code.get(bias);
        code.op('f32x4.splat');
        code.set(offset);
        code.get(rowBytes);
        code.i32(tileBytes);
        code.op('i32.sub');
        code.set(lastColumn);
        code.loop((nextRow) => {
          code.i32(0);
          code.set(column);
          code.loop((nextColumn) => {
            clearSums(code, sums);
            code.get(list);
            code.set(tap);
            setSum(code, base, strip, column);
            code.get(count);
            code.tee(left);
            code.if(() => {
              code.loop((nextTap) => {
                code.get(base);
                code.get(tap);
                code.memory('i32.load', 0, 2);
                code.op('i32.add');
                code.set(sample);
                code.get(tap);
                code.memory('v128.load32_splat', 4, 2);
                code.set(splat);
                sums.forEach((sum, v) => {
                  code.get(sample);
                  code.memory('v128.load', 16 * v, 2);
                  code.set(register);
                  multiplyAdd(code, sum, register, splat, fused);
                });
                advance(code, tap, 8);
                countDown(code, left, nextTap);
              });
            });
            setSum(code, sample, out, column);
            storeSums(code, sample, sums, offset);
            nextColumnTile(code, column, lastColumn, tileBytes, nextColumn);
          });
          advance(code, strip, pitch);
          advance(code, out, outPitch);
          countDown(code, rows, nextRow);
        });
      },
    },
  ];
}
