import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { kernel, type Kernel } from '../../src/kernels/kernel.ts';
import { describeDifference } from '../../src/planes/compare.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { hasRelaxedMadd } from '../../src/wasm/features.ts';
import { anyEngineCase, countOutputs, type EngineCase, kernelOfCase, planesOfCase } from '../support/engineCases.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';
import { PLACES, type Place, poisonedPlanes } from '../support/poisoned.ts';

// The engine's memory twice as often: there the picture itself is read.
const anyPlace = fc.constantFrom(...PLACES, 'engine' as const, 'within-engine' as const);

function shapeOfResult(one: EngineCase): { channels: number; height: number; width: number } {
  const [height, width] = countOutputs(one);
  return { channels: one.shape.groups * one.shape.outputs, height, width };
}

/** Computes a case with its picture and its result in memory of the given kinds, and looks for writes where none belong. */
function computeIn(one: EngineCase, from: Place, to: Place, precision: 'deterministic' | 'fast'): Planes {
  const given = planesOfCase(one);
  const x = poisonedPlanes(given, from);
  const out = poisonedPlanes({ ...shapeOfResult(one), ...(one.white === undefined ? {} : { white: one.white }) }, to);
  x.planes.data.set(given.data);
  try {
    const options = { ...one.options, algorithm: 'direct', precision, out: out.planes } as const;
    expect(corr2d(x.planes, kernelOfCase(one), options)).toBe(out.planes);
    expect(out.touched()).toBe('');
    expect(out.unwritten()).toBe(0);
    expect(x.touched()).toBe('');
    expect(describeDifference(x.planes, given)).toBe('');
    return { ...out.planes, data: out.planes.data.slice() };
  } finally {
    x.release();
    out.release();
  }
}

function expectDefinition(one: EngineCase, from: Place, to: Place): void {
  const wanted = corr2d(planesOfCase(one), kernelOfCase(one), { ...one.options, algorithm: 'reference' });
  expect(describeDifference(computeIn(one, from, to, 'deterministic'), wanted)).toBe('');
}

describe('direct', () => {
  test(
    'gives the bits of the definition and writes nothing else, wherever picture and result lie',
    { tags: ['slow'], timeout: 120_000 },
    () => {
      fc.assert(fc.property(anyEngineCase, anyPlace, anyPlace, expectDefinition), numRuns(2500));
    },
  );

  test.each([[[1, 3]], [[2, 2]], [[3, 3]], [[5, 5]]])(
    'sums of −0 are the definition’s for %j taps',
    ([height, width]) => {
      const x = createPlanes(1, 12, 20);
      x.data.fill(-0);
      for (const bias of [0, -0, 1]) {
        const taps = Array.from({ length: height }, () => new Array<number>(width).fill(2));
        const k = kernel(taps, { bias: [bias] });
        const wanted = corr2d(x, k, { algorithm: 'reference' });
        expect(describeDifference(corr2d(x, k, { algorithm: 'direct' }), wanted)).toBe('');
      }
    },
  );

  // Every width and height around the sizes at which vectors and tiles of rows change.
  test.each([
    [1, 1],
    [1, 5],
    [3, 3],
    [5, 5],
    [7, 2],
  ])('gives the bits of the definition for every small size of a picture under %i×%i taps', (height, width) => {
    for (let rows = height; rows < height + 14; rows++) {
      for (let columns = width; columns < width + 30; columns++) {
        const shape = { groups: 1, inputs: 1, outputs: 1, height: rows, width: columns };
        expectDefinition(
          {
            shape: { ...shape, kernel: [height, width] },
            options: { stride: [1, 1], dilation: [1, 1], padding: 'valid' },
            samples: 'fractions',
            taps: 'fractions',
            white: undefined,
            seed: rows * 100 + columns,
          },
          'within',
          'within-engine',
        );
      }
    }
  });

  // Results are copied out several bands at a time.
  test.each([
    [4, 3, 1],
    [6, 2, 2],
  ])(
    'gives the bits of the definition for a large plain picture under %i×%i taps with stride %i',
    { tags: ['slow'] },
    (height, width, stride) => {
      const x = createPlanes(1, 4500 * stride, 1000);
      for (let i = 0; i < x.data.length; i++) x.data[i] = ((i * 7919) % 1021) / 3;
      const taps = Array.from({ length: height }, (_, r) =>
        Array.from({ length: width }, (__, q) => 0.3 * r - 0.7 * q + 0.1),
      );
      const options = { padding: 'same', border: 'reflect101', stride: [stride, 1] } as const;
      const wanted = corr2d(x, kernel(taps), { ...options, algorithm: 'reference' });
      expect(describeDifference(corr2d(x, kernel(taps), { ...options, algorithm: 'direct' }), wanted)).toBe('');
    },
  );

  test('gives the bits of the definition for more taps than fit a row', { tags: ['slow'] }, () => {
    const one: EngineCase = {
      shape: { groups: 1, inputs: 1, outputs: 1, height: 3, width: 4, kernel: [61, 47] },
      options: { stride: [1, 1], dilation: [2, 3], padding: 'full', border: 'symmetric' },
      samples: 'bytes',
      taps: 'whole',
      white: 255,
      seed: 2,
    };
    expectDefinition(one, 'own', 'engine');
    expectDefinition({ ...one, options: { ...one.options, dilation: [1, 1], border: 'wrap' } }, 'engine', 'own');
  });
});

