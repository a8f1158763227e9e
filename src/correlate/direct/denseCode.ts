import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { advance, clearSums, countDown, multiplyAdd, nextColumnTile, setSum, storeSums } from '../../wasm/idioms.ts';

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
  const dense: FunctionSource = {
    name: 'dense',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
    write(code, [strip, out, taps, pitch, plane, outPitch, tiles, rowBytes, channels, height, tapBytes, bias]) {
      const column = code.local('i32');
      const lastColumn = code.local('i32');
      const channel = code.local('i32');
      const channelAt = code.local('i32');
      const row = code.local('i32');
      const sample = code.local('i32');
      const end = code.local('i32');
      const weight = code.local('i32');
      const left = code.local('i32');
      const target = code.local('i32');
      const offset = code.local('v128');
      const splat = code.local('v128');
      const samples = Array.from({ length: vectors }, () => code.local('v128'));
      const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => code.local('v128')));

      /** One input row under the output rows `first` … `last` of the tile. */
      const inputRow = (first: number, last: number): void => {
        const active = sums.slice(first, last + 1);
        const tap = (from: Local): void => {
          samples.forEach((register, v) => {
            code.get(from);
            code.memory('v128.load', 16 * v, 2);
            code.set(register);
          });
          active.forEach((sum, r) => {
            code.get(weight);
            code.memory('v128.load32_splat', 4 * r, 2);
            code.set(splat);
            sum.forEach((register, v) => multiplyAdd(code, register, samples[v], splat, fused));
          });
          advance(code, weight, 4 * active.length);
        };
        if (single) tap(row);
        else {
          code.get(row);
          code.tee(sample);
          code.get(tapBytes);
          code.op('i32.add');
          code.set(end);
          code.loop((again) => {
            tap(sample);
            advance(code, sample, 4);
            code.get(sample);
            code.get(end);
            code.op('i32.ne');
            code.brIf(again);
          });
        }
        advance(code, row, pitch);
      };

      code.get(bias);
      code.op('f32x4.splat');
      code.set(offset);
      code.get(rowBytes);
      code.i32(tileBytes);
      code.op('i32.sub');
      code.set(lastColumn);
      code.loop((nextTile) => {
        code.i32(0);
        code.set(column);
        code.loop((nextColumn) => {
          clearSums(code, sums.flat());
          code.get(taps);
          code.set(weight);
          code.get(channels);
          code.set(channel);
          setSum(code, channelAt, strip, column);
          code.loop((nextChannel) => {
            code.get(channelAt);
            code.set(row);
            for (let last = 0; last < rows - 1; last++) inputRow(0, last);
            code.get(height);
            code.i32(rows - 1);
            code.op('i32.sub');
            code.set(left);
            code.loop((again) => {
              inputRow(0, rows - 1);
              countDown(code, left, again);
            });
            for (let first = 1; first < rows; first++) inputRow(first, rows - 1);
            advance(code, channelAt, plane);
            countDown(code, channel, nextChannel);
          });
          setSum(code, target, out, column);
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
  };
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

function advanceRows(code: Code, local: Local, pitch: Local, rows: number): void {
  code.get(local);
  code.get(pitch);
  code.i32(rows);
  code.op('i32.mul');
  code.op('i32.add');
  code.set(local);
}
