import { describe, expect, test } from 'vitest';
import { otsu, quantile } from '../../src/core.ts';
import fc from '../support/fc.ts';

describe('quantile', () => {
  test('is the value of that rank among the absolute values sorted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = Float32Array.from(values, Math.abs).sort();
          const rank = Math.max(1, Math.ceil(share * values.length));
          expect(quantile(Float32Array.from(values), share)).toBe(sorted[rank - 1]);
        },
      ),
    );
  });

  test('refuses shares outside 0 to 1', () => {
    expect(() => quantile(new Float32Array(3), 1.1)).toThrow(
      /^Expected a share from 0 to 1 for quantile but received 1.1$/,
    );
  });
});

describe('otsu', () => {
  test('parts two clusters between them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 3, maxLength: 40 }),
        fc.array(fc.double({ min: 90, max: 100, noNaN: true }), { minLength: 3, maxLength: 40 }),
        (low, high) => {
          const cut = otsu(Float32Array.from([...low, ...high]));
          // The centre of a bin: within half a bin of the lower cluster's largest.
          expect(cut).toBeGreaterThan(Math.max(...low) - 0.5);
          expect(cut).toBeLessThan(Math.min(...high));
        },
      ),
    );
  });

  test('is the value itself where all are equal', () => {
    expect(otsu(new Float32Array([-2, 2, 2]))).toBe(2);
  });
});
