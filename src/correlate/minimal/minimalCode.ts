import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { f32x4, i32, keep, load, set, store, when } from '../../wasm/expressions.ts';
import { advance, countDown, multiplyAdd, nextColumnTile } from '../../wasm/idioms.ts';

/** What the code of minimal filtering depends on. */
export interface MinimalSpecification {
  /** Output channels whose sums share what is loaded. */
  readonly outputs: number;
  /** Vectors of four columns that are summed at a time. */
  readonly vectors: number;
  /** Multiply and add in one rounding. */
  readonly fused: boolean;
}

export function minimalName({ outputs, vectors, fused }: MinimalSpecification): string {
  return `minimal f32 ${outputs}x${vectors}${fused ? ' fused' : ''}`;
}

/**
 * Minimal filtering F(2, 3) down the rows (Winograd 1980; Lavin and Gray 2016): two rows of results of three rows of taps take four
 * products for six. With differences A[r] = x[r] − x[r+2], sums S[r] = x[r] + x[r+1] and steps T[r] = x[r+1] − x[r] of rows, the
 * rows y and y+1 of results are m₀ + m₁ + m₂ and m₁ − m₂ + m₃, where, summed over all groups of three rows of taps,
 *
 * - m₀ = A[y] ⋆ g₀,
 * - m₁ = S[y+1] ⋆ (g₀ + g₁ + g₂)/2,
 * - m₂ = T[y+1] ⋆ (g₀ − g₁ + g₂)/2,
 * - m₃ = A[y+1] ⋆ −g₂,
 *
 * and ⋆ correlates along the row. Rows of taps beyond the last three are added to m₀ and m₃ as they are.
 *
 * `split(source, pitch, to, toPitch, part, rows, rowBytes)` makes A, S and T (`part` bytes apart) of so many rows, whose bytes are
 * those of at least a vector; it reads two rows more.
 *
 * `pairs(source, pitch, plane, split, splitPitch, part, splitPlane, list, out, outPitch, outPlane, pairs, rowBytes, channels, groups,
 * rest, tapBytes)` makes so many pairs of rows of results, of so many input channels, groups of three rows of taps and rows of taps
 * beyond them. The list is {@link packMinimal}'s. The last tile of a row is moved left to end where the row does.
 */
export function minimalCode(specification: MinimalSpecification): FunctionSource[] {
  return [SPLIT, pairsCode(specification)];
}

const SPLIT: FunctionSource = functionOf({
  name: 'split',
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  write(code, [source, pitch, to, toPitch, part, rows, rowBytes]) {
    const [column, lastColumn, at, target] = Array.from({ length: 4 }, () => code.local('i32'));
    const rowsOfSamples = Array.from({ length: 3 }, () => code.local('v128'));
    set(code, lastColumn, i32.sub(rowBytes, 16));
    code.loop((nextRow) => {
      set(code, column, 0);
      code.loop((nextColumn) => {
        set(code, at, i32.add(source, column));
        for (const samples of rowsOfSamples) {
          set(code, samples, load('v128.load', at, 0, 2));
          advance(code, at, pitch);
        }
        const [x0, x1, x2] = rowsOfSamples;
        set(code, target, i32.add(to, column));
        for (const value of [f32x4.sub(x0, x2), f32x4.add(x0, x1), f32x4.sub(x1, x0)]) {
          store(code, 'v128.store', target, value, 0, 2);
          advance(code, target, part);
        }
        nextColumnTile(code, column, lastColumn, 16, nextColumn);
      });
      advance(code, source, pitch);
      advance(code, to, toPitch);
      countDown(code, rows, nextRow);
    });
  },
});

