import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { allocatePlanes, release } from '../../src/correlate/allocate.ts';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { corr2dAsync } from '../../src/correlate/corr2dAsync.ts';
import { type Correlation, correlate, correlationOf } from '../../src/correlate/correlation.ts';
import { type BandsJob, runBands, type Threads } from '../../src/correlate/threads.ts';
import { type Kernel, kernel } from '../../src/kernels/kernel.ts';
import { separateKernel } from '../../src/kernels/separate.ts';
import type { Border } from '../../src/planes/border.ts';
import { describeDifference } from '../../src/planes/compare.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { hasRelaxedMadd } from '../../src/wasm/features.ts';
import { asked } from '../support/arbitraries.ts';
import { anyEngineCase, countOutputs, type EngineCase, kernelOfCase, planesOfCase } from '../support/engineCases.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';
import { PLACES, type Place, poisonedPlanes } from '../support/poisoned.ts';
import { quarter } from '../support/quarter.ts';

const anyPlace = fc.constantFrom(...PLACES);

beforeAll(() => {
  if (!hasRelaxedMadd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  expect(hasRelaxedMadd()).toBe(true);
});

/** Tall enough for several bands under every algorithm, with kernels that `fast` splits once, twice and three times. */
const anyTallCase: fc.Arbitrary<EngineCase> = fc.record({
  shape: fc.record({
    groups: fc.constantFrom(1, 2),
    inputs: fc.constantFrom(1, 1, 2),
    outputs: fc.constantFrom(1, 2),
    height: fc.integer({ min: 100, max: 460 }),
    width: fc.integer({ min: 90, max: 140 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 27 }), fc.integer({ min: 1, max: 9 })),
  }),
  options: fc
    .record({
      stride: fc.constantFrom<[number, number]>([1, 1], [1, 1], [2, 3]),
      dilation: fc.constantFrom<[number, number]>([1, 1], [1, 1], [2, 1]),
      padding: fc.constantFrom<('valid' | 'same' | 'full' | number)[]>('valid', 'same', 'full', 3),
      border: fc.constantFrom<Border[]>('zero', 'replicate', 'wrap'),
    })
    .map((options) => asked(options)),
  samples: fc.constantFrom('fractions', 'bytes'),
  taps: fc.constantFrom('fractions', 'fractions', 'sparse'),
  white: fc.constantFrom(undefined, 255),
  seed: fc.nat(),
});

/** The same with three rows of taps, and nothing between the samples that they see. */
function threeRows({ shape, options, ...one }: EngineCase): EngineCase {
  const { kernel: taps } = shape;
  return {
    ...one,
    shape: { ...shape, kernel: [3, taps[1]] },
    options: { ...options, stride: [1, 1], dilation: [1, 1] },
  };
}

function shapeOfResult(one: EngineCase): { channels: number; height: number; width: number } {
  const [height, width] = countOutputs(one);
  return { channels: one.shape.groups * one.shape.outputs, height, width };
}

function bytesOf({ data }: Planes): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** Every bit counts, NaN's too. */
function expectBytes(found: Planes, expected: Planes): void {
  expect(bytesOf(found).equals(bytesOf(expected)) ? '' : describeDifference(found, expected) || 'other bytes').toBe('');
}

