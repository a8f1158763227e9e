import { beforeAll, describe, expect, test } from 'vitest';
import { corr2d } from '../../../src/correlate/corr2d.ts';
import { luma } from '../../../src/correlate/luma.ts';
import { readImage } from '../../../src/files/readImage.ts';
import { rotateKernel, scaleKernel } from '../../../src/kernels/algebra.ts';
import type { Kernel } from '../../../src/kernels/kernel.ts';
import { namedKernel } from '../../../src/kernels/named.ts';
import { alignPair } from '../../../src/learn/diagnosis/alignPair.ts';
import { findOffset } from '../../../src/learn/diagnosis/findOffset.ts';
import { cutPlanes } from '../../../src/planes/cut.ts';
import { pad } from '../../../src/planes/pad.ts';
import { createPlanes, type Planes } from '../../../src/planes/planes.ts';
import { inCheckout } from '../../support/checkout.ts';
import { quarter } from '../../support/quarter.ts';

let camera: Planes;
let chelsea: Planes;

beforeAll(async () => {
  camera = (await readImage(inCheckout('samples', 'camera.png'))).planes;
  chelsea = (await readImage(inCheckout('samples', 'chelsea.png'))).planes;
});

/** With how far off the place may be. */
const FILTERS: readonly (readonly [string, Kernel, number])[] = [
  ['identity', namedKernel('identity'), 0],
  ['sharpen', namedKernel('sharpen'), 0],
  ['gaussian:1.4', namedKernel('gaussian:1.4'), 0],
  ['laplacian', namedKernel('laplacian'), 0],
  ['the negative', scaleKernel(namedKernel('identity'), -1), 0],
  ['a quarter of Sobel', scaleKernel(rotateKernel(namedKernel('sobel-x')), 0.25), 1],
  ['emboss', namedKernel('emboss'), 1],
];

const PARTS = [
  [3, 5, 503, 500],
  [77, 143, 200, 200],
  [128, 128, 220, 250],
] as const;

describe('the part of a picture that another is', () => {
  test.each(quarter(FILTERS))('under %s', (_, k, off) => {
    const filtered = corr2d(camera, k, { padding: 'same', border: 'replicate' });
    for (const [rows, columns, height, width] of PARTS) {
      const found =
        findOffset(camera, cutPlanes(filtered, rows, columns, height, width)) ?? expect.fail('Expected a place');
      expect(Math.abs(found.rows - rows)).toBeLessThanOrEqual(off);
      expect(Math.abs(found.columns - columns)).toBeLessThanOrEqual(off);
    }
  });

  test('of another number of channels', () => {
    const after = cutPlanes(luma(chelsea), 33, 21, 222, 311);
    expect(findOffset(chelsea, after)).toMatchObject({ rows: 33, columns: 21, score: expect.closeTo(1, 1) });
  });

  test('and more than it: a border that was added', { tags: ['slow'] }, () => {
    const after = pad(camera, { top: 20, right: 20, bottom: 20, left: 20 });
    expect(findOffset(camera, after)).toMatchObject({ rows: -20, columns: -20 });
  });

  test('shifted within the same size', { tags: ['slow'] }, () => {
    const shifted = cutPlanes(pad(camera, { top: 12, right: 0, bottom: 0, left: 30 }), 0, 0, 512, 512);
    const offset = findOffset(camera, shifted);
    expect(offset).toMatchObject({ rows: -12, columns: -30 });
    const { before, after } = alignPair(
      { before: camera, after: shifted, clips: true, stored: true, lossy: false, where: 'pairs[0]' },
      offset ?? expect.fail('Expected an offset'),
    );
    expect([before.height, before.width]).toEqual([500, 482]);
    expect(after).toEqual(before);
  });

  test('in its place', () => {
    expect(findOffset(camera, camera)).toEqual({ rows: 0, columns: 0, score: expect.closeTo(1, 3) });
  });
});

describe('nothing is found', () => {
  test('in another picture', () => {
    expect(findOffset(camera, cutPlanes(luma(chelsea), 0, 0, 300, 300))).toBeUndefined();
  });

  test('in the same picture at another size', () => {
    const half = createPlanes(1, 256, 256, 255);
    for (let i = 0; i < half.data.length; i++) half.data[i] = camera.data[2 * ((i >> 8) * 512 + (i & 255))];
    expect(findOffset(camera, half)).toBeUndefined();
  });

  test.each([
    [40, 40],
    [1, 1],
    [1, 200],
  ])('in a flat picture of %i×%i', (height, width) => {
    expect(findOffset(camera, createPlanes(1, height, width, 255))).toBeUndefined();
    expect(findOffset(createPlanes(1, height, width, 255), camera)).toBeUndefined();
  });
});
