import { expect, test } from 'vitest';
import { exponential } from '../../src/kernels/exponential.ts';

test('is e to the power of x to the last digits of Float64', () => {
  for (let i = 0; i <= 7000; i++) expect(Math.abs(exponential(-i / 10) / Math.exp(-i / 10) - 1)).toBeLessThan(1e-15);
  expect(exponential(0)).toBe(1);
  expect(exponential(-1000)).toBe(0);
  expect(exponential(Number.NEGATIVE_INFINITY)).toBe(0);
});
