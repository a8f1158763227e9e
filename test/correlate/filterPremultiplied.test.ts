import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  filterPicture,
  type Kernel,
  kernel,
  parseKernel,
  type Picture,
  type Planes,
  planes,
  repeatKernel,
  toNested,
} from '../../src/core.ts';
import { formatKernel } from '../../src/kernels/format.ts';
import { type InterleavedPicture, pictureFrom } from '../../src/planes/picture.ts';
import { describeSamples } from '../support/describeSamples.ts';
import fc from '../support/fc.ts';
import { naiveCorrelation } from '../support/naiveCorrelation.ts';
import { filteredSamples } from '../support/ofSamples.ts';
import { samplesOf } from '../support/samplesCases.ts';

const rest = { depth: 8, lossy: false, metadata: {} } as const;

const rgba = (height: number, width: number, seed: number, opaque = 6, depth: 8 | 16 = 8): InterleavedPicture =>
  samplesOf({ depth, channels: 3, stride: 4, alphaAt: 3, height, width, opaque, extremes: 5, seed });

const taps = (rows: number, columns: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(fc.integer({ min: -3, max: 6 }), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  });

/** More than one tap: one alone mixes no two samples. */
const anyTaps = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .filter(([rows, columns]) => rows * columns > 1)
  .chain(([rows, columns]) => taps(rows, columns));

const sumOf = (nested: readonly (readonly number[])[]): number => nested.flat().reduce((sum, tap) => sum + tap, 0);
const sizesOf = (nested: readonly (readonly number[])[]): number =>
  nested.flat().reduce((sum, tap) => sum + Math.abs(tap), 0);

/** The definition once more, in Float64: colour and alpha of every sample that shows. */
function naively(
  { planes: colour, alpha }: Required<Pick<Picture, 'planes' | 'alpha'>>,
  k: Kernel,
): { colour: Planes; alpha: Planes } {
  const how = { padding: 'same', border: 'replicate' } as const;
  const size = colour.height * colour.width;
  const weighed = { ...colour, data: colour.data.map((sample, i) => (sample * alpha.data[i % size]) / 255) };
  const answer = naiveCorrelation(weighed, repeatKernel({ ...k, bias: new Float32Array(1) }, colour.channels), how);
  const cover = naiveCorrelation(alpha, { ...k, bias: new Float32Array(1) }, how);
  const sum = k.weights.reduce((all, tap) => all + tap, 0);
  return {
    colour: {
      ...answer,
      data: answer.data.map((sample, i) => (sample * sum * 255) / cover.data[i % size] + k.bias[0] * 255),
    },
    alpha: { ...cover, data: cover.data.map((sample) => Math.min(Math.max(sample / sum, 0), 255)) },
  };
}

