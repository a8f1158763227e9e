import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { FileError } from '../../src/disk/fileError.ts';
import { type EncodeOptions, encodeImage } from '../../src/files/encode/encodeImage.ts';
import { readImage } from '../../src/files/readImage.ts';
import { comparePlanes } from '../../src/planes/compare.ts';
import { parseNpy } from '../../src/planes/npy.ts';
import type { Picture } from '../../src/planes/picture.ts';
import { createPlanes, planes } from '../../src/planes/planes.ts';
import { fromInterleaved } from '../../src/planes/samples.ts';
import { everyValue } from './everyValue.ts';

/** A picture in which every channel holds every value. */
function everyPicture(bits: 8 | 16, stride: number): Picture {
  const { samples, side } = everyValue(bits, stride);
  const white = 2 ** bits - 1;
  const shape = { height: side, width: side, stride };
  const colour = fromInterleaved(samples, { ...shape, channels: stride < 3 ? 1 : 3 }, white);
  const picture = { planes: colour, depth: bits, lossy: false, metadata: {} };
  if (stride % 2 === 1) return picture;
  return { ...picture, alpha: fromInterleaved(samples, { ...shape, channels: 1, skip: stride - 1 }, white) };
}

async function profile(name: 'p3' | 'cmyk' | 'srgb'): Promise<Uint8Array> {
  const red = sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } });
  const { icc } = await sharp(await red.withIccProfile(name).tiff().toBuffer()).metadata();
  return new Uint8Array(icc!);
}

test('a picture may lack what is known beside its samples', async () => {
  const x = planes([[0, 255]], 255);
  const file = await encodeImage({ planes: x } as Picture, { format: 'png' });
  expect(file).toEqual(await encodeImage(x, { format: 'png' }));
});

describe('what is read back is what was written, every value in every channel', () => {
  const exact: EncodeOptions[] = [
    { format: 'png' },
    { format: 'tif' },
    { format: 'webp', lossless: true },
    { format: 'avif', lossless: true },
  ];
  const cases = exact.flatMap((options) =>
    ([8, 16] as const).flatMap((bits) => [1, 2, 3, 4].map((stride) => ({ ...options, options, bits, stride }))),
  );
  test.each(cases.filter(({ options, bits }) => bits === 8 || !options.lossless))(
    '$format, $bits bits, $stride channels, with and without a profile',
    async ({ options, bits, stride }) => {
      const picture = everyPicture(bits, stride);
      const icc = await profile('p3');
      for (const metadata of [{}, { icc, density: 300 }]) {
        const back = await readImage(await encodeImage({ ...picture, metadata }, options));
        expect(back.depth).toBe(bits);
        if (back.planes.channels === picture.planes.channels) {
          expect(comparePlanes(back.planes, picture.planes).count).toBe(0);
        } else {
          // WebP and AVIF have no grey.
          const { height, width, data } = picture.planes;
          const threefold = {
            ...createPlanes(3, height, width, 255),
            data: Float32Array.of(...data, ...data, ...data),
          };
          expect(comparePlanes(back.planes, threefold).count).toBe(0);
        }
        expect(back.alpha === undefined).toBe(picture.alpha === undefined);
        if (back.alpha && picture.alpha) expect(comparePlanes(back.alpha, picture.alpha).count).toBe(0);
        const kept = stride > 2 && 'icc' in metadata ? icc : undefined;
        expect(back.metadata.icc).toEqual(kept);
      }
    },
  );

  test('also in a picture of many rows and odd sides', async () => {
    const samples = Uint16Array.from({ length: 1031 * 517 * 3 }, (_, i) => (i * 40503) % 65536);
    const colour = fromInterleaved(samples, { channels: 3, height: 517, width: 1031 }, 65535);
    const picture: Picture = { planes: colour, depth: 16, lossy: false, metadata: { icc: await profile('p3') } };
    for (const format of ['png', 'tif'] as const) {
      const back = await readImage(await encodeImage(picture, { format }));
      expect(comparePlanes(back.planes, colour).count).toBe(0);
    }
  });
});

