import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Kernel, kernel, namedKernel, type Picture, type Planes, whiteOf } from '../../src/core.ts';
import { corr2d } from '../../src/index.ts';
import { type KernelShape, originInAfter } from '../../src/learn/kernelShape.ts';
import { leastSquares } from '../../src/learn/moments/leastSquares.ts';
import { addMoments, selectUnknowns, squaredError } from '../../src/learn/moments/momentAlgebra.ts';
import { type Moments, momentsOf, momentsOfTiles } from '../../src/learn/moments/moments.ts';
import { groupsOfTiles } from '../../src/learn/moments/tiles.ts';
import { type BeforeAfter, type Example, examplesOf, isClipped } from '../../src/learn/pairs.ts';
import { noise, photograph, stored } from './support.ts';

const machine = vi.hoisted(() => ({ simd: true }));

vi.mock(import('../../src/wasm/features.ts'), async (original) => {
  const features = await original();
  return { ...features, hasSimd: () => machine.simd && features.hasSimd() };
});

afterEach(() => {
  machine.simd = true;
});

const pause = (): Promise<void> => Promise.resolve();

const SHAPE: KernelShape = {
  sharing: 'full',
  outChannels: 3,
  inChannels: 3,
  height: 3,
  width: 3,
  groups: 1,
  bias: true,
};

/** Every window that is an equation written down, in units of white. */
function definedMoments(examples: readonly Example[], shape: KernelShape): Moments[] {
  const taps = shape.inChannels * shape.height * shape.width;
  const unknowns = taps + (shape.bias ? 1 : 0);
  const sums = Array.from({ length: shape.outChannels }, () => ({
    unknowns,
    gram: new Float64Array(unknowns ** 2),
    cross: new Float64Array(unknowns),
    energy: 0,
    total: 0,
    samples: 0,
    clipped: 0,
  }));
  for (const example of examples) {
    const { before, after } = example;
    const origin = originInAfter(example, shape);
    for (let target = 0; target < after.channels; target++) {
      const to = sums[shape.sharing === 'shared' ? 0 : target];
      const inputs = shape.sharing === 'full' ? [...Array.from({ length: before.channels }).keys()] : [target];
      for (let i = 0; i <= before.height - shape.height; i++) {
        for (let j = 0; j <= before.width - shape.width; j++) {
          const sample = after.data[(target * after.height + i + origin[0]) * after.width + j + origin[1]];
          if (isClipped(sample, example)) {
            to.clipped++;
            continue;
          }
          const y = sample / whiteOf(after);
          const x: number[] = [];
          for (const c of inputs) {
            for (let r = 0; r < shape.height; r++) {
              for (let q = 0; q < shape.width; q++) {
                x.push(before.data[(c * before.height + i + r) * before.width + j + q] / whiteOf(before));
              }
            }
          }
          if (shape.bias) x.push(1);
          for (let a = 0; a < unknowns; a++) {
            to.cross[a] += x[a] * y;
            for (let b = 0; b < unknowns; b++) to.gram[a * unknowns + b] += x[a] * x[b];
          }
          to.energy += y * y;
          to.total += y;
          to.samples++;
        }
      }
    }
  }
  return sums;
}

function expectEqual(found: readonly Moments[], wanted: readonly Moments[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((m, i) => {
    const w = wanted[i];
    expect([m.unknowns, m.samples, m.clipped]).toEqual([w.unknowns, w.samples, w.clipped]);
    const near = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
      expect(a).toHaveLength(b.length);
      for (let k = 0; k < a.length; k++) expect(Math.abs(a[k] - b[k])).toBeLessThan(1e-10 * w.samples);
    };
    near(m.gram, w.gram);
    near(m.cross, w.cross);
    near([m.energy, m.total], [w.energy, w.total]);
  });
}

/** Stored in 8 bits, about so large a share of its samples at 0 or white. */
function clippedNoise(channels: number, height: number, width: number, share: number): Picture {
  const p = noise(channels, height, width, 9);
  return stored({ ...p, data: p.data.map((v) => 0.5 + (v - 0.5) / (1 - share)) });
}

/** Stored in 16 bits. */
function deep(p: Planes): Planes {
  return { ...p, white: 65_535, data: p.data.map((v) => Math.round(v * 65_535)) };
}

const cases: readonly { name: string; pairs: readonly BeforeAfter[]; shape?: Partial<KernelShape> }[] = [
  { name: 'numbers', pairs: [{ before: noise(3, 20, 30), after: noise(3, 20, 30, 2) }] },
  { name: '16 bits', pairs: [{ before: deep(noise(3, 20, 30)), after: deep(noise(3, 20, 30, 2)) }] },
  { name: '8 bits after 16', pairs: [{ before: deep(noise(3, 20, 30)), after: stored(noise(3, 20, 30, 2)) }] },
  { name: 'few clipped', pairs: [{ before: stored(noise(3, 20, 30)), after: clippedNoise(3, 20, 30, 0.1) }] },
  { name: 'most clipped', pairs: [{ before: stored(noise(3, 20, 30)), after: clippedNoise(3, 20, 30, 0.7) }] },
  {
    name: 'a valid response and one of the before’s size',
    pairs: [
      { before: stored(noise(3, 12, 13)), after: clippedNoise(3, 8, 12, 0.1) },
      { before: noise(3, 9, 40), after: noise(3, 9, 40, 3) },
    ],
    shape: { height: 5, width: 2 },
  },
  {
    name: 'fewer columns than taps',
    pairs: [{ before: noise(3, 9, 8), after: noise(3, 9, 3, 2) }],
    shape: { height: 1, width: 6 },
  },
  {
    name: 'two channels to one',
    pairs: [{ before: noise(2, 9, 8), after: noise(1, 9, 8, 2) }],
    shape: { inChannels: 2, outChannels: 1 },
  },
  ...(['per-channel', 'shared'] as const).map((sharing) => ({
    name: `${sharing}, clipped`,
    pairs: [{ before: stored(noise(3, 20, 30)), after: clippedNoise(3, 20, 30, 0.3) }],
    shape: { sharing, inChannels: 1, bias: false, ...(sharing === 'shared' ? { outChannels: 1 } : { groups: 3 }) },
  })),
];

