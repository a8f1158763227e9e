import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import {
  type Kernel,
  learnKernel,
  type LearnReport,
  namedKernel,
  parseKernel,
  type Picture,
  type Planes,
  readImage,
} from '../../src/index.ts';
import { cutPlanes } from '../../src/planes/cut.ts';
import { createPlanes } from '../../src/planes/planes.ts';
import { inCheckout } from '../support/checkout.ts';
import { quarter } from '../support/quarter.ts';
import { photograph, stored } from './support.ts';

/** What is said of pairs that no kernel made, or that a kernel made in a way that is easily mistaken: nothing that is not so. */

let camera: Picture;

beforeAll(async () => {
  camera = stored(cutPlanes(await photograph('camera.png'), 60, 120, 200, 220));
});

/** As another program decodes it again. */
async function coded({ data, height, width }: Planes, quality: number): Promise<Picture> {
  const raw = { raw: { width, height, channels: 1 as const } };
  const jpeg = await sharp(Uint8Array.from(data, Math.round), raw).toColourspace('b-w').jpeg({ quality }).toBuffer();
  return readImage(jpeg);
}

/** HSL's saturation times a factor: between the least and the most of three, by how much their middle lets it. */
function saturated(x: Planes, factor: number): Planes {
  const size = x.height * x.width;
  const data = x.data.slice();
  for (let i = 0; i < size; i++) {
    const colour = [0, 1, 2].map((c) => x.data[c * size + i] / 255);
    const [most, least] = [Math.max(...colour), Math.min(...colour)];
    const lightness = (most + least) / 2;
    const room = 1 - Math.abs(2 * lightness - 1);
    if (most === least || room === 0) continue;
    const by = Math.min(factor, room / (most - least));
    colour.forEach((value, c) => {
      data[c * size + i] = Math.round(255 * (lightness + (value - lightness) * by));
    });
  }
  return { ...x, data };
}

describe('of filters that are no kernel', { timeout: 120_000 }, () => {
  test.each<readonly [string, (x: Planes) => Planes]>(
    quarter([
      ['the magnitude of a gradient', (x) => magnitude(x)],
      ['a dilation', (x) => ranked(x, 8)],
      ['an erosion', (x) => ranked(x, 0)],
      ['a median', (x) => ranked(x, 4)],
      ['a mirrored picture', (x) => mapped(x, (_, row, column) => at(x, row, x.width - 1 - column))],
      ['a zoom', (x) => mapped(x, (_, row, column) => at(x, 20 + row * 0.8, 15 + column * 0.8))],
      ['sharpening that spares faint detail by and by', (x) => cored(x)],
      ['a tone curve', (x) => mapped(x, (sample) => 255 * (sample / 255) ** 0.6)],
    ]),
  )('%s: no shift, order, light, rounding, border, name, orientation or uncertainty', async (_, filter) => {
    const { report } = await learned(camera, stored({ ...filter(camera.planes), white: 255 }));
    expect(report.explained).toBe(false);
    expect(report.program).toEqual({});
    expect(report).not.toHaveProperty('known');
    expect(report).not.toHaveProperty('rank');
    expect(report).not.toHaveProperty('standardErrors');
    expect(report.notes).toHaveLength(1);
    expect(report.notes[0]).toMatch(/^No kernel of this size explains the pair: \d/);
    expect(report.notes[0]).toContain('Tried without success: ');
  });

  test('a median that was coded as a JPEG', async () => {
    const { report } = await learned(camera, await coded(ranked(camera.planes, 12, 2), 90));
    expect(report.explained).toBe(false);
    expect(report).not.toHaveProperty('known');
    expect(report.notes[0]).toMatch(
      /^No kernel of this size was found that explains the pair: .*What was lost when the after was coded may hide one/,
    );
  });

  test('what is nearly linear: a saturation of colours around their lightness', async () => {
    const before = await readImage(inCheckout('samples', 'astronaut.png'));
    const colours = { ...before, planes: cutPlanes(before.planes, 40, 150, 150, 160) };
    const after = stored({ ...saturated(colours.planes, 1.4), white: 255 });
    const { report } = await learnKernel([{ before: colours, after }], { size: 1, channels: 'full' });
    expect(report.explained).toBe(false);
    expect(report).not.toHaveProperty('known');
  });

  test('sharpening above a threshold is told with its threshold, and with the kernel that changed the rest', async () => {
    const { report } = await learned(camera, stored({ ...thresholded(camera.planes), white: 255 }));
    expect(report.explained).toBe(true);
    expect(Math.abs((report.program.threshold ?? 0) - (1.5 * 6) / 255)).toBeLessThan(0.1 / 255);
    expect(report.known?.text).toMatch(/^unsharp mask: 2\.5 × the picture − 1\.5 × its Gaussian blur of σ 2/);
    expect(report.notes.join()).toContain('Samples stayed as they were that the kernel changes by no more than 0.03');
  });

  test('what is left over is measured against what was changed', async () => {
    const after = stored({ ...cored(camera.planes), white: 255 });
    const { report } = await learned(camera, after);
    expect(report.r2).toBeGreaterThan(0.99);
    expect(report.leftOfChange).toBeGreaterThan(0.01);
    expect(report.notes[0]).toContain('of what was changed is left over');
  });
});

