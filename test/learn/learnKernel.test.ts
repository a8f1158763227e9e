import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  corr2d,
  createPlanes,
  filterPicture,
  kernel,
  type Kernel,
  learnKernel,
  namedKernel,
  parseKernel,
  type Picture,
  pad,
  type Planes,
  readImage,
  toNestedTaps,
} from '../../src/index.ts';
import { cutPlanes } from '../../src/planes/cut.ts';
import { inCheckout } from '../support/checkout.ts';
import { quarter } from '../support/quarter.ts';
import { noise, stored, tapError } from './support.ts';

let camera: Picture;
let chelsea: Picture;

beforeAll(async () => {
  camera = await readImage(inCheckout('samples', 'camera.png'));
  chelsea = await readImage(inCheckout('samples', 'chelsea.png'));
});

/** The after as an 8-bit file would hold it, of a part of the picture. */
function filteredPart(picture: Picture, k: Kernel): { before: Picture; after: Picture } {
  const before = { ...picture, planes: cutPlanes(picture.planes, 60, 100, 200, 220) };
  return { before, after: stored(filterPicture(before, k).planes) };
}

describe('the pair of the samples', () => {
  test('is an unsharp mask, truncated: every tap and every sample', async () => {
    const before = await readImage(inCheckout('samples', 'pair', 'before.png'));
    const after = await readImage(inCheckout('samples', 'pair', 'after.png'));
    const { kernel: learned, method, report } = await learnKernel([{ before, after }]);
    const b = [1, 4, 6, 4, 1];
    const wanted = b.map((row, i) => b.map((column, j) => (i === 2 && j === 2 ? 2 : 0) - (row * column) / 256));
    expect(toNestedTaps(learned)).toEqual([[wanted]]);
    expect(method).toBe('feasible');
    expect(report.known?.name).toBe('unsharp');
    expect(report.program).toMatchObject({ rounding: 'truncate', borders: expect.arrayContaining(['replicate']) });
    expect(report.certificate).toMatchObject({ reproduced: 720_000, samples: 720_000, rounding: 'truncate' });
    expect(report.clipped).toBeGreaterThan(20_000);
  });
});

describe('exact numbers', () => {
  test.each(
    quarter([
      ['the textbook’s difference', kernel([[1, -1]])],
      ['a rectangle', kernel([[0.25], [0.5], [-0.75]])],
      ['sobel', namedKernel('sobel-x')],
      [
        'a kernel of even sides',
        kernel([
          [1, 2],
          [3, -4],
        ]),
      ],
    ]),
  )('give %s, its size found out, from pictures of one size', async (_, wanted) => {
    const before = cutPlanes(camera.planes, 100, 100, 120, 130);
    const { kernel: learned, report } = await learnKernel([
      { before, after: corr2d(before, wanted, { padding: 'same' }) },
    ]);
    expect(toNestedTaps(learned)).toEqual(toNestedTaps(wanted));
    expect(report.rms).toBeLessThan(1e-7);
    expect(report.certificate).toBeUndefined();
  });

  test('give a bias where there is one', async () => {
    const before = noise(1, 40, 40);
    const wanted = kernel([[0.5, 0.25]], { bias: 0.125 });
    const { kernel: learned } = await learnKernel([{ before, after: corr2d(before, wanted) }]);
    expect(learned).toMatchObject({ weights: wanted.weights, bias: wanted.bias });
  });

  test(
    'tell kernels that are shared, one for each channel, and mixing',
    { tags: ['slow'], timeout: 120_000 },
    async () => {
      const before = noise(3, 50, 60);
      const each = { ...namedKernel('sharpen'), outChannels: 3, groups: 3, bias: new Float32Array(3) };
      const perChannel: Kernel = {
        ...each,
        weights: Float32Array.of(
          ...namedKernel('sharpen').weights,
          ...namedKernel('sobel-x').weights,
          ...namedKernel('box:3').weights,
        ),
      };
      const mixing = kernel([
        [[[0.5]], [[0.25]], [[0.25]]],
        [[[0]], [[1]], [[0]]],
        [[[0.125]], [[0]], [[0.875]]],
      ]);
      const sharingOf = async (after: Planes): Promise<string> =>
        (await learnKernel([{ before, after }])).report.channels;
      expect(await sharingOf(filterPicture({ ...chelsea, planes: before }, namedKernel('sharpen')).planes)).toBe(
        'shared',
      );
      expect(await sharingOf(corr2d(before, perChannel, { padding: 'same' }))).toBe('per-channel');
      expect(await sharingOf(corr2d(before, mixing))).toBe('full');
    },
  );
});

