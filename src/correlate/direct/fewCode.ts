import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import { f32x4, i32, load, set, store } from '../../wasm/expressions.ts';
import { countDown, multiplyAdd, nextColumnTile } from '../../wasm/idioms.ts';

/** What the code of a correlation of few taps depends on. */
interface FewSpecification {
  readonly height: number;
  readonly width: number;
  /** Rows of a tile of results. */
  readonly rows: number;
  /** Multiply and add in one rounding. */
  readonly fused: boolean;
}

export function fewName({ height, width, rows, fused }: FewSpecification): string {
  return `few f32 ${height}x${width} rows ${rows}${fused ? ' fused' : ''}`;
}

/** Floats of a tile of results: one vector. */
const COLUMNS = 4;

/**
 * The function `few`: correlation of one channel by so few taps, none of them 0, that their weights stay in registers. They are
 * written out; every input row of a tile is loaded once and serves all output rows that it meets. A tile is one vector wide:
 * then V8, which schedules a block from its end, an instruction of each chain at a time, keeps loads beside their arithmetic.
 *
 * Operands: addresses of the strip, the destination and the taps; bytes from row to row of the strip and of the destination;
 * tiles of rows; bytes of a destination row; bias, which is not −0. The last tile of a row is moved left to end where the row
 * does, so that nothing beyond it is touched.
 */
export function fewCode({ height, width, rows, fused }: FewSpecification): FunctionSource[] {
  return [
    functionOf({
      name: 'few',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
      write(code, [strip, out, taps, pitch, outPitch, tiles, rowBytes, bias]) {
        const column = code.local('i32');
        const lastColumn = code.local('i32');
        const at = code.local('i32');
        const offset = code.local('v128');
        const sample = code.local('v128');
        const inputs = Array.from({ length: height + rows - 1 }, () => code.local('i32'));
        const outputs = Array.from({ length: rows }, () => code.local('i32'));
        const sums = outputs.map(() => code.local('v128'));
        const weights = Array.from({ length: height * width }, (_, i) => {
          const weight = code.local('v128');
          set(code, weight, load('v128.load32_splat', taps, 4 * i, 2));
          return weight;
        });
        set(code, offset, f32x4.splat(bias));
        set(code, lastColumn, i32.sub(rowBytes, 4 * COLUMNS));
        code.loop((nextTile) => {
          set(code, inputs[0], strip);
          for (let i = 1; i < inputs.length; i++) set(code, inputs[i], i32.add(inputs[i - 1], pitch));
          set(code, outputs[0], out);
          for (let r = 1; r < rows; r++) set(code, outputs[r], i32.add(outputs[r - 1], outPitch));
          set(code, column, 0);
          code.loop((nextColumn) => {
            inputs.forEach((input, i) => {
              set(code, at, i32.add(input, column));
              for (let q = 0; q < width; q++) {
                set(code, sample, load('v128.load', at, 4 * q, 2));
                for (let r = Math.max(0, i - height + 1); r <= Math.min(i, rows - 1); r++) {
                  const tap = (i - r) * width + q;
                  if (tap > 0) multiplyAdd(code, sums[r], sample, weights[tap], fused);
                  else {
                    // In place of +0 and the product: they differ where that is −0 alone, which the bias makes +0 as well.
                    set(code, sums[r], f32x4.mul(sample, weights[0]));
                  }
                }
              }
              const done = i - height + 1;
              if (done < 0) return;
              set(code, at, i32.add(outputs[done], column));
              store(code, 'v128.store', at, f32x4.add(sums[done], offset), 0, 2);
            });
            nextColumnTile(code, column, lastColumn, 4 * COLUMNS, nextColumn);
          });
          set(code, strip, i32.add(inputs[rows - 1], pitch));
          set(code, out, i32.add(outputs[rows - 1], outPitch));
          countDown(code, tiles, nextTile);
        });
      },
    }),
  ];
}