describe('of filters that are kernels', { timeout: 120_000 }, () => {
  test.each([
    ['emboss', parseKernel('3x3:-1,0,0,0,1,0,0,0,0'), 0.5],
    ['sharpen', namedKernel('sharpen'), 0],
    ['a box blur', namedKernel('box:4'), 0],
  ])('%s: not that the order is wrong, or the after displaced', async (_, k, bias) => {
    const after = filtered(camera, { ...k, bias: Float32Array.of(bias) });
    const { report } = await learned(camera, after);
    expect(report.explained).toBe(true);
    expect(report.program.shift).toBeUndefined();
    expect(report.notes.join()).not.toMatch(/order|lies/);
  });

  test('the wrong order, of a blur and of sharpening', async () => {
    for (const k of [namedKernel('gaussian:1'), namedKernel('unsharp')]) {
      const { report } = await learned(filtered(camera, k), camera);
      expect(report.notes[0]).toContain('wrong order');
      expect(report.program).toEqual({});
    }
  });

  test('how many samples are black or white, of all there are', async () => {
    const k = { ...namedKernel('identity'), weights: Float32Array.of(1.9), bias: Float32Array.of(-0.4) };
    const { report } = await learned(camera, filtered(camera, k));
    const after = filtered(camera, k).planes.data;
    const part = after.filter((sample) => sample === 0 || sample === 255).length / after.length;
    expect(report.notes.join()).toContain(
      `${Number((100 * part).toPrecision(2))}% of the samples after are black or white`,
    );
  });
});

const learned = async (before: Picture, after: Picture): Promise<{ report: LearnReport }> =>
  learnKernel([{ before, after }]);

function filtered(x: Picture, k: Kernel): Picture {
  return stored(corr2d(x.planes, k, { padding: 'same', border: 'reflect101' }));
}

/** The nearest sample within the picture. */
function at({ data, height, width }: Planes, row: number, column: number): number {
  const r = Math.min(height - 1, Math.max(0, Math.round(row)));
  return data[r * width + Math.min(width - 1, Math.max(0, Math.round(column)))];
}

function mapped(x: Planes, to: (sample: number, row: number, column: number) => number): Planes {
  const result = createPlanes(1, x.height, x.width, 255);
  for (let i = 0; i < x.data.length; i++) result.data[i] = to(x.data[i], Math.floor(i / x.width), i % x.width);
  return result;
}

/** One of the nine samples around each (of 25 for a reach of 2), in rising order. */
function ranked(x: Planes, place: number, reach = 1): Planes {
  const steps = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  return mapped(x, (_, row, column) => {
    const around = steps.flatMap((r) => steps.map((c) => at(x, row + r, column + c)));
    return around.toSorted((a, b) => a - b)[place];
  });
}

function magnitude(x: Planes): Planes {
  const along = (name: string): Planes => corr2d(x, namedKernel(name), { padding: 'same', border: 'replicate' });
  const [across, down] = [along('sobel-x'), along('sobel-y')];
  return mapped(x, (_, row, column) => Math.hypot(at(across, row, column), at(down, row, column)) / 4);
}

function cored(x: Planes): Planes {
  const blurred = corr2d(x, namedKernel('gaussian:2'), { padding: 'same', border: 'replicate' });
  return mapped(x, (sample, row, column) => {
    const detail = sample - at(blurred, row, column);
    return sample + (1.5 * detail * Math.abs(detail)) / (Math.abs(detail) + 6);
  });
}

function thresholded(x: Planes): Planes {
  const blurred = corr2d(x, namedKernel('gaussian:2'), { padding: 'same', border: 'replicate' });
  return mapped(x, (sample, row, column) => {
    const detail = sample - at(blurred, row, column);
    return Math.abs(detail) > 6 ? sample + 1.5 * detail : sample;
  });
}
