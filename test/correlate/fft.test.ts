import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { correlateByFft } from '../../src/correlate/fft/fft.ts';
import { geometry } from '../../src/correlate/geometry.ts';
import type { Kernel } from '../../src/kernels/kernel.ts';
import { describeDifference } from '../../src/planes/compare.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { hasRelaxedMadd } from '../../src/wasm/features.ts';
import { type EngineCase, kernelOfCase, planesOfCase } from '../support/engineCases.ts';
import fc from '../support/fc.ts';
import { naiveSides } from '../support/naiveCorrelation.ts';
import { numRuns } from '../support/numRuns.ts';
import { PLACES, type Place } from '../support/poisoned.ts';
import { quarter } from '../support/quarter.ts';
import { boundOf, computedCase, largestError, ordinaryCase } from '../support/roundedCases.ts';

function errorOf(one: EngineCase, from: Place, to: Place, fused: boolean): { error: number; result: Planes } {
  return computedCase(one, [from, to], (x, k, at, border, out) => correlateByFft(x, k, at, border, out, { fused }));
}

const place = fc.constantFrom(...PLACES);

function caseOf(height: number, width: number, kernel: [number, number], more: Partial<EngineCase> = {}): EngineCase {
  return {
    shape: { groups: 1, inputs: 1, outputs: 1, height, width, kernel, ...more.shape },
    options: { stride: [1, 1], dilation: [1, 1], padding: 'same', border: 'reflect101', ...more.options },
    samples: 'bytes',
    taps: 'fractions',
    white: 255,
    seed: 100 * height + width,
  };
}

beforeAll(() => setFlagsFromString('--experimental-wasm-relaxed-simd'));

describe('fft', () => {
  test('stays within the error that it states and writes nothing else, whatever the shape and wherever picture and result lie', () => {
    fc.assert(
      fc.property(ordinaryCase, place, place, fc.boolean(), (one, from, to, fused) => {
        expect(errorOf(one, from, to, fused && hasRelaxedMadd()).error).toBeLessThan(1);
      }),
      numRuns(400),
    );
  }, 120_000);

  // Pictures of several tiles, so that windows lie inside the picture, at its sides, and alone.
  test.each(
    quarter([
      [300, 420, [9, 11]],
      [157, 291, [31, 15]],
      [120, 100, [31, 31]],
      [64, 700, [3, 33]],
      [700, 64, [33, 3]],
      [50, 50, [50, 50]],
    ] as const),
  )(
    'stays within the error that it states on %i×%i samples under %j taps',
    (height, width, [rows, columns]) => {
      const one = caseOf(height, width, [rows, columns]);
      const plain = errorOf(one, 'own', 'own', false);
      const inEngine = errorOf(one, 'engine', 'engine', false);
      expect(plain.error).toBeLessThan(1);
      expect(describeDifference(inEngine.result, plain.result)).toBe('');
      expect(errorOf(one, 'engine', 'engine', true).error).toBeLessThan(1);
    },
    60_000,
  );

  // What differs on another machine, in another version, or with other tiles shows here.
  test.each([
    [40, 40, [5, 5], 412_656_951],
    [300, 420, [9, 11], 2_979_052_270],
    [300, 420, [31, 31], 3_041_987_878],
  ] as const)('gives the same bytes everywhere: %i×%i samples under %j taps', (height, width, [rows, columns], sum) => {
    const one = caseOf(height, width, [rows, columns]);
    const [x, k] = [planesOfCase(one), kernelOfCase(one)];
    const at = geometry(x, k, one.options);
    const out = createPlanes(1, height, width);
    correlateByFft(x, k, at, 'reflect101', out, { fused: false });
    const bits = new Uint32Array(out.data.buffer);
    expect(bits.reduce((hash, word) => (Math.imul(hash, 31) + word) >>> 0, 7)).toBe(sum);
  });

  test('cuts kernels that are longer than its tiles', () => {
    const long = caseOf(3, 1500, [2, 1201]);
    expect(errorOf(long, 'engine', 'engine', false).error).toBeLessThan(1);
    const spread: EngineCase = {
      ...caseOf(40, 900, [3, 3]),
      options: { stride: [1, 1], dilation: [9, 700], padding: 'same', border: 'wrap' },
    };
    expect(errorOf(spread, 'own', 'own', false).error).toBeLessThan(1);
  });

  test('sums many channels, more than it keeps spectra of at a time', () => {
    const one = caseOf(70, 70, [65, 65]);
    const deep: EngineCase = {
      ...one,
      shape: { ...one.shape, groups: 1, inputs: 2, outputs: 70 },
      options: { ...one.options, padding: 'valid' },
    };
    expect(errorOf(deep, 'engine', 'engine', false).error).toBeLessThan(1);
  });

  // All energy of the picture comes through one tap: the largest errors there are.
  test.each([9, 31, 101])('stays within the error that it states for one tap of a kernel of %i rows', (side) => {
    const x = createPlanes(1, 3 * side + 130, 3 * side + 130);
    for (let i = 0; i < x.data.length; i++) x.data[i] = Math.imul(i + 1, 0x9e37_79b1) < 0 ? -1 : 1;
    const k: Kernel = { ...kernelOfCase(caseOf(1, 1, [side, side])), bias: new Float32Array(1) };
    k.weights.fill(0);
    k.weights[side * 4 + 7] = 1;
    const at = geometry(x, k);
    const out = createPlanes(1, at.rows.output, at.columns.output);
    correlateByFft(x, k, at, 'zero', out, { fused: false });
    let worst = 0;
    out.data.forEach((response, i) => {
      const row = Math.floor(i / out.width) + 4;
      worst = Math.max(worst, Math.abs(response - x.data[row * x.width + (i % out.width) + 7]));
    });
    expect(worst).toBeLessThan(boundOf(k.weights));
    expect(worst).toBeGreaterThan(0);
  });

  test('spoils no more than the tiles that hold an infinite sample, and their partners', () => {
    const x = planesOfCase(caseOf(400, 1000, [15, 15]));
    const k = kernelOfCase(caseOf(400, 1000, [15, 15]));
    const at = geometry(x, k);
    const out = createPlanes(1, at.rows.output, at.columns.output);
    x.data[0] = Infinity;
    correlateByFft(x, k, at, 'zero', out, { fused: false });
    expect(out.data[0]).toBeNaN();
    expect(Number.isFinite(out.data[out.data.length - 1])).toBe(true);
  });

  test('gives the bias where every tap is 0', () => {
    const x = planesOfCase(caseOf(50, 50, [20, 20]));
    const k: Kernel = {
      ...kernelOfCase(caseOf(50, 50, [20, 20])),
      weights: new Float32Array(400),
      bias: Float32Array.of(0.25),
    };
    const out = createPlanes(1, 31, 31);
    correlateByFft(x, k, geometry(x, k), 'zero', out, { fused: false });
    expect(new Set(out.data)).toEqual(new Set([0.25 * 255]));
  });

  test('keeps the padding apart from the other side', () => {
    // The circle that a tile is would bring the last samples to the first results.
    const x = createPlanes(1, 40, 40);
    x.data[40 * 40 - 1] = 1e6;
    const one = caseOf(40, 40, [21, 21]);
    const k = kernelOfCase(one);
    const at = geometry(x, k, { padding: naiveSides('full', { height: 21, width: 21 }, [1, 1]) });
    const out = createPlanes(1, at.rows.output, at.columns.output);
    correlateByFft(x, k, at, 'zero', out, { fused: false });
    expect(largestError(out, x, k, at, 'zero')).toBeLessThan(1);
  });
});