describe('auto', () => {
  test('is direct for small kernels', () => {
    fc.assert(
      fc.property(
        anyEngineCase.filter(({ shape }) => shape.kernel[0] * shape.kernel[1] <= 49),
        (one) => {
          const [x, k] = [planesOfCase(one), kernelOfCase(one)];
          const automatic = corr2d(x, k, one.options);
          expect(describeDifference(automatic, corr2d(x, k, { ...one.options, algorithm: 'direct' }))).toBe('');
        },
      ),
      numRuns(300),
    );
  });
});

describe('precision fast', () => {
  beforeAll(() => {
    if (!hasRelaxedMadd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
    expect(hasRelaxedMadd()).toBe(true);
  });

  const anyTame = anyEngineCase.filter(
    ({ samples, taps }) => ['fractions', 'bytes'].includes(samples) && ['fractions', 'whole', 'sparse'].includes(taps),
  );

  test('is off by no more than the roundings of its sums', { tags: ['slow'] }, () => {
    fc.assert(
      fc.property(anyTame, anyPlace, anyPlace, (one, from, to) => {
        const [x, k] = [planesOfCase(one), kernelOfCase(one)];
        const wanted = corr2d(x, k, { ...one.options, algorithm: 'reference' });
        const terms = corr2d(absolute(x), absoluteTaps(k), {
          ...one.options,
          ...(typeof one.options.border === 'object' ? { border: { constant: 99 } } : {}),
          algorithm: 'reference',
        });
        // Either side rounds once a product and once a sum, by at most 2⁻²⁴ of the terms that have come together.
        const roundings = k.inChannels * k.height * k.width + 2;
        const got = computeIn(one, from, to, 'fast');
        const worst = got.data.findIndex(
          (sample, i) => !(Math.abs(sample - wanted.data[i]) <= terms.data[i] * roundings * 2 ** -22 + 2 ** -140),
        );
        expect(worst === -1 ? '' : `sample ${worst}: ${got.data[worst]} for ${wanted.data[worst]}`).toBe('');
      }),
      numRuns(600),
    );
  });

  test('may keep the last bit of a product, which deterministic never does', () => {
    const x = createPlanes(1, 8, 64);
    x.data.fill(1 + 2 ** -12);
    const k: Kernel = {
      outChannels: 1,
      inChannels: 1,
      height: 1,
      width: 2,
      weights: Float32Array.of(-1, 1 + 2 ** -12),
      bias: Float32Array.of(0),
    };
    // (1 + 2⁻¹²)² = 1 + 2⁻¹¹ + 2⁻²⁴ lies halfway between two Float32 numbers.
    const [exact, rounded] = [2 ** -12 + 2 ** -24, 2 ** -12];
    expect(new Set(corr2d(x, k, { algorithm: 'direct' }).data)).toEqual(new Set([rounded]));
    const [first, ...others] = new Set(corr2d(x, k, { algorithm: 'direct', precision: 'fast' }).data);
    expect([exact, rounded]).toContain(first);
    expect(others).toEqual([]);
  });

  test('leaves the deterministic results what they are', () => {
    fc.assert(fc.property(anyEngineCase, anyPlace, anyPlace, expectDefinition), numRuns(200));
  });
});

function absolute(x: Planes): Planes {
  return { ...x, data: x.data.map(Math.abs) };
}

function absoluteTaps(k: Kernel): Kernel {
  return { ...k, weights: k.weights.map(Math.abs), bias: k.bias.map(Math.abs) };
}