describe('what goes with the samples', () => {
  const grey = planes([[1, 2]], 255);
  const colour = planes([[[1, 2]], [[3, 4]], [[5, 6]]], 255);

  test('a profile goes into JPEG, WebP and AVIF too', async () => {
    const icc = await profile('p3');
    for (const format of ['jpg', 'webp', 'avif'] as const) {
      const back = await readImage(
        await encodeImage({ planes: colour, depth: 8, lossy: false, metadata: { icc } }, { format }),
      );
      expect(back.metadata.icc).toEqual(icc);
    }
  });

  test('a profile of other channels, or none, stays behind', async () => {
    for (const icc of [await profile('cmyk'), Uint8Array.of(1, 2, 3), new Uint8Array(200)]) {
      const bytes = await encodeImage({ planes: colour, depth: 8, lossy: false, metadata: { icc } }, { format: 'png' });
      expect((await readImage(bytes)).metadata.icc).toBeUndefined();
    }
    const icc = await profile('p3');
    const bytes = await encodeImage({ planes: grey, depth: 8, lossy: false, metadata: { icc } }, { format: 'png' });
    expect((await readImage(bytes)).metadata.icc).toBeUndefined();
  });

  test.each(['png', 'jpg', 'tif'] as const)('the density, in %s', async (format) => {
    const picture: Picture = { planes: colour, depth: 8, lossy: false, metadata: { density: 300 } };
    expect((await readImage(await encodeImage(picture, { format }))).metadata.density).toBe(300);
  });

  test('a picture that was turned upright is not turned again', async () => {
    const stored = sharp(Uint8Array.of(1, 2), { raw: { width: 2, height: 1, channels: 1 } }).toColourspace('b-w');
    const picture = await readImage(await stored.withMetadata({ orientation: 6 }).png().toBuffer());
    expect(picture.planes).toMatchObject({ height: 2, width: 1 });
    for (const metadata of [picture.metadata, { ...picture.metadata, density: 200 }]) {
      const back = await readImage(await encodeImage({ ...picture, metadata }, { format: 'png' }));
      expect(back.planes).toEqual(picture.planes);
      expect(back.metadata.orientation).toBeUndefined();
    }
  });
});