describe('colour and alpha together', () => {
  test('are what the definition says, of kernels of any sum, with negative taps and a bias', () => {
    const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-3 * Math.max(1, Math.abs(b));
    fc.assert(
      fc.property(anyTaps, fc.constantFrom(0, 0.25, -0.5), fc.nat(), (nested, bias, seed) => {
        fc.pre(Math.abs(sumOf(nested)) > sizesOf(nested) / 20);
        const picture = pictureFrom(rgba(7, 9, seed)) as Required<Picture>;
        const k = kernel(nested, { bias });
        const found = filterPicture(picture, k) as Required<Picture>;
        const wanted = naively(picture, k);
        found.planes.data.forEach((sample, i) => {
          const cover = wanted.alpha.data[i % 63];
          // Where next to nothing shows, rounding decides.
          if (cover > 0.01) expect(near(sample, wanted.colour.data[i])).toBe(true);
          else if (cover === 0) expect(sample).toBe(0);
        });
        found.alpha.data.forEach((sample, i) => expect(near(sample, wanted.alpha.data[i])).toBe(true));
      }),
    );
  });

  test('what is hidden changes nothing', () => {
    fc.assert(
      fc.property(anyTaps, fc.nat(), fc.constantFrom('clamp', 'abs', 'offset'), (nested, seed, map) => {
        const picture = rgba(8, 7, seed);
        const other = { ...picture, samples: picture.samples.slice() };
        for (let i = 0; i < other.samples.length; i += 4) {
          if (other.samples[i + 3] === 0) other.samples.set([1, 2, 255], i);
        }
        const k = kernel(nested);
        expect(filteredSamples(other, k, { map })).toEqual(filteredSamples(picture, k, { map }));
      }),
    );
  });

  test('a flat colour stays itself however its alpha varies', () => {
    const picture = rgba(12, 9, 1, 2);
    for (let i = 0; i < picture.samples.length; i += 4) picture.samples.set([200, 100, 50], i);
    for (const name of ['gaussian:2', 'sharpen', 'box:3', 'motion:5']) {
      const { samples } = filteredSamples(picture, parseKernel(name));
      for (let i = 0; i < samples.length; i += 4) {
        if (samples[i + 3] > 0) expect([...samples.subarray(i, i + 3)], name).toEqual([200, 100, 50]);
      }
    }
  });

  test('what is opaque throughout has the bytes that it has without alpha, and stays opaque', () => {
    const kernels = ['gaussian:1', 'box:3', 'sharpen', 'sobel-x', 'unsharp', '3x3:1,1,1,1,3,1,1,1,1'];
    for (const depth of [8, 16] as const) {
      // Beside one transparent pixel in a corner that no window of the others' reaches.
      const picture = rgba(40, 60, 3, 16, depth);
      picture.samples[3] = 0;
      const opaque = {
        samples: picture.samples.filter((_, i) => i % 4 !== 3),
        height: 40,
        width: 60,
        stride: 3,
        channels: 3,
        white: picture.white,
      };
      for (const name of kernels) {
        for (const rounding of ['nearest', 'truncate'] as const) {
          const found = filteredSamples(picture, parseKernel(name), { rounding });
          const wanted = filteredSamples(opaque, parseKernel(name), { rounding });
          for (let row = 20; row < 40; row++) {
            for (let column = 20; column < 60; column++) {
              const at = row * 60 + column;
              const [red, green, blue, alpha] = found.samples.subarray(4 * at, 4 * at + 4);
              expect([red, green, blue, alpha], `${name} at ${row}, ${column}`).toEqual([
                ...wanted.samples.subarray(3 * at, 3 * at + 3),
                picture.white,
              ]);
            }
          }
        }
      }
    }
  });

  test('transforms leave what is opaque within one sample of that', () => {
    const picture = rgba(90, 110, 3, 16);
    picture.samples[3] = 0;
    const found = filteredSamples(picture, parseKernel('gaussian:4')).samples;
    const { samples } = filteredSamples({ ...picture, alphaAt: undefined } as never, parseKernel('gaussian:4'));
    for (let row = 40; row < 90; row++) {
      for (let column = 40; column < 110; column++) {
        const at = row * 110 + column;
        expect(found[4 * at + 3]).toBe(255);
        for (let c = 0; c < 3; c++) expect(Math.abs(found[4 * at + c] - samples[3 * at + c])).toBeLessThanOrEqual(1);
      }
    }
  });

  test('the border’s colour is opaque, and the other borders repeat alpha too', () => {
    const picture = { ...rest, planes: planes([[80, 80]], 255), alpha: planes([[0, 255]], 255) };
    const one = (border: 'zero' | 'replicate' | 'wrap' | { constant: number }): unknown => {
      const filtered = filterPicture(picture, kernel([[0.5, 0.25, 0.25]]), { border }) as Required<Picture>;
      return [toNested(filtered.planes), toNested(filtered.alpha)];
    };
    expect(one('zero')).toEqual([[[[80 / 3, 40]]], [[[191.25, 127.5]]]].map(closeTo));
    expect(one({ constant: 1 })).toEqual([[[[(255 * 2 + 80) / 3, 167.5]]], [[[191.25, 127.5]]]].map(closeTo));
    expect(one('replicate')).toEqual([[[[80, 80]]], [[[63.75, 127.5]]]].map(closeTo));
    expect(one('wrap')).toEqual([[[[80, 80]]], [[[191.25, 63.75]]]].map(closeTo));
  });
});

