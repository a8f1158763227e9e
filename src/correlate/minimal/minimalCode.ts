import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { f32x4, i32, load, set, store } from '../../wasm/expressions.ts';
import { advance, countDown, multiplyAdd, nextColumnTile } from '../../wasm/idioms.ts';

/** What the code of minimal filtering depends on. */
interface MinimalSpecification {
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

/** Rows that are made of the four rows of samples under two rows of results. */
export const PARTS = 4;

/**
 * Minimal filtering F(2, 3) down the rows (Winograd 1980; Lavin and Gray 2016): two rows of results of three rows of taps g₀, g₁, g₂
 * take four products for six. Of the rows x₀ … x₃ of samples under them
 *
 * - m₀ = (x₀ − x₂) ⋆ g₀,
 * - m₁ = (x₁ + x₂) ⋆ (g₀ + g₁ + g₂)/2,
 * - m₂ = (x₂ − x₁) ⋆ (g₀ − g₁ + g₂)/2,
 * - m₃ = (x₁ − x₃) ⋆ −g₂,
 *
 * where ⋆ correlates along the row, and the rows of results are m₁ + m₀ + m₂ and m₁ − m₂ + m₃, summed over all input channels.
 *
 * `split(source, pitch, to, toPitch, pairs, rowBytes)` makes the four rows, `toPitch` bytes apart, of so many pairs of rows of results;
 * a row holds at least a vector.
 *
 * `pairs(split, splitPitch, splitPlane, list, out, outPitch, outPlane, pairs, rowBytes, channels, tapBytes)` makes so many pairs of rows
 * of results. The list is {@link packMinimal}'s. The last tile of a row is moved left to end where the row does.
 */
export function minimalCode(specification: MinimalSpecification): FunctionSource[] {
  return [SPLIT, pairsCode(specification)];
}

const SPLIT: FunctionSource = functionOf({
  name: 'split',
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  write(code, [source, pitch, to, toPitch, pairs, rowBytes]) {
    const [column, lastColumn, at, target] = Array.from({ length: 4 }, () => code.local('i32'));
    const samples = Array.from({ length: PARTS }, () => code.local('v128'));
    set(code, lastColumn, i32.sub(rowBytes, 16));
    code.loop((nextPair) => {
      set(code, column, 0);
      code.loop((nextColumn) => {
        set(code, at, i32.add(source, column));
        for (const row of samples) {
          set(code, row, load('v128.load', at, 0, 2));
          advance(code, at, pitch);
        }
        const [x0, x1, x2, x3] = samples;
        set(code, target, i32.add(to, column));
        for (const value of [f32x4.sub(x0, x2), f32x4.add(x1, x2), f32x4.sub(x2, x1), f32x4.sub(x1, x3)]) {
          store(code, 'v128.store', target, value, 0, 2);
          advance(code, target, toPitch);
        }
        nextColumnTile(code, column, lastColumn, 16, nextColumn);
      });
      advance(code, source, i32.mul(pitch, 2));
      advance(code, to, i32.mul(toPitch, PARTS));
      countDown(code, pairs, nextPair);
    });
  },
});

function pairsCode({ outputs, vectors, fused }: MinimalSpecification): FunctionSource {
  return functionOf({
    name: 'pairs',
    parameters: Array.from({ length: 11 }, () => 'i32' as const),
    write(code, [split, splitPitch, splitPlane, list, out, outPitch, outPlane, pairs, rowBytes, ...counts]) {
      const [channels, tapBytes] = counts;
      const [column, lastColumn, weight, target] = Array.from({ length: 4 }, () => code.local('i32'));
      const sums = Array.from({ length: outputs }, () => Array.from({ length: vectors }, () => code.local('v128')));
      const addProducts = productsOf(
        code,
        { split, splitPitch, splitPlane, column, weight, channels, tapBytes },
        sums,
        fused,
      );

      /** Each register with its place in a row of results. */
      const inRow = (row: 0 | 1, body: (sum: Local<'v128'>, offset: number) => void): void => {
        set(code, target, i32.add(out, column));
        if (row === 1) advance(code, target, outPitch);
        sums.forEach((sum, o) => {
          sum.forEach((register, v) => body(register, 16 * v));
          if (o < outputs - 1) advance(code, target, outPlane);
        });
      };
      const write = (row: 0 | 1): void =>
        inRow(row, (sum, offset) => store(code, 'v128.store', target, sum, offset, 2));
      const there = (offset: number): ReturnType<typeof f32x4.add> => load('v128.load', target, offset, 2);

      set(code, lastColumn, i32.sub(rowBytes, 16 * vectors));
      code.loop((nextPair) => {
        set(code, column, 0);
        code.loop((nextColumn) => {
          set(code, weight, i32.add(list, 4 * outputs));
          // The biases stand at the start of the list.
          sums.forEach((sum, o) =>
            sum.forEach((register) => set(code, register, load('v128.load32_splat', list, 4 * o, 2))),
          );
          addProducts(1);
          write(1);
          addProducts(0);
          write(0);
          sums.flat().forEach((sum) => set(code, sum, f32x4.splat(0)));
          addProducts(2);
          inRow(0, (sum, offset) => store(code, 'v128.store', target, f32x4.add(there(offset), sum), offset, 2));
          inRow(1, (sum, offset) => set(code, sum, f32x4.sub(there(offset), sum)));
          addProducts(3);
          write(1);
          nextColumnTile(code, column, lastColumn, 16 * vectors, nextColumn);
        });
        advance(code, split, i32.mul(splitPitch, PARTS));
        advance(code, out, i32.mul(outPitch, 2));
        countDown(code, pairs, nextPair);
      });
    },
  });
}

/** Code that adds the products of a row of taps and the part of each channel, in the list's order. */
function productsOf(
  code: Code,
  operands: Readonly<
    Record<'split' | 'splitPitch' | 'splitPlane' | 'column' | 'weight' | 'channels' | 'tapBytes', Local<'i32'>>
  >,
  sums: readonly (readonly Local<'v128'>[])[],
  fused: boolean,
): (part: number) => void {
  const { split, splitPitch, splitPlane, column, weight, channels, tapBytes } = operands;
  const [channelsLeft, row, sample, end] = Array.from({ length: 4 }, () => code.local('i32'));
  const splat = code.local('v128');
  const samples = sums[0].map(() => code.local('v128'));
  return (part) => {
    set(code, row, i32.add(i32.add(split, column), i32.mul(splitPitch, part)));
    set(code, channelsLeft, channels);
    code.loop((nextChannel) => {
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
      advance(code, row, splitPlane);
      countDown(code, channelsLeft, nextChannel);
    });
  };
}