describe.each([true, false])('with vector code: %s', (simd) => {
  test.each(cases)('are those of every window: $name', async ({ pairs, shape }) => {
    machine.simd = simd;
    const examples = examplesOf(pairs);
    const whole = { ...SHAPE, ...shape };
    expectEqual(await momentsOf(examples, whole, pause), definedMoments(examples, whole));
  });
});

test('are the same numbers for 8 bits however they are summed', async () => {
  const examples = examplesOf([{ before: stored(noise(3, 20, 30)), after: clippedNoise(3, 20, 30, 0.2) }]);
  const fast = await momentsOf(examples, SHAPE, pause);
  machine.simd = false;
  expect(await momentsOf(examples, SHAPE, pause)).toEqual(fast);
});

describe('groups of tiles', () => {
  const shape: KernelShape = { ...SHAPE, outChannels: 1, inChannels: 1 };
  const examples = examplesOf([
    { before: noise(1, 300, 700), after: noise(1, 300, 700, 2) },
    { before: noise(1, 30, 20, 4), after: noise(1, 28, 18, 5) },
  ]);

  test('together are the whole', async () => {
    const groups = groupsOfTiles(examples, shape, 8);
    expect(groups).toHaveLength(8);
    const parts = await Promise.all(groups.map((tiles) => momentsOfTiles(tiles, shape, pause)));
    const wanted = await momentsOf(examples, shape, pause);
    expectEqual([addMoments(parts.map(([part]) => part))], wanted);
    for (const [part] of parts) expect(part.samples).toBeGreaterThan(wanted[0].samples / 20);
  });

  test('are of so many windows at most, or little more', () => {
    const groups = groupsOfTiles(examples, shape, 4, 60_000);
    const windows = groups.flat().reduce((sum, { height, width }) => sum + height * width, 0);
    expect(windows).toBeGreaterThan(40_000);
    expect(windows).toBeLessThan(80_000);
  });
});

describe('many clipped samples', () => {
  test('leave so many windows as may be summed by themselves, from all over the picture', async () => {
    const k = kernel([[0.5, -0.25, 1]]);
    const before = stored(await photograph('camera.png')).planes;
    const after = corr2d(before, k, { padding: 'same' });
    const picture: Picture = {
      ...stored(after),
      planes: { ...after, data: after.data.map((v, i) => (i % 2 === 0 || i % 512 > 400 ? 0 : v)) },
    };
    const shape: KernelShape = { ...SHAPE, outChannels: 1, inChannels: 1, height: 1, width: 3, bias: false };
    const examples = examplesOf([{ before, after: picture }]);
    const tiles = [{ example: examples[0], top: 0, left: 0, height: 512, width: 510 }];
    const [all] = await momentsOfTiles(tiles, shape, pause);
    const [some] = await momentsOfTiles(tiles, shape, pause, 25 * 10_000);
    expect(some.clipped).toBe(all.clipped);
    expect(some.samples + some.clipped).toBeLessThan(512 * 510);
    expect(Math.abs(some.samples - 10_000)).toBeLessThan(100);
    const { unknowns } = leastSquares(some, { bias: false });
    k.weights.forEach((tap, i) => expect(unknowns[i]).toBeCloseTo(tap, 6));
  });
});

test('of chosen unknowns are those of the kernel that has them alone', async () => {
  const examples = examplesOf([{ before: noise(1, 20, 22), after: noise(1, 16, 18, 2) }]);
  const shape: KernelShape = { ...SHAPE, outChannels: 1, inChannels: 1, height: 5, width: 5 };
  const [large] = await momentsOf(examples, shape, pause);
  const inner = [6, 7, 8, 11, 12, 13, 25];
  const padded: Kernel = kernel(
    Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 5 }, (_, j) => (inner.includes(5 * i + j) ? i - j / 3 : 0)),
    ),
  );
  const small = selectUnknowns(large, inner);
  const [{ before, after }] = examples;
  const given = corr2d(before, { ...padded, bias: Float32Array.of(0.5) }).data;
  const squares = given.reduce((sum, v, i) => sum + (v - after.data[i]) ** 2, 0);
  expect(
    squaredError(
      small,
      inner.map((i) => (i < 25 ? padded.weights[i] : 0.5)),
    ),
  ).toBeCloseTo(squares, 3);
});

test('refuses a kernel of too many taps', async () => {
  const before = noise(1, 50, 50);
  const shape = { ...SHAPE, ...namedKernel('box:47'), sharing: 'full', groups: 1, bias: false } as const;
  await expect(momentsOf(examplesOf([{ before, after: before }]), shape, pause)).rejects.toThrow(
    'Expected at most 2048 taps for an output channel for a kernel that is learned but received 2209',
  );
});