describe('stored pictures', () => {
  test('come closer by their intervals than by least squares, ten times and more', { tags: ['slow'] }, async () => {
    const taps = Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 5 }, (_, j) => (((i * 7 + j * 11) % 13) - 5) / 64.7),
    );
    const wanted = kernel(taps);
    const before = stored({ ...noise(1, 321, 481), white: 1 });
    const after = stored(filterPicture(before, wanted).planes);
    const [least, feasible] = await Promise.all(
      (['least-squares', 'feasible'] as const).map((method) =>
        learnKernel([{ before, after }], { method, size: 5, bias: false }),
      ),
    );
    expect(tapError(least.kernel, wanted) / tapError(feasible.kernel, wanted)).toBeGreaterThan(10);
  });

  test('of a filter in linear light say so', async () => {
    const { before } = filteredPart(chelsea, namedKernel('box:3'));
    const { decodeSrgb, encodeSrgb } = await import('../../src/index.ts');
    const light = filterPicture({ ...before, planes: decodeSrgb(before.planes) }, parseKernel('gaussian:1'));
    const { report } = await learnKernel([{ before, after: stored(encodeSrgb(light.planes)) }]);
    expect(report.program.light).toBe('linear');
    expect(report.known).toMatchObject({ name: 'gaussian', parameters: { sigma: 1 } });
    expect(report.notes.join(' ')).toContain('--linear');
  });

  test('that were coded with losses get no certificate, and taps that leave no more than the true ones', async () => {
    const wanted = namedKernel('sharpen');
    const { before, after } = filteredPart(camera, wanted);
    const pixels = Uint8Array.from(after.planes.data);
    const raw = { width: 220, height: 200, channels: 1 as const };
    const jpeg = await readImage(
      new Uint8Array(await sharp(pixels, { raw }).toColourspace('b-w').jpeg({ quality: 90 }).toBuffer()),
    );
    const { kernel: learned, report } = await learnKernel([{ before, after: jpeg }]);
    const left = (k: Kernel): number => {
      const { data } = filterPicture(before, k).planes;
      return data.reduce((sum, value, i) => sum + (Math.min(255, Math.max(0, value)) - jpeg.planes.data[i]) ** 2, 0);
    };
    expect(left(learned)).toBeLessThanOrEqual(left(wanted));
    expect(report.certificate).toBeUndefined();
    expect(report.program.lossy).toBe(true);
    expect(report.notes.join(' ')).toContain('hides fine detail');
  });
});

describe('pictures that are not what they seem', () => {
  const notesOf = async (before: Picture | Planes, after: Picture | Planes): Promise<string> =>
    (await learnKernel([{ before, after }])).report.notes.join('\n');

  test('the same picture twice', async () => {
    const { kernel: learned, report } = await learnKernel([{ before: camera, after: camera }]);
    expect(toNestedTaps(learned)).toEqual([[[[1]]]]);
    expect(report.notes[0]).toBe('Before and after are the same picture: the kernel is the identity.');
  });

  test('flat and black ones', async () => {
    const flat = { ...createPlanes(1, 30, 30), data: new Float32Array(900).fill(0.5) };
    const brighter = { ...flat, data: flat.data.map(() => 0.75) };
    expect(
      (await learnKernel([{ before: flat, after: brighter }], { size: 3, bias: false })).report.notes.join(),
    ).toContain('flat');
    await expect(learnKernel([{ before: camera, after: stored(createPlanes(1, 512, 512)) }])).rejects.toThrow(
      'clipped',
    );
  });

  test('in the wrong order', async () => {
    const { before, after } = filteredPart(camera, parseKernel('gaussian:2'));
    expect(await notesOf(after, before)).toContain('wrong order');
    expect(await notesOf(before, after)).not.toContain('wrong order');
  });

  test('a filter that is none', async () => {
    const { before } = filteredPart(camera, namedKernel('identity'));
    const median = await sharp(Uint8Array.from(before.planes.data), { raw: { width: 220, height: 200, channels: 1 } })
      .toColourspace('b-w')
      .median(5)
      .png()
      .toBuffer();
    expect(await notesOf(before, await readImage(new Uint8Array(median)))).toContain('stack of layers');
  });

  test('displaced, by a little and by a lot', { tags: ['slow'], timeout: 120_000 }, async () => {
    const k = namedKernel('sharpen');
    for (const [down, right] of [
      [1, -2],
      [20, 31],
    ]) {
      const wide = corr2d(camera.planes, k, { padding: 'same', border: 'replicate' });
      const after = stored(
        cutPlanes(
          pad(wide, { top: 40, right: 40, bottom: 40, left: 40 }, 'replicate'),
          40 - down,
          40 - right,
          512,
          512,
        ),
      );
      const { kernel: learned, report } = await learnKernel([{ before: camera, after }]);
      expect(toNestedTaps(learned)).toEqual(toNestedTaps(k));
      expect(report.program.shift).toEqual([down, right]);
      // What the shift gains is told: without it hardly anything is explained.
      expect(report.program.unshifted).toBeGreaterThan(20 * (report.heldOut?.rms ?? 1));
      expect(report.notes.join()).toMatch(
        /The after lies [^.:]*: on samples held out of the fit the error is [\d.]+% of white, without that shift [\d.]+%\./,
      );
    }
  });

  test('cut out', async () => {
    const after = stored(
      cutPlanes(corr2d(camera.planes, namedKernel('sharpen'), { padding: 'same' }), 50, 70, 300, 350),
    );
    const { kernel: learned, report } = await learnKernel([{ before: camera, after }]);
    expect(toNestedTaps(learned)).toEqual(toNestedTaps(namedKernel('sharpen')));
    expect(report.notes[0]).toContain('begins at row 50, column 70');
  });

  test('of two scenes', async () => {
    await expect(learnKernel([{ before: camera, after: chelsea }])).rejects.toThrow(
      '212 rows fewer and 61 columns fewer',
    );
  });
});

describe('pictures that the kernel does not fit into', () => {
  const small = stored(fiveByFive());

  function fiveByFive(): Planes {
    const samples = createPlanes(3, 5, 5, 255);
    samples.data.set(samples.data.map((_, i) => (i * 97) % 256));
    return samples;
  }

  test.each(['auto', 'least-squares', 'feasible', 'gradient-descent'] as const)('%s says so', async (method) => {
    for (const size of [7, [7, 3], [1, 6]] as const) {
      await expect(learnKernel([{ before: small, after: small }], { method, size: size as number })).rejects.toThrow(
        /^Expected pictures of at least \d×\d for pairs\[0\] and a kernel of that size but received 5×5$/,
      );
    }
    const fits = await learnKernel([{ before: small, after: small }], { method, size: 3, channels: 'shared' });
    expect([fits.kernel.height, fits.kernel.width]).toEqual([3, 3]);
  });
});
