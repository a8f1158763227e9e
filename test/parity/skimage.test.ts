import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { detectEdges } from '../../src/edges/detectEdges.ts';
import { namedKernel } from '../../src/kernels/named.ts';
import { type NpyArray, parseNpy } from '../../src/planes/npy.ts';
import type { Planes } from '../../src/planes/planes.ts';
import { fromInterleaved } from '../../src/planes/samples.ts';
import { inCheckout } from '../support/checkout.ts';

/**
 * scikit-image's edge filters on the whole of samples/camera.png, its rim included (see make-skimage.py).
 *
 * What differs by convention:
 * - scale: theirs are divided by the sum of the smoothing taps and work on 0…1, our named kernels are whole numbers and
 *   work on stored samples, so ours are `scale`·255 times theirs;
 * - sign: their Roberts filters are the negative of our kernels;
 * - magnitude: theirs is √((a² + b²) / 2), so that our maps (but for Roberts') are √2 times theirs;
 * - border: theirs is `reflect`, which is our `symmetric`; Roberts' window extends down and to the right.
 */
const directions = [
  { theirs: 'sobel_v', ours: 'sobel-x', scale: 4, sign: 1 },
  { theirs: 'sobel_h', ours: 'sobel-y', scale: 4, sign: 1 },
  { theirs: 'scharr_v', ours: 'scharr-x', scale: 16, sign: 1 },
  { theirs: 'scharr_h', ours: 'scharr-y', scale: 16, sign: 1 },
  { theirs: 'prewitt_v', ours: 'prewitt-x', scale: 3, sign: 1 },
  { theirs: 'prewitt_h', ours: 'prewitt-y', scale: 3, sign: 1 },
  { theirs: 'roberts_pos_diag', ours: 'roberts-x', scale: 1, sign: -1 },
  { theirs: 'roberts_neg_diag', ours: 'roberts-y', scale: 1, sign: -1 },
] as const;

const magnitudes = [
  { operator: 'sobel', factor: Math.SQRT2 },
  { operator: 'scharr', factor: Math.SQRT2 },
  { operator: 'prewitt', factor: Math.SQRT2 },
  { operator: 'roberts', factor: 1 },
] as const;

/** Of full scale. */
const TOLERANCE = 1e-6;

const CROP = { from: 200, size: 48 };

const camera = await readCamera();
const rows = vectors('skimage-rows.npy', [directions.length, camera.height]);
const crops = vectors('skimage-crop.npy', [directions.length, CROP.size, CROP.size]);
const magnitudeCrops = vectors('skimage-magnitude.npy', [magnitudes.length, CROP.size, CROP.size]);

describe.each(directions.map((direction, index) => ({ ...direction, index })))('$theirs', (direction) => {
  const { index, ours, scale, sign } = direction;
  const response = corr2d(camera, namedKernel(ours), { padding: 'same-upper', border: 'symmetric' });
  const signed = response.data.map((value) => (value === 0 ? 0 : sign * value));

  test('agrees to 1e-6 of full scale where both are written out', () => {
    const theirs = crops.data.subarray(index * CROP.size ** 2, (index + 1) * CROP.size ** 2);
    expectClose(cropOf({ ...response, data: signed }), Array.from(theirs), scale * 255);
  });

  test('agrees on every row of the picture, exactly', () => {
    expect(signed.every(Number.isInteger)).toBe(true);
    const sums = Array.from({ length: camera.height }, (_, row) => {
      const whole = Int16Array.from(signed.subarray(row * camera.width, (row + 1) * camera.width));
      return crc32(new Uint8Array(whole.buffer));
    });
    const theirs = Array.from(rows.data.subarray(index * camera.height, (index + 1) * camera.height));
    const apart = sums.flatMap((sum, row) => (sum === theirs[row] ? [] : [row]));
    expect(apart, 'rows that differ').toEqual([]);
  });
});

describe.each(magnitudes.map((entry, index) => ({ ...entry, index })))('$operator', ({ operator, factor, index }) => {
  test('has the magnitude of ours to 1e-6 of full scale, after the difference in scale', () => {
    // Under `same` padding our even window extends up and to the left, theirs down and to the right.
    const offset = operator === 'roberts' ? 1 : 0;
    const { map } = detectEdges(camera, { operator, border: 'symmetric', magnitude: 'l2' });
    const theirs = magnitudeCrops.data.subarray(index * CROP.size ** 2, (index + 1) * CROP.size ** 2);
    const wanted = Array.from(theirs, (value) => value * factor * 255);
    expectClose(cropOf(map, offset), wanted, 255);
  });
});

async function readCamera(): Promise<Planes> {
  const { data, info } = await sharp(inCheckout('samples/camera.png'))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 512, height: 512, channels: 1 });
  return fromInterleaved(new Uint8Array(data), { channels: 1, height: 512, width: 512 }, 255);
}

function vectors(name: string, shape: number[]): NpyArray {
  const array = parseNpy(readFileSync(inCheckout('test/parity', name)));
  expect(array.shape).toEqual(shape);
  return array;
}

function cropOf({ data, width }: Planes, offset = 0): number[] {
  const from = CROP.from + offset;
  return Array.from({ length: CROP.size ** 2 }, (_, i) => {
    const [row, column] = [from + Math.floor(i / CROP.size), from + (i % CROP.size)];
    return data[row * width + column];
  });
}

/** Says where the two are farthest apart. */
function expectClose(ours: readonly number[], theirs: readonly number[], fullScale: number): void {
  const apart = ours.map((value, i) => Math.abs(value - theirs[i]) / fullScale);
  const worst = apart.indexOf(Math.max(...apart));
  const place = `row ${CROP.from + Math.floor(worst / CROP.size)}, column ${CROP.from + (worst % CROP.size)}`;
  expect(apart[worst], `${place}: ${ours[worst]} for ${theirs[worst]}`).toBeLessThanOrEqual(TOLERANCE);
}