describe('from numbers to samples', () => {
  const read = async (bytes: Uint8Array): Promise<number[]> => Array.from((await readImage(bytes)).planes.data);

  test('scaled to white, rounded to the nearest, clamped', async () => {
    const p = planes([[-1, 0, 0.5, 1, 2, Number.NaN]]);
    expect(await read(await encodeImage(p, { format: 'png' }))).toEqual([0, 0, 128, 255, 255, 0]);
    expect(await read(await encodeImage(p, { format: 'tif', depth: 16 }))).toEqual([0, 0, 32768, 65535, 65535, 0]);
    expect(await read(await encodeImage(p, { format: 'png', rounding: 'truncate' }))).toEqual([0, 0, 127, 255, 255, 0]);
  });

  test('the depth: as stated, else the own one, else by white', async () => {
    const depthOf = async (...call: Parameters<typeof encodeImage>): Promise<number> =>
      (await readImage(await encodeImage(...call))).depth;
    const of = (white: number, depth: 8 | 16 | 32): Picture => ({
      planes: planes([[1]], white),
      depth,
      lossy: false,
      metadata: {},
    });
    expect(await depthOf(planes([[1]]), { format: 'png' })).toBe(8);
    expect(await depthOf(planes([[1]], 65535), { format: 'png' })).toBe(16);
    expect(await depthOf(planes([[1]], 65535), { format: 'png', depth: 8 })).toBe(8);
    expect(await depthOf(planes([[1]], 255), { format: 'tif', depth: 16 })).toBe(16);
    expect(await depthOf(of(255, 16), { format: 'png' })).toBe(16);
    expect(await depthOf(of(65535, 8), { format: 'png' })).toBe(8);
    expect(await depthOf(of(1, 32), { format: 'tif' })).toBe(16);
    expect(await depthOf(of(65535, 16), { format: 'jpg' })).toBe(8);
    expect(await depthOf(of(65535, 16), { format: 'webp' })).toBe(8);
  });

  test('.npy holds the numbers unrounded, in units of white, of any number of channels', async () => {
    const signed = planes([[-382.5, 0.25, 1e9]]);
    const bytes = await encodeImage(signed, { format: 'npy' });
    expect(parseNpy(bytes)).toEqual({ type: 'f4', shape: [1, 3], data: signed.data });
    expect(await read(bytes)).toEqual([-382.5, 0.25, 1e9]);
    expect(await read(await encodeImage(planes([[-382.5, 0, 255]], 255), { format: 'npy' }))).toEqual([-1.5, 0, 1]);
    const maps = planes([[[1]], [[2]], [[3]], [[4]], [[5]]]);
    expect(parseNpy(await encodeImage(maps, { format: 'npy' }))).toMatchObject({ shape: [5, 1, 1] });
  });

  test('floats of TIFF are the numbers unrounded, in units of white', { tags: ['slow'] }, async () => {
    const signed = planes([
      [
        [-382.5, 0.25, 1e9],
        [0, 255, 2],
      ],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [7, 8, 9],
        [-0.5, 1e-30, 0],
      ],
    ]);
    for (const white of [1, 255]) {
      const given: Picture = { planes: { ...signed, white }, alpha: planes([[1, 2, white], [0, 1, 1]], white), depth: 8, lossy: false, metadata: { density: 300 } }; // prettier-ignore
      const back = await readImage(await encodeImage(given, { format: 'tif', depth: 32 }), { failOn: 'warning' });
      expect([back.depth, back.planes.white ?? 1, back.metadata.density]).toEqual([32, 1, 300]);
      expect(back.planes.data).toEqual(signed.data.map((sample) => Math.fround(sample / white)));
      expect(back.alpha!.data).toEqual(given.alpha!.data.map((sample) => Math.fround(sample / white)));
    }
    const large = createPlanes(1, 700, 901, 1);
    for (let i = 0; i < large.data.length; i++) large.data[i] = Math.sin(i);
    const back = await readImage(await encodeImage(large, { format: 'tif', depth: 32 }));
    expect(back.planes.data).toEqual(large.data);
    await expect(encodeImage(large, { format: 'png', depth: 32 })).rejects.toThrow(
      'Expected depth 8 or 16 for a PNG picture but received 32',
    );
    await expect(encodeImage(large, { format: 'tif', depth: 32, rounding: 'nearest' })).rejects.toThrow(
      'Expected no rounding for a TIFF picture of floats but received nearest',
    );
  });

  test('quality and size go together; JPEG keeps fine colour from 90 on', async () => {
    const picture = everyPicture(8, 3);
    for (const format of ['jpg', 'webp', 'avif'] as const) {
      const small = await encodeImage(picture, { format, quality: 20 });
      const large = await encodeImage(picture, { format, quality: 95 });
      expect(small.length).toBeLessThan(large.length);
    }
    const subsampling = async (options: Partial<EncodeOptions>): Promise<unknown> =>
      (await readImage(await encodeImage(picture, { format: 'jpg', ...options }))).metadata.chromaSubsampling;
    expect(await subsampling({})).toBe('4:4:4');
    expect(await subsampling({ quality: 89 })).toBe('4:2:0');
  });
});

