import { describe, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import { planes } from '../../src/planes/planes.ts';

/** The one sample of a response of one sample. */
function single(x: number[][][], taps: number[][][], bias = 0): number {
  const y = corr2d(planes(x), kernel(taps, { bias }), { algorithm: 'reference' });
  expect(y.data).toHaveLength(1);
  return y.data[0];
}

const ones = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => 1));

// Beside 2^24 a 1 is lost to Float32, so each order of additions leaves its own sum.
const large = 2 ** 24;

describe('the order of additions', () => {
  test('is along a row', () => {
    expect(single([[[large, 1, -large]]], [ones(1, 3)])).toBe(0);
    expect(single([[[large, -large, 1]]], [ones(1, 3)])).toBe(1);
  });

  test('is row by row, not column by column', () => {
    expect(
      single(
        [
          [
            [large, -large],
            [1, 0],
          ],
        ],
        [ones(2, 2)],
      ),
    ).toBe(1);
    expect(
      single(
        [
          [
            [large, 1],
            [-large, 0],
          ],
        ],
        [ones(2, 2)],
      ),
    ).toBe(0);
  });

  test('is channel by channel', () => {
    expect(single([[[large, -large]], [[1, 0]]], [ones(1, 2), ones(1, 2)])).toBe(1);
    expect(single([[[large, 1]], [[-large, 0]]], [ones(1, 2), ones(1, 2)])).toBe(0);
  });

  test('ends with the bias', () => {
    expect(single([[[large, -large]]], [ones(1, 2)], 1)).toBe(1);
    expect(single([[[1, large]]], [ones(1, 2)], -large)).toBe(0);
  });
});

describe('rounding', () => {
  const step = 1 + 2 ** -12;

  test('every product is a Float32 before it is added', () => {
    // (1 + 2⁻¹²)² ends in 2⁻²⁴, which a fused multiply-add would keep.
    expect(single([[[-(1 + 2 ** -11), step]]], [[[1, step]]])).toBe(0);
  });

  test('every sum is a Float32 before the next one', () => {
    expect(single([[[1, 2 ** -24, 2 ** -24]]], [ones(1, 3)])).toBe(1);
  });

  test('the bias times white is a Float32 before it is added', () => {
    const x = planes([[-(1 + 2 ** -11)]], step);
    expect(corr2d(x, kernel([[1]], { bias: step })).data[0]).toBe(0);
  });

  test('sums beyond Float32 are infinite', () => {
    expect(single([[[3e38, 3e38]]], [ones(1, 2)])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('zeros', () => {
  test('accumulators start at +0: no response is −0', () => {
    expect(single([[[-0]]], [[[1]]])).toBe(0);
    expect(single([[[0]]], [[[-1]]])).toBe(0);
    expect(single([[[1]]], [[[-0]]], -0)).toBe(0);
  });
});
