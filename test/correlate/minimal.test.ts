import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { correlatedRows } from '../../src/correlate/correlatedRows.ts';
import { correlate } from '../../src/correlate/correlation.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import { describeDifference } from '../../src/planes/compare.ts';
import { rowsOfPlanes } from '../../src/planes/pictureRows.ts';
import { planes, createPlanes, type Planes } from '../../src/planes/planes.ts';
import { hasRelaxedMadd } from '../../src/wasm/features.ts';
import { countOutputs, type EngineCase, kernelOfCase, planesOfCase } from '../support/engineCases.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';
import { PLACES, type Place } from '../support/poisoned.ts';
import { computedCase, ordinaryCase } from '../support/roundedCases.ts';

beforeAll(() => {
  if (!hasRelaxedMadd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  expect(hasRelaxedMadd()).toBe(true);
});

/** Three rows of taps over channels, some of more outputs than share what they load. */
const anyCase: fc.Arbitrary<EngineCase> = fc
  .tuple(ordinaryCase, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 7 }))
  .map(([one, outputs, width]) => ({
    ...one,
    shape: { ...one.shape, outputs, kernel: [3, width] as [number, number] },
    options: { ...one.options, stride: [1, 1] as [number, number], dilation: [1, 1] as [number, number] },
  }));

function computed(one: EngineCase, from: Place, to: Place, fused: boolean): { error: number; result: Planes } {
  // Sums of a row begin with the bias.
  const additions = 2 * one.shape.inputs * one.shape.kernel[1] + 4;
  return computedCase(
    one,
    [from, to],
    (x, k, at, border, out) => correlate(x, k, { at, border, algorithm: 'minimal', fused }, out),
    additions,
  );
}

const anyPlace = fc.constantFrom(...PLACES);

describe('minimal filtering', () => {
  test(
    'is off by no more than the roundings of its sums, and writes nothing else, wherever planes lie',
    { tags: ['slow'], timeout: 120_000 },
    () => {
      fc.assert(
        fc.property(anyCase, anyPlace, anyPlace, fc.boolean(), (one, from, to, fused) => {
          fc.pre(countOutputs(one).every((count) => count > 0));
          expect(computed(one, from, to, fused).error).toBeLessThanOrEqual(1);
        }),
        numRuns(600),
      );
    },
  );

  test('has the same bytes wherever planes lie, and however large they are', { tags: ['slow'] }, () => {
    const one: EngineCase = {
      shape: { groups: 1, inputs: 3, outputs: 4, height: 401, width: 457, kernel: [3, 3] },
      options: { stride: [1, 1], dilation: [1, 1], padding: 'same', border: 'reflect101' },
      samples: 'bytes',
      taps: 'fractions',
      white: 255,
      seed: 8,
    };
    const wanted = computed(one, 'own', 'own', true).result;
    for (const from of PLACES) {
      for (const to of PLACES) expect(describeDifference(computed(one, from, to, true).result, wanted)).toBe('');
    }
  });

  test('is exact from whole numbers', () => {
    const x = planes(
      Array.from({ length: 2 }, (_, c) => rowsOf(9, 13, (r, q) => ((r * 31 + q * 17 + c * 5) % 256) - 9)),
    );
    const k = kernel(
      Array.from({ length: 3 }, (_, o) =>
        Array.from({ length: 2 }, (__, c) => rowsOf(3, 5, (r, q) => ((o + 2 * c + 3 * r + q) % 7) - 3)),
      ),
    );
    expect(corr2d(x, k, { algorithm: 'minimal' }).data).toEqual(corr2d(x, k, { algorithm: 'reference' }).data);
  });

  test('rows of it are those of the whole picture, to the last bit, however many are read at a time', () => {
    const shape = { groups: 1, inputs: 8, outputs: 8, height: 131, width: 60, kernel: [3, 3] as [number, number] };
    const options = { stride: [1, 1], dilation: [1, 1], padding: 'same', border: 'replicate' } as const;
    const one = {
      shape,
      options: { ...options, stride: [1, 1], dilation: [1, 1] },
      samples: 'bytes',
      taps: 'fractions',
      white: 255,
      seed: 3,
    } as EngineCase;
    const [x, k] = [planesOfCase(one), kernelOfCase(one)];
    const wanted = corr2d(x, k, { ...options, precision: 'fast' });
    const asked = corr2d(x, k, { ...options, precision: 'fast', algorithm: 'minimal' });
    expect(describeDifference(wanted, asked)).toBe('');
    const found = correlatedRows(rowsOfPlanes(x), k, { padding: 'same', border: 'replicate', precision: 'fast' });
    const whole = createPlanes(8, 131, 60, 255);
    for (const rows of [1, 7, 48, 131]) {
      whole.data.fill(Number.NaN);
      for (let from = 0; from < 131; from += rows) {
        const read = found.read(from, Math.min(131, from + rows), createPlanes);
        for (let c = 0; c < 8; c++) {
          const plane = read.data.subarray(c * read.height * 60, (c + 1) * read.height * 60);
          whole.data.set(plane, (c * 131 + from) * 60);
        }
      }
      expect(describeDifference(whole, wanted)).toBe('');
    }
  });

  test.each([
    ['four rows of taps', [[1], [2], [3], [4]], {}, '4×1 taps, a stride of 1, 1 and a dilation of 1, 1'],
    ['a stride', [[1], [2], [3]], { stride: 2 }, '3×1 taps, a stride of 2, 2 and a dilation of 1, 1'],
    ['a dilation', [[1], [2], [3]], { dilation: [1, 2] }, '3×1 taps, a stride of 1, 1 and a dilation of 1, 2'],
  ] as const)('is refused for %s', (_, taps, options, received) => {
    const x = createPlanes(1, 9, 9);
    expect(() => corr2d(x, kernel(taps), { ...options, algorithm: 'minimal' } as never)).toThrow(
      `Expected three rows of taps, a stride and a dilation of 1 for algorithm minimal but received ${received}`,
    );
  });
});

function rowsOf(height: number, width: number, sample: (row: number, column: number) => number): number[][] {
  return Array.from({ length: height }, (_, r) => Array.from({ length: width }, (__, q) => sample(r, q)));
}
