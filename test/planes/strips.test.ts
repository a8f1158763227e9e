import { describe, expect, test } from 'vitest';
import { strips } from '../../src/planes/strips.ts';
import fc from '../support/fc.ts';

describe('strips', () => {
  test('cuts rows and says which source rows each needs', () => {
    expect(strips(5, 2, { span: 3, stride: 1, top: 1 })).toEqual([
      { from: 0, to: 2, sourceFrom: -1, sourceTo: 3 },
      { from: 2, to: 4, sourceFrom: 1, sourceTo: 5 },
      { from: 4, to: 5, sourceFrom: 3, sourceTo: 6 },
    ]);
    expect(strips(4, 100, { span: 1, stride: 3, top: 0 })).toEqual([{ from: 0, to: 4, sourceFrom: 0, sourceTo: 10 }]);
  });

  test('cover every row once, in order, and just the rows under the taps of each', () => {
    const anyCut = fc.record({
      height: fc.integer({ min: 1, max: 60 }),
      rows: fc.integer({ min: 1, max: 20 }),
      halo: fc.record({
        span: fc.integer({ min: 1, max: 9 }),
        stride: fc.integer({ min: 1, max: 3 }),
        top: fc.nat(8),
      }),
    });
    fc.assert(
      fc.property(anyCut, ({ height, rows, halo }) => {
        const cut = strips(height, rows, halo);
        const covered = cut.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
        expect(covered).toEqual(Array.from({ length: height }, (_, i) => i));
        for (const strip of cut) {
          expect(strip.to - strip.from).toBeLessThanOrEqual(rows);
          const read = new Set<number>();
          for (let y = strip.from; y < strip.to; y++) {
            for (let t = 0; t < halo.span; t++) read.add(y * halo.stride - halo.top + t);
          }
          expect([strip.sourceFrom, strip.sourceTo]).toEqual([Math.min(...read), Math.max(...read) + 1]);
        }
      }),
    );
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses %d rows', (rows) => {
    const halo = { span: 1, stride: 1, top: 0 };
    expect(() => strips(5, rows, halo)).toThrow('Expected a whole number of at least 1 for rows');
    expect(() => strips(rows, 5, halo)).toThrow('Expected a whole number of at least 1 for height');
  });
});