describe('parts', () => {
  /** Each part once, in an order drawn from the seed. */
  function expectParts(
    one: EngineCase,
    k: Kernel,
    correlation: Correlation,
    of: number,
    [from, to]: readonly [Place, Place],
  ): void {
    const given = planesOfCase(one);
    const x = poisonedPlanes(given, from);
    const out = poisonedPlanes(shapeOfResult(one), to);
    try {
      x.planes.data.set(given.data);
      const order = Array.from({ length: of }, (_, index) => ({ index, of }));
      order.sort((a, b) => ((a.index * 7919 + one.seed) % 13) - ((b.index * 7919 + one.seed) % 13));
      for (const part of order) correlate(x.planes, k, correlation, out.planes, part);
      expect(out.unwritten()).toBe(0);
      expect(out.touched()).toBe('');
      const parts = { ...out.planes, data: out.planes.data.slice() };
      out.planes.data.fill(0);
      correlate(x.planes, k, correlation, out.planes);
      expectBytes(parts, out.planes);
    } finally {
      x.release();
      out.release();
    }
  }

  const anyParts = fc.record({
    of: fc.integer({ min: 1, max: 12 }),
    places: fc.tuple(anyPlace, anyPlace),
    fused: fc.boolean(),
  });

  test.each(quarter(['reference', 'direct', 'minimal', 'fft'] as const))(
    'of %s are the whole, to the last bit, in any order',
    (algorithm) => {
      const cases = algorithm === 'reference' ? anyEngineCase : fc.oneof(anyEngineCase, anyTallCase);
      fc.assert(
        fc.property(cases, anyParts, (drawn, { of, places, fused }) => {
          const one = algorithm === 'minimal' ? threeRows(drawn) : drawn;
          fc.pre(countOutputs(one).every((count) => count > 0));
          const k = kernelOfCase(one);
          const correlation = correlationOf(planesOfCase(one), k, one.options);
          expectParts(one, k, { ...correlation, algorithm, fused: fused && algorithm !== 'reference' }, of, places);
        }),
        numRuns(algorithm === 'reference' ? 100 : 400),
      );
    },
    120_000,
  );

  test('of two passes are the whole, to the last bit, in any order', () => {
    fc.assert(
      fc.property(anyTallCase, anyParts, (drawn, { of, places, fused }) => {
        const shape = { ...drawn.shape, inputs: 1 };
        const one: EngineCase = { ...drawn, shape, options: { ...drawn.options, stride: [1, 1] } };
        const size = one.shape.kernel[0] * one.shape.kernel[1];
        const ones = kernelOfCase(one);
        const k: Kernel = { ...ones, weights: ones.weights.map(() => 1 / size) };
        const separated = separateKernel(k) ?? expect.fail('Expected a kernel of rank 1');
        const correlation = correlationOf(planesOfCase(one), k, one.options);
        expectParts(one, k, { ...correlation, algorithm: 'separable', separated, fused }, of, places);
      }),
      numRuns(200),
    );
  }, 120_000);
});

/** Jobs run in this thread, on the copies that another one would get; the last one first. */
function copyingThreads(size: number): Threads & { readonly bands: number[] } {
  const bands: number[] = [];
  const queue: (() => void)[] = [];
  return {
    size,
    bands,
    async run(job) {
      await new Promise<void>((resolve, reject) => {
        queue.push(() => {
          try {
            runBands(structuredClone(job));
            bands.push(job.bands);
            resolve();
          } catch (thrown) {
            reject(thrown);
          }
        });
        setTimeout(() => queue.pop()?.());
      });
    },
  };
}

const LARGE: EngineCase = {
  shape: { groups: 1, inputs: 1, outputs: 1, height: 700, width: 500, kernel: [9, 7] },
  options: { stride: [1, 1], dilation: [1, 1], padding: 'same', border: 'symmetric' },
  samples: 'fractions',
  taps: 'fractions',
  white: 255,
  seed: 5,
};

/** Planes that threads share, in the engine's memory or not, and planes that they do not. */
const KINDS = ['plain', 'engine', 'shared engine', 'shared buffer'] as const;

function planesOfKind(shape: Omit<Planes, 'data'>, kind: (typeof KINDS)[number]): Planes {
  const { channels, height, width, white } = shape;
  if (kind === 'plain') return createPlanes(channels, height, width, white);
  if (kind !== 'shared buffer')
    return allocatePlanes(channels, height, width, white, { shared: kind === 'shared engine' });
  return { ...shape, data: new Float32Array(new SharedArrayBuffer(4 * channels * height * width)) };
}