describe('alpha', () => {
  const half = {
    planes: planes([[100, 200]], 255),
    alpha: planes([[255, 51]], 255),
    depth: 8,
    lossy: false,
    metadata: {},
  } as const;

  test('drop and flatten', async () => {
    const dropped = await readImage(await encodeImage(half, { format: 'png', alpha: 'drop' }));
    expect([dropped.planes, dropped.alpha]).toEqual([half.planes, undefined]);
    const flat = await readImage(await encodeImage(half, { format: 'png', alpha: 'flatten', background: 0 }));
    expect([flat.planes, flat.alpha]).toEqual([planes([[100, 40]], 255), undefined]);
  });

  test('colour under full transparency is kept', async () => {
    const clear: Picture = {
      ...half,
      planes: planes([[[9, 9]], [[8, 8]], [[7, 7]]], 255),
      alpha: planes([[0, 255]], 255),
    };
    for (const options of [{ format: 'png' }, { format: 'webp', lossless: true }] as const) {
      const back = await readImage(await encodeImage(clear, options));
      expect(comparePlanes(back.planes, clear.planes).count).toBe(0);
    }
  });

  test.each(['jpg', 'npy'] as const)('%s holds none: an opaque one is left out, another refused', async (format) => {
    const opaque = { ...half, alpha: planes([[255, 255]], 255) };
    expect((await readImage(await encodeImage(opaque, { format }))).planes.width).toBe(2);
    await expect(encodeImage(half, { format })).rejects.toThrow(
      /^Expected alpha drop or flatten for a (JPEG|\.npy) picture, which holds no transparency, but received keep$/,
    );
    expect((await encodeImage(half, { format, alpha: 'flatten' })).length).toBeGreaterThan(0);
  });
});

describe('refusals', () => {
  const p = planes([[1, 2]], 255);
  test.each<[string, unknown, unknown, string]>([
    [
      'a format that is not written',
      p,
      { format: 'gif' },
      'Expected one of png, jpg, webp, tif, avif, npy for format but received gif',
    ],
    ['16 bits in JPEG', p, { format: 'jpg', depth: 16 }, 'Expected depth 8 for a JPEG picture but received 16'],
    ['16 bits in WebP', p, { format: 'webp', depth: 16 }, 'Expected depth 8 for a WebP picture but received 16'],
    ['12 bits', p, { format: 'png', depth: 12 }, 'Expected depth 8 or 16 for a PNG picture but received 12'],
    ['a depth for .npy', p, { format: 'npy', depth: 8 }, 'Expected no depth for a .npy picture but received 8'],
    ['rounding for .npy', p, { format: 'npy', rounding: 'nearest' }, 'Expected no rounding for a .npy picture'],
    [
      'another rounding',
      p,
      { format: 'png', rounding: 'up' },
      'Expected one of nearest, truncate for rounding but received up',
    ],
    ['a quality for PNG', p, { format: 'png', quality: 80 }, 'Expected no quality for a PNG picture but received 80'],
    [
      'a quality of 0',
      p,
      { format: 'jpg', quality: 0 },
      'Expected a whole number from 1 to 100 for quality but received 0',
    ],
    [
      'a quality without loss',
      p,
      { format: 'webp', lossless: true, quality: 9 },
      'Expected no quality for a lossless WebP picture',
    ],
    ['lossless JPEG', p, { format: 'jpg', lossless: true }, 'Expected no choice of lossless for a JPEG picture'],
    [
      'two channels',
      createPlanes(2, 1, 1),
      { format: 'png' },
      'Expected planes of 1 or 3 channels for a PNG picture but received 2×1×1',
    ],
    [
      'no planes',
      { data: [1] },
      { format: 'png' },
      'Expected planes ({ channels, height, width, data: Float32Array }) for the picture',
    ],
    [
      'a background that is none',
      p,
      { format: 'png', alpha: 'flatten', background: -1 },
      'Expected a number from 0 to 1 (white), or three for background',
    ],
    [
      'a background of nothing',
      p,
      { format: 'png', background: 1 },
      'Expected no background without alpha flatten for background but received 1',
    ],
    [
      'a side that WebP has not',
      createPlanes(1, 1, 16384),
      { format: 'webp' },
      'Expected at most 16383×16383 pixels for a WebP picture but received 16384×1',
    ],
    [
      'a side that JPEG has not',
      createPlanes(1, 65536, 1),
      { format: 'jpg' },
      'Expected at most 65535×65535 pixels for a JPEG picture but received 1×65536',
    ],
    [
      'alpha of another size',
      { planes: p, alpha: planes([[1]], 255), depth: 8, lossy: false, metadata: {} },
      { format: 'png' },
      'Expected layers of 1×2 for a picture but received 1×1',
    ],
  ])('%s', async (_, x, options, message) => {
    const call = encodeImage(x as never, options as never);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.not.toBeInstanceOf(FileError);
  });
});
