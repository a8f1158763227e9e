import { describe, expect, test } from 'vitest';
import { allocatePlanes, release } from '../../src/correlate/allocate.ts';
import { geometry } from '../../src/correlate/geometry.ts';
import { correlateByDefinition } from '../../src/correlate/reference.ts';
import { correlateSeparable } from '../../src/correlate/separable/separable.ts';
import { separableReference } from '../../src/correlate/separable/separableReference.ts';
import { kernel, repeatKernel } from '../../src/kernels/kernel.ts';
import { namedKernel } from '../../src/kernels/named.ts';
import { type SeparatedKernel, separateKernel } from '../../src/kernels/separate.ts';
import type { Border } from '../../src/planes/border.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { hasRelaxedMadd } from '../../src/wasm/features.ts';
import { anyBorder, anySides } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

/** Numbers that no sum of products holds exactly, so that every change of order shows. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

function noisePlanes(channels: number, height: number, width: number, seed: number, inArena = false): Planes {
  const p = inArena ? allocatePlanes(channels, height, width, 255) : createPlanes(channels, height, width, 255);
  const next = noise(seed);
  for (let i = 0; i < p.data.length; i++) p.data[i] = 255 * next();
  return p;
}

/** A column and a row of taps for each output, some taps 0. */
function noiseKernels(
  channels: number,
  outputs: number,
  height: number,
  width: number,
  seed: number,
  zeros = true,
): SeparatedKernel {
  const next = noise(seed);
  const tap = (): number => (zeros && next() > 0.35 ? 0 : next());
  const list = (length: number, item: () => number): Float32Array => Float32Array.from({ length }, item);
  const shared = { outChannels: outputs, inChannels: 1, bias: list(outputs, next) };
  return {
    column: { ...shared, height, width: 1, groups: channels, weights: list(outputs * height, tap) },
    row: { ...shared, height: 1, width, groups: outputs, weights: list(outputs * width, tap) },
  };
}

function expectSameBits(received: Planes, wanted: Planes): void {
  for (let i = 0; i < wanted.data.length; i++) {
    if (Object.is(received.data[i], wanted.data[i])) continue;
    const [row, column] = [Math.floor(i / wanted.width), i % wanted.width];
    expect.fail(`row ${row}, column ${column}: ${received.data[i]} is not ${wanted.data[i]}`);
  }
}

const anyCase = fc.record({
  channels: fc.integer({ min: 1, max: 3 }),
  perChannel: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 1, max: 45 }),
  width: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 200, max: 600 })),
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 15, max: 35 })),
  dilation: fc.oneof(
    fc.constant<[number, number]>([1, 1]),
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  ),
  padding: fc.oneof(
    fc.constantFrom('valid' as const, 'same' as const, 'same-upper' as const, 'full' as const),
    anySides,
  ),
  border: anyBorder,
  zeros: fc.boolean(),
  inArena: fc.tuple(fc.boolean(), fc.boolean()),
  seed: fc.nat(),
});