describe('corr2dAsync', () => {
  test.each(['deterministic', 'fast'] as const)(
    'gives the bytes of corr2d for every shape where precision is %s',
    async (precision) => {
      const cases = fc.oneof(anyEngineCase, anyTallCase);
      await fc.assert(
        fc.asyncProperty(cases, fc.integer({ min: 1, max: 3 }), async (one, size) => {
          const [x, k] = [planesOfCase(one), kernelOfCase(one)];
          const options = { ...one.options, precision };
          const got = await corr2dAsync(x, k, { ...options, threads: copyingThreads(size) });
          const wanted = corr2d(x, k, options);
          expect(got.white).toBe(wanted.white);
          expectBytes(got, wanted);
        }),
        numRuns(150),
      );
    },
    120_000,
  );

  test.each(KINDS.flatMap((from) => KINDS.map((to) => [from, to] as const)))(
    'gives the bytes of corr2d from %s to %s planes, in many bands',
    async (from, to) => {
      const given = planesOfCase(LARGE);
      const k = kernelOfCase(LARGE);
      const wanted = corr2d(given, k, LARGE.options);
      const x = planesOfKind(given, from);
      x.data.set(given.data);
      const out = planesOfKind(given, to);
      out.data.fill(Number.NaN);
      const threads = copyingThreads(3);
      expect(await corr2dAsync(x, k, { ...LARGE.options, threads, out })).toBe(out);
      expect(threads.bands).toEqual([15, 15, 15]);
      expectBytes(out, wanted);
      expectBytes(x, given);
      release(x);
      release(out);
    },
  );

  test.each(['direct', 'fft', 'separable'] as const)('gives the bytes of corr2d by %s, fused', async (algorithm) => {
    const tall: EngineCase = { ...LARGE, shape: { ...LARGE.shape, height: 2000 } };
    const x = planesOfCase(tall);
    const taps = kernelOfCase(tall);
    const k = algorithm === 'separable' ? { ...taps, weights: new Float32Array(63).fill(0.1) } : taps;
    const options = { ...tall.options, precision: 'fast', algorithm } as const;
    const wanted = corr2d(x, k, options);
    for (const size of [1, 2, 3]) {
      const threads = copyingThreads(size);
      const got = await corr2dAsync(x, k, { ...options, threads });
      expect(got.data.buffer).toBeInstanceOf(ArrayBuffer);
      expectBytes(got, wanted);
      expect(threads.bands.length).toBe(size);
      expect(threads.bands[0]).toBeGreaterThanOrEqual(size);
    }
  });

  test('runs on threads that share this one’s objects, too', async () => {
    const x = planesOfCase(LARGE);
    const k = kernelOfCase(LARGE);
    const threads: Threads = { size: 2, run: async (job) => runBands(job) };
    const got = await corr2dAsync(x, k, { ...LARGE.options, threads });
    expectBytes(got, corr2d(x, k, LARGE.options));
  });

  test('takes taps that are part of a larger array', async () => {
    const x = planesOfCase(LARGE);
    const large = new Float32Array(1000).fill(9);
    large.set([1, 2, 3, 4], 500);
    const k: Kernel = {
      ...kernel([
        [1, 2],
        [3, 4],
      ]),
      weights: large.subarray(500, 504),
    };
    let bytes = 0;
    const threads: Threads = {
      size: 1,
      run: async (job) => {
        bytes = job.k.weights.buffer.byteLength;
        runBands(job);
      },
    };
    expectBytes(await corr2dAsync(x, k, { threads }), corr2d(x, k));
    expect(bytes).toBe(16);
  });

  test('refuses what corr2d refuses, and what are no threads', async () => {
    const threads = copyingThreads(1);
    const x = createPlanes(3, 4, 4);
    await expect(corr2dAsync(x, kernel([[1]]), { threads })).rejects.toThrow('repeatKernel');
    await expect(corr2dAsync(x, kernel([[1]]), { threads: { ...threads, size: 0 } })).rejects.toThrow(
      'Expected a whole number of at least 1 for threads.size but received 0',
    );
    expect(threads.bands).toEqual([]);
  });

  test('waits for every thread before it says that one failed, and gives its memory back', async () => {
    const x = planesOfKind(planesOfCase(LARGE), 'shared engine');
    const k = kernelOfCase(LARGE);
    let [jobs, running] = [0, 0];
    const addresses = new Set<number | undefined>();
    const threads: Threads = {
      size: 2,
      async run(job: BandsJob) {
        addresses.add(job.lent?.address);
        if (jobs++ % 2 === 0) throw new Error('no room');
        running++;
        await new Promise((resolve) => setTimeout(resolve, 20));
        runBands(job);
        running--;
      },
    };
    for (let call = 0; call < 3; call++) {
      await expect(corr2dAsync(x, k, { ...LARGE.options, threads })).rejects.toThrow('no room');
      expect(running).toBe(0);
    }
    // Each call was lent the same two pieces: the ones before were given back.
    expect(addresses.size).toBe(2);
    release(x);
  });

  test('does not take jobs that were never run for a result', async () => {
    const threads: Threads = { size: 2, run: () => Promise.resolve() };
    await expect(corr2dAsync(planesOfCase(LARGE), kernelOfCase(LARGE), { ...LARGE.options, threads })).rejects.toThrow(
      'Expected threads that run every job but received 0 of 15 bands',
    );
  });
});
