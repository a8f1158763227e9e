import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { branchIf, f32x4, i32, kept, load, set } from '../../wasm/expressions.ts';
import { advance, clearSums, countDown, multiplyAdd, nextColumnTile, storeSums } from '../../wasm/idioms.ts';

/** A tile of accumulators: so many output rows by so many vectors of four columns. */
export interface Tile {
  readonly rows: number;
  readonly vectors: number;
}

/** What the code of a dense correlation depends on: not the kernel's size, so that every kernel finds it compiled. */
export interface DenseSpecification {
  readonly tile: Tile;
  /** Multiply and add in one rounding. */
  readonly fused: boolean;
  /** Whether a row of taps is a single one: then it needs no loop of its own. */
  readonly column: boolean;
}

export function denseName({ tile, fused, column }: DenseSpecification): string {
  return `dense f32 tile ${tile.rows}x${tile.vectors}${fused ? ' fused' : ''}${column ? ' column' : ''}`;
}

/**
 * The function `dense`: correlation of a strip, a tile of output rows at a time.
 *
 * Every input row of a tile is loaded once and serves all output rows that it meets; the taps of a row are a loop, one tap an
 * iteration, so that the accumulators stay in registers (unrolled, V8 hoists the loads and spills them). The first and the last
 * rows of a tile's input meet fewer output rows and have loops of their own.
 *
 * Operands: addresses of the strip, the destination and the packed taps ({@link packDense}); bytes from row to row of the
 * strip, from channel to channel of it, and from row to row of the destination; tiles of rows; bytes of a destination row;
 * channels; rows of taps, no fewer than those of a tile; bytes of a row of taps; bias. The last tile of a row is moved left to
 * end where the row does, so that nothing beyond it is touched.
 */
export function denseCode({ tile, fused, column: single }: DenseSpecification): FunctionSource[] {
  const { rows, vectors } = tile;
  const tileBytes = 16 * vectors;
  const dense = functionOf({
    name: 'dense',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
    write(code, [strip, out, taps, pitch, plane, outPitch, tiles, rowBytes, channels, height, tapBytes, bias]) {
      const [column, lastColumn, channel, channelAt, row] = Array.from({ length: 5 }, () => code.local('i32'));
      const [sample, end, weight, left, target] = Array.from({ length: 5 }, () => code.local('i32'));
      const offset = code.local('v128');
      const splat = code.local('v128');
      const samples = Array.from({ length: vectors }, () => code.local('v128'));
      const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => code.local('v128')));

      /** One input row under the output rows `first` … `last` of the tile. */
      const inputRow = (first: number, last: number): void => {
        const active = sums.slice(first, last + 1);
        const tap = (from: Local<'i32'>): void => {
          samples.forEach((register, v) => {
            set(code, register, load('v128.load', from, 16 * v, 2));
          });
          active.forEach((sum, r) => {
            set(code, splat, load('v128.load32_splat', weight, 4 * r, 2));
            sum.forEach((register, v) => multiplyAdd(code, register, samples[v], splat, fused));
          });
          advance(code, weight, 4 * active.length);
        };
        if (single) tap(row);
        else {
          set(code, end, i32.add(kept(sample, row), tapBytes));
          code.loop((again) => {
            tap(sample);
            advance(code, sample, 4);
            branchIf(code, i32.ne(sample, end), again);
          });
        }
        advance(code, row, pitch);
      };

      set(code, offset, f32x4.splat(bias));
      set(code, lastColumn, i32.sub(rowBytes, tileBytes));
      code.loop((nextTile) => {
        set(code, column, 0);
        code.loop((nextColumn) => {
          clearSums(code, sums.flat());
          set(code, weight, taps);
          set(code, channel, channels);
          set(code, channelAt, i32.add(strip, column));
          code.loop((nextChannel) => {
            set(code, row, channelAt);
            for (let last = 0; last < rows - 1; last++) inputRow(0, last);
            set(code, left, i32.sub(height, rows - 1));
            code.loop((again) => {
              inputRow(0, rows - 1);
              countDown(code, left, again);
            });
            for (let first = 1; first < rows; first++) inputRow(first, rows - 1);
            advance(code, channelAt, plane);
            countDown(code, channel, nextChannel);
          });
          set(code, target, i32.add(out, column));
          sums.forEach((sum, r) => {
            storeSums(code, target, sum, offset);
            if (r < rows - 1) advance(code, target, outPitch);
          });
          nextColumnTile(code, column, lastColumn, tileBytes, nextColumn);
        });
        advanceRows(code, strip, pitch, rows);
        advanceRows(code, out, outPitch, rows);
        countDown(code, tiles, nextTile);
      });
    },
  });
  return [dense];
}

/**
 * Writes the taps of one output channel (I×kh×kw) in the order in which the code of so many rows reads them: input row i of a tile
 * meets output row r where 0 ≤ i − r < height. They take `rows` times as many floats as there are taps.
 *
 * @param place index of the first of them
 */
export function packDense(
  floats: Float32Array,
  place: number,
  taps: Float32Array,
  height: number,
  width: number,
  rows: number,
): void {
  const channels = taps.length / (height * width);
  let next = place;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < rows + height - 1; i++) {
      const first = Math.max(0, i - height + 1);
      const last = Math.min(rows - 1, i);
      for (let q = 0; q < width; q++) {
        for (let r = first; r <= last; r++) floats[next++] = taps[(c * height + i - r) * width + q];
      }
    }
  }
}

function advanceRows(code: Code, local: Local<'i32'>, pitch: Local<'i32'>, rows: number): void {
  set(code, local, i32.add(local, i32.mul(pitch, rows)));
}
