import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import { f32x4, i32, kept, load, set, when } from '../../wasm/expressions.ts';
import { advance, clearSums, countDown, multiplyAdd, nextColumnTile, storeSums } from '../../wasm/idioms.ts';

/** What the code of a correlation by a list of taps depends on. */
interface SparseSpecification {
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
    functionOf({
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
        set(code, offset, f32x4.splat(bias));
        set(code, lastColumn, i32.sub(rowBytes, tileBytes));
        code.loop((nextRow) => {
          set(code, column, 0);
          code.loop((nextColumn) => {
            clearSums(code, sums);
            set(code, tap, list);
            set(code, base, i32.add(strip, column));
            when(code, kept(left, count), () => {
              code.loop((nextTap) => {
                set(code, sample, i32.add(base, load('i32.load', tap, 0, 2)));
                set(code, splat, load('v128.load32_splat', tap, 4, 2));
                sums.forEach((sum, v) => {
                  set(code, register, load('v128.load', sample, 16 * v, 2));
                  multiplyAdd(code, sum, register, splat, fused);
                });
                advance(code, tap, 8);
                countDown(code, left, nextTap);
              });
            });
            set(code, sample, i32.add(out, column));
            storeSums(code, sample, sums, offset);
            nextColumnTile(code, column, lastColumn, tileBytes, nextColumn);
          });
          advance(code, strip, pitch);
          advance(code, out, outPitch);
          countDown(code, rows, nextRow);
        });
      },
    }),
  ];
}
