import { describe, expect, test } from 'vitest';
import { corr2d, type Kernel, kernel, namedKernel, type Picture, type Planes, repeatKernel } from '../../src/core.ts';
import { rankFilter } from '../../src/correlate/nonlinear/rankFilter.ts';
import { readImage } from '../../src/index.ts';
import { examplesOf } from '../../src/learn/pairs.ts';
import { type ChosenShape, chooseShape, type ShapeChoice } from '../../src/learn/shape/chooseShape.ts';
import { inCheckout } from '../support/checkout.ts';
import { noise, photograph, stored } from './support.ts';

const chosen = (before: Picture | Planes, after: Picture | Planes, choice: ShapeChoice = {}): Promise<ChosenShape> =>
  chooseShape(examplesOf([{ before, after }]), choice, () => Promise.resolve());

const same = { padding: 'same', border: 'replicate' } as const;

async function chosenFor(k: Kernel): Promise<ChosenShape> {
  const { planes: before } = stored(await photograph('camera.png'));
  return chosen(before, stored(corr2d(before, k, same)));
}

describe('the size', () => {
  test.each([
    { name: 'identity', taps: { top: 0, left: 0, height: 1, width: 1 } },
    { name: 'sharpen', taps: { top: -1, left: -1, height: 3, width: 3 } },
    { name: 'emboss', taps: { top: -1, left: -1, height: 3, width: 3 } },
    { name: 'sobel-x', taps: { top: -1, left: -1, height: 3, width: 3 } },
    { name: 'box:5', taps: { top: -2, left: -2, height: 5, width: 5 } },
    { name: 'motion:7,30', taps: { top: -2, left: -3, height: 5, width: 7 } },
  ])('of $name is that of its taps', async ({ name, taps }) => {
    expect(await chosenFor(namedKernel(name))).toEqual({ sharing: 'shared', taps });
  });

  test('of a difference is even, and not widened by truncation', async () => {
    const { planes: before } = stored(await photograph('camera.png'));
    const after = corr2d(before, kernel([[0.7, -0.4]], { bias: 0.3 }), same);
    const picture = stored({ ...after, data: after.data.map((v) => Math.floor(v)) });
    expect((await chosen(before, picture)).taps).toEqual({ top: 0, left: -1, height: 1, width: 2 });
  });

  test('of a kernel that moves the picture lies off the middle', async () => {
    const moved = kernel(
      Array.from({ length: 9 }, (_, i) => Array.from({ length: 9 }, (_, j) => (i < 2 && j > 5 ? 0.1 + i / 9 : 0))),
    );
    expect((await chosenFor(moved)).taps).toEqual({ top: -4, left: 2, height: 2, width: 3 });
  });

  test('of samples/pair is 5×5', async () => {
    const before = await readImage(inCheckout('samples', 'pair', 'before.png'));
    const after = await readImage(inCheckout('samples', 'pair', 'after.png'));
    const taps = { top: -2, left: -2, height: 5, width: 5 };
    expect(await chosen(before, after)).toEqual({ sharing: 'shared', taps });
  }, 120_000);

  test('of numbers without noise is exact', async () => {
    const before = noise(1, 60, 50);
    const k = kernel([
      [0.5, 0, -0.25],
      [0, 1e-3, 0],
    ]);
    expect((await chosen(before, corr2d(before, k, same))).taps).toEqual({ top: -1, left: -1, height: 2, width: 3 });
  });

  test('of identical pictures is 1×1, flat ones too', async () => {
    const taps = { top: 0, left: 0, height: 1, width: 1 };
    const picture = stored(await photograph('camera.png'));
    expect((await chosen(picture, picture)).taps).toEqual(taps);
    const flat = { channels: 1, height: 20, width: 20, data: new Float32Array(400).fill(0.5) };
    expect((await chosen(flat, flat)).taps).toEqual(taps);
  });

  test('of pictures of a few samples is one that they can tell of', async () => {
    const bars = {
      channels: 1,
      height: 6,
      width: 8,
      data: Float32Array.from({ length: 48 }, (_, i) => (i % 8 < 2 || i % 8 > 5 ? 1 : 0)),
    };
    expect((await chosen(bars, bars)).taps).toEqual({ top: 0, left: 0, height: 1, width: 1 });
    expect((await chosen(bars, corr2d(bars, kernel([[1, -1]]), same))).taps).toEqual({
      top: 0,
      left: -1,
      height: 1,
      width: 2,
    });
  });
});

describe('a pair that no kernel explains', () => {
  test('is told as such, one of a kernel and of a blur are not', { tags: ['slow'] }, async () => {
    const { planes: before } = stored(await photograph('camera.png'));
    const median = rankFilter(before, { rank: 'median', height: 5, width: 5 }, 'replicate');
    const squared = stored({ ...before, data: before.data.map((value) => 255 - (value * value) / 255) });
    for (const after of [median, squared.planes]) {
      expect((await chosen(before, stored(after))).isHopeless).toBe(true);
    }
    for (const name of ['sharpen', 'box:15', 'motion:25,30', 'gaussian:4']) {
      expect((await chosenFor(namedKernel(name))).isHopeless).toBeUndefined();
    }
  });
});

describe('the channels', () => {
  const size = [3, 3] as const;
  const before = noise(3, 40, 40);

  test('share a kernel, have their own, or mix', async () => {
    const sharpen = namedKernel('sharpen');
    const sharing = async (k: Kernel): Promise<string> => (await chosen(before, corr2d(before, k), { size })).sharing;
    expect(await sharing(repeatKernel(sharpen, 3))).toBe('shared');
    const own = repeatKernel(sharpen, 3);
    own.weights[12] += 0.01;
    expect(await sharing(own)).toBe('per-channel');
    const mixing = kernel(
      Array.from({ length: 3 }, (_, o) =>
        Array.from({ length: 3 }, (_, i) =>
          o === i
            ? [
                [0, 0, 0],
                [0, 1, 0],
                [0, 0, 0],
              ]
            : [
                [0, 0, 0],
                [0, 0.01, 0],
                [0, 0, 0],
              ],
        ),
      ),
    );
    expect(await sharing(mixing)).toBe('full');
  });

  test('mix where there are more of them before than after', async () => {
    const after = corr2d(before, kernel([[[0.3]], [[0.6]], [[0.1]]].map((taps) => taps)));
    const taps = { top: 0, left: 0, height: 1, width: 1 };
    expect(await chosen(before, after)).toEqual({ sharing: 'full', taps });
  });

  test('are those that are stated', async () => {
    expect((await chosen(before, before, { size, sharing: 'full' })).sharing).toBe('full');
  });
});