/** Numbers that are no whole ones come near. */
function closeTo(nested: unknown): unknown {
  if (Array.isArray(nested)) return nested.map(closeTo);
  return expect.closeTo(nested as number, 4);
}

describe('taps that sum to 0', () => {
  test('answer to the picture over black, and leave alpha as it is', () => {
    const colour = planes([[255, 255, 90, 90]], 255);
    const alpha = planes([[0, 255, 255, 51]], 255);
    const filtered = filterPicture({ ...rest, planes: colour, alpha }, kernel([[1, 0, -1]])) as Required<Picture>;
    expect(toNested(filtered.planes)).toEqual([[[-255, -90, 237, 72]]]);
    expect(toNested(filtered.alpha)).toEqual([[[0, 255, 255, 51]]]);
  });

  test('count as 0 where rounding left a little of them', () => {
    const picture = { ...rest, planes: planes([[9, 9, 9]], 255), alpha: planes([[0, 255, 255]], 255) };
    const k = kernel([[0.1, 0.2, -0.3]]);
    expect(filterPicture(picture, k).alpha).toEqual(picture.alpha);
  });
});

describe('kernels across channels', () => {
  const colour = planes([[[200, 200]], [[100, 100]], [[50, 50]]], 255);
  const alpha = planes([[51, 255]], 255);
  const picture = { ...rest, planes: colour, alpha };

  test('of one sample change colours and leave alpha as it is, and what is hidden', () => {
    const mix = kernel([
      [[[0]], [[1]], [[0]]],
      [[[0.5]], [[0.5]], [[0.5]]],
      [[[1]], [[-1]], [[0]]],
    ]);
    const filtered = filterPicture(picture, mix) as Required<Picture>;
    expect(toNested(filtered.planes)).toEqual([[[100, 100]], [[175, 175]], [[100, 100]]].map(closeTo));
    expect(toNested(filtered.alpha)).toEqual([[[51, 255]]]);
  });

  test('that shift channels apart have the mean of their alphas', () => {
    const apart = kernel([
      [[[0, 1, 0]], [[0, 0, 0]], [[0, 0, 0]]],
      [[[0, 0, 0]], [[0, 0, 1]], [[0, 0, 0]]],
      [[[0, 0, 0]], [[0, 0, 0]], [[1, 0, 0]]],
    ]);
    const filtered = filterPicture(picture, apart) as Required<Picture>;
    expect(toNested(filtered.planes)).toEqual([[[200, 200]], [[100, 100]], [[50, 50]]].map(closeTo));
    expect(toNested(filtered.alpha)).toEqual([[[(51 + 255 + 51) / 3, (255 + 255 + 51) / 3]]].map(closeTo));
  });
});

describe('the one pass', () => {
  test('holds no whole picture in Float32, and gives the bytes of the steps', () => {
    const picture = rgba(400, 500, 5);
    for (const name of ['gaussian:1', 'sharpen', 'sobel-x']) {
      const longest = longestFloats(() => void filteredSamples(picture, parseKernel(name)));
      expect(longest, name).toBeLessThan(400 * 500 * 0.75);
      // `minmax` is one of the steps that are taken by themselves.
      const filtered = filterPicture(pictureFrom(picture), parseKernel(name)) as Required<Picture>;
      const clamped = [filtered.planes, filtered.alpha].map(({ data }) => data);
      const size = 400 * 500;
      const wanted = Uint8Array.from({ length: 4 * size }, (_, i) => {
        const sample = i % 4 === 3 ? clamped[1][i >> 2] : clamped[0][(i % 4) * size + (i >> 2)];
        return roundedToEven(Math.min(Math.max(sample, 0), 255));
      });
      expect(describeSamples(filteredSamples(picture, parseKernel(name)), wanted), name).toBe('');
    }
  });
});

