import { describe, expect, test } from 'vitest';
import {
  createPlanes,
  encodeImage,
  filterPicture,
  type Kernel,
  kernel,
  namedKernel,
  type Picture,
  type Planes,
  readImage,
} from '../../src/index.ts';
import { transformBlock } from '../../src/learn/jpeg/dct.ts';
import { jpegTaps } from '../../src/learn/jpeg/jpegTaps.ts';
import { quantiserSteps } from '../../src/learn/jpeg/quantiserSteps.ts';
import type { KernelShape } from '../../src/learn/kernelShape.ts';
import { examplesOf } from '../../src/learn/pairs.ts';
import { inCheckout } from '../support/checkout.ts';
import { leastSquaresOf, randomTaps } from './intervals.ts';
import { noise, photograph, stored } from './support.ts';

/** What a program makes that filters, rounds, clamps and writes a JPEG, as it is read again. */
async function codedAfter(before: Picture, k: Kernel, quality: number): Promise<Picture> {
  return readImage(await encodeImage(filterPicture(before, k).planes, { format: 'jpg', quality }));
}

const shapeOf = ({ height, width }: Kernel, bias = false): KernelShape => ({
  sharing: 'shared',
  outChannels: 1,
  inChannels: 1,
  height,
  width,
  groups: 1,
  bias,
});

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(b).reduce((most, tap, i) => Math.max(most, Math.abs(a[i] - tap)), 0);

const emboss = namedKernel('emboss');
const motion = kernel(Array.from({ length: 7 }, (_, i) => Array.from({ length: 7 }, (_, j) => (i === j ? 1 / 7 : 0))));

describe('taps from an after of JPEG', () => {
  test.each([
    { name: 'sharpen', k: namedKernel('sharpen'), quality: 90, denominator: 1 },
    { name: 'sharpen', k: namedKernel('sharpen'), quality: 75, denominator: 1 },
    { name: 'emboss', k: emboss, quality: 90, denominator: 1 },
    { name: 'box', k: namedKernel('box:5'), quality: 90, denominator: 100, of: 'camera.png' },
    { name: 'motion', k: motion, quality: 90, denominator: 7 },
    { name: 'motion', k: motion, quality: 95, denominator: 7 },
  ])('are the very ones: $name, quality $quality', async ({ k, quality, denominator, of = 'chelsea.png' }) => {
    const before = await readImage(inCheckout('samples', of));
    const examples = examplesOf([{ before, after: await codedAfter(before, k, quality) }]);
    const [start] = await leastSquaresOf(examples, shapeOf(k));
    const found = jpegTaps(examples, shapeOf(k))?.taps;
    expect(farthest(start, k.weights)).toBeGreaterThan(1e-3);
    expect([found?.denominator, farthest(found?.unknowns ?? [], k.weights)]).toEqual([
      denominator,
      expect.closeTo(0, 7),
    ]);
  });

  test('are several times as close as those of least squares where they are no short numbers', async () => {
    const taps = randomTaps(25, 9, 3, 0.2);
    const k = kernel(Array.from({ length: 5 }, (_, i) => Array.from(taps.subarray(5 * i, 5 * i + 5))));
    for (const name of ['camera.png', 'astronaut.png']) {
      const picture = await readImage(inCheckout('samples', name));
      const examples = examplesOf([{ before: picture, after: await codedAfter(picture, k, 90) }]);
      const [start] = await leastSquaresOf(examples, shapeOf(k));
      const found = jpegTaps(examples, shapeOf(k))?.taps;
      expect(found?.denominator).toBeUndefined();
      expect(farthest(start, taps) / farthest(found?.unknowns ?? [], taps)).toBeGreaterThan(4);
    }
  });

  test('are none where blur has left too few frequencies', { tags: ['slow'] }, async () => {
    const before = await readImage(inCheckout('samples/chelsea.png'));
    const k = namedKernel('gaussian:2');
    const examples = examplesOf([{ before, after: await codedAfter(before, k, 75) }]);
    const found = jpegTaps(examples, shapeOf(k));
    expect(found?.taps).toBeUndefined();
    expect(found?.outside).toBeLessThan(1);
  });

  test('are found with an offset', async () => {
    const before = stored(await photograph('camera.png'));
    const k = { ...emboss, weights: emboss.weights.map((w, i) => (i === 4 ? 0 : w)), bias: Float32Array.of(128 / 255) };
    const examples = examplesOf([{ before, after: await codedAfter(before, k, 90) }]);
    const found = jpegTaps(examples, shapeOf(k, true))?.taps;
    expect(farthest(found?.unknowns ?? [], k.weights)).toBe(0);
    expect((found?.unknowns[9] ?? 0) * 255).toBeCloseTo(128, 9);
  });

  test('are nothing without the grid of a JPEG, with channels that mix, or from pictures too small', async () => {
    const before = stored(await photograph('camera.png'));
    const k = namedKernel('box:3');
    const plain = filterPicture(before, k);
    const rounded = { ...before, planes: { ...plain.planes, data: plain.planes.data.map(Math.round) } };
    expect(jpegTaps(examplesOf([{ before, after: rounded }]), shapeOf(k))).toBeUndefined();

    const after = await codedAfter(before, k, 90);
    const examples = examplesOf([{ before, after }]);
    expect(jpegTaps(examples, { ...shapeOf(k), sharing: 'full' })).toBeUndefined();
    const cut = (p: Planes): Planes => {
      const part = createPlanes(1, 40, 40, 255);
      for (let row = 0; row < 40; row++) part.data.set(p.data.subarray(row * p.width, row * p.width + 40), row * 40);
      return part;
    };
    const small = examplesOf([
      { before: { ...before, planes: cut(before.planes) }, after: { ...after, planes: cut(after.planes) } },
    ]);
    expect(jpegTaps(small, shapeOf(k))).toBeUndefined();
  });
});

describe('the cosine transform', () => {
  test('keeps lengths, and is the cosines of JPEG', () => {
    const samples = noise(1, 8, 8, 5).data;
    const found = new Float64Array(64);
    transformBlock(samples, 0, 8, found);
    const energy = (of: ArrayLike<number>): number => Array.from(of).reduce((sum, v) => sum + v * v, 0);
    expect(energy(found)).toBeCloseTo(energy(samples), 9);
    for (const [u, v] of [
      [0, 0],
      [1, 0],
      [3, 7],
      [6, 5],
    ]) {
      const scale = (w: number): number => (w === 0 ? Math.sqrt(1 / 8) : 0.5);
      const wanted = samples.reduce((sum, sample, i) => {
        const [y, x] = [Math.floor(i / 8), i % 8];
        const cosines = Math.cos(((2 * y + 1) * u * Math.PI) / 16) * Math.cos(((2 * x + 1) * v * Math.PI) / 16);
        return sum + sample * cosines * scale(u) * scale(v);
      }, 0);
      expect(found[u * 8 + v]).toBeCloseTo(wanted, 9);
    }
  });
});

test('the steps of quantisers are told from what is left of coefficients', () => {
  const random = noise(1, 64, 300, 9).data;
  const steps = Array.from({ length: 64 }, (_, i) => (i === 0 ? 1 : 2 + (i % 20)));
  const blocks = Array.from({ length: 300 }, (_, b) =>
    Float64Array.from(steps, (step, i) => {
      const level = i === 63 ? 0 : Math.round(4 * random[i * 300 + b] - 2);
      return step * level + (random[((i + 7) % 64) * 300 + b] - 0.5);
    }),
  );
  expect(Array.from(quantiserSteps(blocks))).toEqual([expect.any(Number), ...steps.slice(1, 63), 0]);
});