function pairsCode({ outputs, vectors, fused }: MinimalSpecification): FunctionSource {
  return functionOf({
    name: 'pairs',
    parameters: Array.from({ length: 17 }, () => 'i32' as const),
    write(code, parameters) {
      const [source, pitch, plane, split, splitPitch, part, splitPlane] = parameters;
      const [list, out, outPitch, outPlane, pairs, rowBytes, channels, groups, rest, tapBytes] = parameters.slice(7);
      const [column, lastColumn, weight, start, target] = Array.from({ length: 5 }, () => code.local('i32'));
      const sums = Array.from({ length: outputs }, () => Array.from({ length: vectors }, () => code.local('v128')));
      const loops = tapLoops(code, { weight, tapBytes, channels }, sums, fused);
      const threeRows = keep(code, i32.mul(splitPitch, 3));
      const parts = { sums: keep(code, i32.add(split, part)), steps: keep(code, i32.add(split, i32.mul(part, 2))) };

      const clear = (): void => sums.flat().forEach((sum) => set(code, sum, f32x4.splat(0)));
      /** The sums begin with the biases at the start of the list. */
      const begin = (): void =>
        sums.forEach((sum, o) =>
          sum.forEach((register) => set(code, register, load('v128.load32_splat', list, 4 * o, 2))),
        );
      const grouped = (from: Local<'i32'>, rowsDown: 0 | 1): void => {
        set(code, start, i32.add(from, column));
        if (rowsDown === 1) advance(code, start, splitPitch);
        loops(start, splitPlane, groups, threeRows);
      };
      const ungrouped = (rowsDown: 0 | 1): void =>
        when(code, rest, () => {
          const below = i32.add(i32.mul(groups, 3), rowsDown);
          set(code, start, i32.add(i32.add(source, column), i32.mul(below, pitch)));
          loops(start, plane, rest, pitch);
        });
      /** Each register with what lies in its place of the first or second row; `undefined` where nothing does yet. */
      const combine = (row: 0 | 1, value: (sum: Local<'v128'>, v: number) => ReturnType<typeof f32x4.add>): void => {
        set(code, target, i32.add(out, column));
        if (row === 1) advance(code, target, outPitch);
        sums.forEach((sum, o) => {
          sum.forEach((register, v) => store(code, 'v128.store', target, value(register, v), 16 * v, 2));
          if (o < outputs - 1) advance(code, target, outPlane);
        });
      };
      const there = (v: number): ReturnType<typeof f32x4.add> => load('v128.load', target, 16 * v, 2);

      set(code, lastColumn, i32.sub(rowBytes, 16 * vectors));
      code.loop((nextPair) => {
        set(code, column, 0);
        code.loop((nextColumn) => {
          set(code, weight, i32.add(list, 4 * outputs));
          begin();
          grouped(split, 0);
          ungrouped(0);
          combine(0, (sum) => sum);
          clear();
          grouped(parts.sums, 1);
          combine(0, (sum, v) => f32x4.add(there(v), sum));
          combine(1, (sum) => sum);
          clear();
          grouped(parts.steps, 1);
          combine(0, (sum, v) => f32x4.add(there(v), sum));
          combine(1, (sum, v) => f32x4.sub(there(v), sum));
          begin();
          grouped(split, 1);
          ungrouped(1);
          combine(1, (sum, v) => f32x4.add(there(v), sum));
          nextColumnTile(code, column, lastColumn, 16 * vectors, nextColumn);
        });
        for (const address of [source]) advance(code, address, i32.mul(pitch, 2));
        for (const address of [split, parts.sums, parts.steps]) advance(code, address, i32.mul(splitPitch, 2));
        advance(code, out, i32.mul(outPitch, 2));
        countDown(code, pairs, nextPair);
      });
    },
  });
}

/** Code that adds the products of rows of taps, for each channel: from `start` on, `step` bytes from one row of samples to the next. */
function tapLoops(
  code: Code,
  { weight, tapBytes, channels }: Readonly<Record<'weight' | 'tapBytes' | 'channels', Local<'i32'>>>,
  sums: readonly (readonly Local<'v128'>[])[],
  fused: boolean,
): (start: Local<'i32'>, plane: Local<'i32'>, rows: Local<'i32'>, step: Local<'i32'>) => void {
  const [channelsLeft, rowsLeft, row, sample, end] = Array.from({ length: 5 }, () => code.local('i32'));
  const splat = code.local('v128');
  const samples = sums[0].map(() => code.local('v128'));
  return (start, plane, rows, step) => {
    set(code, channelsLeft, channels);
    code.loop((nextChannel) => {
      set(code, row, start);
      set(code, rowsLeft, rows);
      code.loop((nextRow) => {
        set(code, sample, row);
        set(code, end, i32.add(row, tapBytes));
        code.loop((nextTap) => {
          samples.forEach((register, v) => set(code, register, load('v128.load', sample, 16 * v, 2)));
          sums.forEach((sum, o) => {
            set(code, splat, load('v128.load32_splat', weight, 4 * o, 2));
            sum.forEach((register, v) => multiplyAdd(code, register, samples[v], splat, fused));
          });
          advance(code, weight, 4 * sums.length);
          advance(code, sample, 4);
          i32.ne(sample, end).push(code);
          code.brIf(nextTap);
        });
        advance(code, row, step);
        countDown(code, rowsLeft, nextRow);
      });
      advance(code, start, plane);
      countDown(code, channelsLeft, nextChannel);
    });
  };
}

/** Words of the list of so many taps of each output. */
export function minimalWords(outputs: number, channels: number, height: number, width: number): number {
  const groups = Math.floor(height / 3);
  return outputs * (1 + channels * width * (4 * groups + 2 * (height - 3 * groups)));
}

/**
 * Writes the biases and the transformed taps of some outputs (each I×kh×kw) in the order in which the code reads them.
 *
 * @param place index of the first of {@link minimalWords} words
 */
export function packMinimal(
  floats: Float32Array,
  place: number,
  taps: readonly Float32Array[],
  biases: readonly number[],
  height: number,
  width: number,
): void {
  const groups = Math.floor(height / 3);
  const channels = taps[0].length / (height * width);
  let next = place;
  for (const bias of biases) floats[next++] = bias;
  const write = (
    rows: number,
    tapOf: (weights: Float32Array, row: number, q: number) => number,
    first: number,
  ): void => {
    for (let c = 0; c < channels; c++) {
      for (let j = 0; j < rows; j++) {
        for (let q = 0; q < width; q++) {
          for (const weights of taps)
            floats[next++] = tapOf(weights, c * height + first + (first === 0 ? 3 : 1) * j, q);
        }
      }
    }
  };
  const at = (weights: Float32Array, row: number, q: number): number => weights[row * width + q];
  const rest = height - 3 * groups;
  write(groups, at, 0);
  write(rest, at, 3 * groups);
  write(groups, (w, r, q) => (at(w, r, q) + at(w, r + 1, q) + at(w, r + 2, q)) / 2, 0);
  write(groups, (w, r, q) => (at(w, r, q) - at(w, r + 1, q) + at(w, r + 2, q)) / 2, 0);
  write(groups, (w, r, q) => -at(w, r + 2, q), 0);
  write(rest, at, 3 * groups);
}