function roundedToEven(value: number): number {
  const floor = Math.floor(value);
  const half = value - floor;
  if (half !== 0.5) return half < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The longest Float32Array that is made meanwhile. */
function longestFloats(work: () => void): number {
  const Original = globalThis.Float32Array;
  let longest = 0;
  globalThis.Float32Array = new Proxy(Original, {
    construct(target, given: [unknown], made) {
      const array = Reflect.construct(target, given, made) as Float32Array;
      if (!(given[0] instanceof ArrayBuffer)) longest = Math.max(longest, array.length);
      return array;
    },
  });
  try {
    work();
  } finally {
    globalThis.Float32Array = Original;
  }
  return longest;
}

/** Kernels of sum 1, which other programs' conventions for sums do not tell apart. */
const SUM_OF_ONE: Readonly<Record<string, number[][]>> = {
  binomial: [
    [1, 2, 1],
    [2, 4, 2],
    [1, 2, 1],
  ],
  box: [
    [1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1],
  ],
  sharpen: [
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ],
  emboss: [
    [-2, -1, 0],
    [-1, 1, 1],
    [0, 1, 2],
  ],
  column: [[3], [1], [0], [-1], [2]],
};

describe('sharp', () => {
  // It rounds premultiplied samples first, which taps of both signs make more of, and divides by alpha once that is clipped.
  test.each(['binomial', 'box'])('shows the same within what it rounds: %s', async (name) => {
    const rows = SUM_OF_ONE[name];
    const picture = rgba(30, 41, 7);
    const sum = sumOf(rows);
    const { samples } = filteredSamples(picture, kernel(rows.map((row) => row.map((tap) => tap / sum))));
    const raw = { width: 41, height: 30, channels: 4 } as const;
    const theirs = await sharp(picture.samples.slice() as Uint8Array, { raw })
      .convolve({ width: rows[0].length, height: rows.length, kernel: rows.flat(), scale: sum })
      .raw()
      .toBuffer();
    expect(largestDifference(samples, theirs)).toBeLessThanOrEqual(2);
  });
});

const hasImageMagick =
  spawnSync('convert', ['-version'], { encoding: 'utf8' }).stdout?.includes('ImageMagick 6') === true;

describe('ImageMagick 6', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'corr2d-alpha-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.for(Object.entries(SUM_OF_ONE))(
    'shows the same within one sample, which it rounds down: %s',
    async ([name, rows], { skip }) => {
      skip(!hasImageMagick, 'no alpha was compared with ImageMagick’s: Debian’s imagemagick (version 6) is missing');
      const picture = rgba(30, 41, 11);
      const sum = sumOf(rows);
      const k = kernel(rows.map((row) => row.map((tap) => tap / sum)));
      const raw = { width: 41, height: 30, channels: 4 } as const;
      const [before, after] = [join(folder, `${name}.png`), join(folder, `${name}-after.png`)];
      await sharp(picture.samples.slice() as Uint8Array, { raw })
        .png()
        .toFile(before);
      const call = [
        before,
        '-morphology',
        'Correlate',
        formatKernel(k, 'imagemagick'),
        '-depth',
        '8',
        `PNG32:${after}`,
      ];
      expect(spawnSync('convert', call, { encoding: 'utf8' }).stderr).toBe('');
      const theirs = await sharp(after).raw().toBuffer();
      expect(largestDifference(filteredSamples(picture, k).samples, theirs)).toBeLessThanOrEqual(1);
    },
  );
});

/** Of alpha, and of colours where both show something. */
function largestDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  expect(theirs).toHaveLength(ours.length);
  let largest = 0;
  let shown = 0;
  for (let i = 0; i < ours.length; i++) {
    const alpha = i - (i % 4) + 3;
    if (i !== alpha && !(ours[alpha] > 1 && theirs[alpha] > 1)) continue;
    if (i !== alpha) shown++;
    largest = Math.max(largest, Math.abs(ours[i] - theirs[i]));
  }
  expect(shown).toBeGreaterThan(ours.length / 4);
  return largest;
}