describe('two passes', () => {
  test('are their definition to the last bit, wherever planes lie', { tags: ['slow'] }, () => {
    fc.assert(
      fc.property(anyCase, (c) => {
        const span = [c.dilation[0] * (c.rows - 1), c.dilation[1] * (c.columns - 1)];
        const sides = typeof c.padding === 'object' ? c.padding : { top: 0, right: 0, bottom: 0, left: 0 };
        const padded = c.padding === 'valid' || typeof c.padding === 'object';
        fc.pre(
          !padded || (c.height + sides.top + sides.bottom > span[0] && c.width + sides.left + sides.right > span[1]),
        );
        const x = noisePlanes(c.channels, c.height, c.width, c.seed, c.inArena[0]);
        const kernels = noiseKernels(c.channels, c.channels * c.perChannel, c.rows, c.columns, c.seed + 1, c.zeros);
        const at = geometry(x, { height: c.rows, width: c.columns }, c);
        const shape = [c.channels * c.perChannel, at.rows.output, at.columns.output] as const;
        const wanted = createPlanes(...shape, 255);
        const received = c.inArena[1] ? allocatePlanes(...shape, 255) : createPlanes(...shape, 255);
        received.data.fill(Number.NaN);
        separableReference(x, kernels, at, c.border, wanted);
        correlateSeparable(x, kernels, at, c.border, received, { fused: false });
        expectSameBits(received, wanted);
        release(x);
        release(received);
      }),
      numRuns(250),
    );
  });

  test.each([3, 7, 15, 31, 91])('of a Gaussian of %i taps over many strips', (taps) => {
    const kernels = separateKernel(namedKernel(`gaussian:${taps / 6},${(taps - 1) / 2}`)) as SeparatedKernel;
    const x = noisePlanes(1, 131, 203, taps);
    const at = geometry(x, { height: taps, width: taps }, { padding: 'same' });
    const [wanted, received] = [createPlanes(1, 131, 203), createPlanes(1, 131, 203)];
    separableReference(x, kernels, at, 'reflect101', wanted);
    correlateSeparable(x, kernels, at, 'reflect101', received, { fused: false });
    expectSameBits(received, wanted);
  });

  test.each<[string, Border]>([
    ['sobel-x', 'zero'],
    ['prewitt-y', 'replicate'],
    ['box:5', { constant: 0.5 }],
  ])('of %s on whole numbers are the one pass with their product', (name, border) => {
    const x = noisePlanes(3, 40, 61, 5);
    x.data.forEach((sample, i) => (x.data[i] = Math.round(sample) * 2));
    const single = namedKernel(name);
    const whole = { ...single, weights: single.weights.map((tap) => Math.round(tap * 25) || 0), bias: single.bias };
    const k = repeatKernel(whole, 3);
    const at = geometry(x, k, { padding: 'same' });
    const [wanted, received] = [createPlanes(3, 40, 61, 255), createPlanes(3, 40, 61, 255)];
    correlateByDefinition(x, k, at, border, wanted);
    correlateSeparable(x, separateKernel(k) as SeparatedKernel, at, border, received, { fused: false });
    expectSameBits(received, wanted);
  });

  test.runIf(hasRelaxedMadd())('fused differ from them by rounding alone', () => {
    const kernels = separateKernel(namedKernel('gaussian:2')) as SeparatedKernel;
    const x = noisePlanes(1, 60, 90, 9);
    const at = geometry(x, { height: 17, width: 17 }, { padding: 'same' });
    const [wanted, received] = [createPlanes(1, 60, 90), createPlanes(1, 60, 90)];
    separableReference(x, kernels, at, 'wrap', wanted);
    correlateSeparable(x, kernels, at, 'wrap', received, { fused: true });
    const farthest = wanted.data.reduce((most, v, i) => Math.max(most, Math.abs(v - received.data[i])), 0);
    expect(farthest).toBeLessThan(255 * 2 ** -20);
  });

  test('keep to their order: rows first, then columns, every fourth tap of a row, all of a column, the bias last', () => {
    const large = 2 ** 24;
    const one = (samples: number[][], bias = 0): number => {
      const x = createPlanes(1, samples.length, samples[0].length);
      x.data.set(samples.flat());
      const ones = kernel(
        samples.map((row) => row.map(() => 1)),
        { bias },
      );
      const at = geometry(x, ones);
      const [wanted, received] = [createPlanes(1, 1, 1), createPlanes(1, 1, 1)];
      separableReference(x, separateKernel(ones) as SeparatedKernel, at, 'zero', wanted);
      correlateSeparable(x, separateKernel(ones) as SeparatedKernel, at, 'zero', received, { fused: false });
      expect(received.data).toEqual(wanted.data);
      return received.data[0];
    };
    expect(one([[large, 1, -large]])).toBe(0);
    expect(one([[large, 1, 1, 1, -large]])).toBe(3);
    expect(one([[large], [1], [1], [1], [-large]])).toBe(0);
    expect(one([[large], [-large], [1]])).toBe(1);
    // Along the rows (2²⁴ + 1) and (−2²⁴ + 0); down the columns first, the 1 would stay.
    expect(
      one([
        [large, 1],
        [-large, 0],
      ]),
    ).toBe(0);
    expect(one([[large, -large]], 1)).toBe(1);
  });

  test('pass over taps of 0, whatever stands under them', () => {
    const x = createPlanes(1, 1, 3);
    x.data.set([Number.NaN, 2, Number.POSITIVE_INFINITY]);
    const k = kernel([[0, 3, -0]]);
    const y = createPlanes(1, 1, 1);
    correlateSeparable(x, separateKernel(k) as SeparatedKernel, geometry(x, k), 'zero', y, { fused: false });
    expect(y.data[0]).toBe(6);
  });

  test('refuse a stride', () => {
    const x = createPlanes(1, 8, 8);
    const k = kernel([[1, 1]]);
    const at = geometry(x, k, { stride: [1, 2] });
    expect(() =>
      correlateSeparable(x, separateKernel(k) as SeparatedKernel, at, 'zero', createPlanes(1, 8, 4), { fused: false }),
    ).toThrow('Expected a stride of 1 for a correlation in two passes but received 1, 2');
  });
});
