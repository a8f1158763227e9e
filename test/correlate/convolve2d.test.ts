import { expect, test } from 'vitest';
import { convolve2d } from '../../src/correlate/convolve2d.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import { createPlanes, planes, toNested } from '../../src/planes/planes.ts';

test('an impulse answers with the kernel itself', () => {
  const impulse = planes([[1]]);
  const taps = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  expect(toNested(convolve2d(impulse, kernel(taps), { padding: 'full' }))).toEqual([taps]);
});

test('of two rows is the product of two polynomials', () => {
  // (1 + 2x + 3x²)(4 + 5x)
  expect(toNested(convolve2d(planes([[1, 2, 3]]), kernel([[4, 5]]), { padding: 'full' }))).toEqual([[[4, 13, 22, 15]]]);
});

test('keeps bias, groups and out', () => {
  const x = planes([[[1, 2]], [[3, 4]]]);
  const k = kernel([[[[1, 10]]], [[[1, 10]]]], { groups: 2, bias: [0.5, -0.5] });
  const out = createPlanes(2, 1, 1);
  expect(convolve2d(x, k, { out })).toBe(out);
  expect(toNested(out)).toEqual([[[12.5]], [[33.5]]]);
});
