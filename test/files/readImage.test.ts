import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { readImage } from '../../src/files/readImage.ts';
import { formatNpy } from '../../src/planes/npy.ts';
import { planes, toNested } from '../../src/planes/planes.ts';
import { channelOfSamples, everyValue } from './everyValue.ts';
import { COLOUR, chunk, png } from './handmadePng.ts';
import { tiff } from './handmadeTiff.ts';

const SPACES = { 8: ['', 'b-w', 'b-w', 'srgb', 'srgb'], 16: ['', 'grey16', 'grey16', 'rgb16', 'rgb16'] } as const;

/** A pipeline of raw samples that keeps depth and channels. */
function pipeline(samples: Uint8Array | Uint16Array, width: number, height: number, stride: number): Sharp {
  const space = SPACES[samples instanceof Uint8Array ? 8 : 16][stride];
  return sharp(samples, { raw: { width, height, channels: stride as 1 | 2 | 3 | 4 } }).toColourspace(space);
}

describe('samples are those of the file, every value in every channel', () => {
  const encoders = {
    png: (from: Sharp) => from.png(),
    'interlaced png': (from: Sharp) => from.png({ progressive: true }),
    'tiff (deflate)': (from: Sharp) => from.tiff({ compression: 'deflate', predictor: 'horizontal' }),
    'tiff (tiles)': (from: Sharp) => from.tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 }),
    bigtiff: (from: Sharp) => from.tiff({ compression: 'none', bigtiff: true }),
    'webp (lossless)': (from: Sharp) => from.webp({ lossless: true, exact: true }),
  };
  const cases = Object.keys(encoders).flatMap((format) =>
    ([8, 16] as const).flatMap((bits) => [1, 2, 3, 4].map((stride) => ({ format, bits, stride }))),
  );
  test.each(cases.filter(({ format, bits }) => bits === 8 || !format.startsWith('webp')))(
    '$format, $bits bits, $stride channels',
    async ({ format, bits, stride }) => {
      const { samples, side } = everyValue(bits, stride);
      const file = await encoders[format as keyof typeof encoders](pipeline(samples, side, side, stride)).toBuffer();
      const picture = await readImage(file);
      const grey = stride < 3 && !format.startsWith('webp');
      const channels = stride < 3 ? 1 : 3;
      expect(picture).toMatchObject({ depth: bits, lossy: false });
      expect(picture.planes).toMatchObject({
        channels: grey ? 1 : 3,
        height: side,
        width: side,
        white: 2 ** bits - 1,
      });
      // WebP has no grey: it comes as three equal channels.
      for (let c = 0; c < picture.planes.channels; c++) {
        const plane = picture.planes.data.subarray(c * side * side, (c + 1) * side * side);
        expect(Array.from(plane)).toEqual(channelOfSamples(samples, stride, Math.min(c, channels - 1)));
      }
      expect(picture.alpha === undefined).toBe(stride % 2 === 1);
      if (picture.alpha) {
        expect(Array.from(picture.alpha.data)).toEqual(channelOfSamples(samples, stride, stride - 1));
        expect(picture.alpha.white).toBe(2 ** bits - 1);
      }
    },
  );

  test('a profile of the samples is kept and described, and does not change them', async () => {
    const { samples, side } = everyValue(8, 3);
    const tagged = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .withIccProfile('p3')
      .png()
      .toBuffer();
    const { icc } = await sharp(tagged).metadata();
    const file = png([side, side, 8, COLOUR.rgb], rowsOf(samples, side * 3), [await profileChunk(icc!)]);
    const picture = await readImage(file);
    expect(Array.from(picture.planes.data.subarray(0, side * side))).toEqual(channelOfSamples(samples, 3, 0));
    expect(Buffer.from(picture.metadata.icc!).equals(icc!)).toBe(true);
    expect(picture.metadata.iccDescription).toMatch(/P3/);
  });

  test('gamma that a PNG states does not change them', async () => {
    const file = png([4, 1, 8, COLOUR.grey], [[0, 1, 128, 255]], [chunk('gAMA', [0, 1, 0x86, 0xa0])]);
    expect(toNested((await readImage(file)).planes)).toEqual([[[0, 1, 128, 255]]]);
  });
});

async function profileChunk(icc: Uint8Array): Promise<Buffer> {
  const { deflateSync } = await import('node:zlib');
  return chunk('iCCP', Buffer.concat([Buffer.from('p\0\0', 'latin1'), deflateSync(icc)]));
}

function rowsOf(samples: Uint8Array | Uint16Array, length: number): Uint8Array[] {
  const bytes = new Uint8Array(samples.buffer);
  return Array.from({ length: bytes.length / length }, (_, i) => bytes.subarray(i * length, (i + 1) * length));
}

describe('PNG of every kind', () => {
  test.each([
    [1, [0b10110010], [255, 0, 255, 255, 0, 0, 255, 0]],
    [2, [0b00011011], [0, 85, 170, 255]],
    [4, [0x01, 0xef], [0, 17, 238, 255]],
  ])('grey of %i bits is stretched to 0…255', async (bits, row, samples) => {
    const picture = await readImage(png([samples.length, 1, bits, COLOUR.grey], [row]));
    expect(picture.planes).toEqual(planes([samples], 255));
    expect(picture.metadata).toMatchObject({ bits, format: 'png' });
    expect(picture.depth).toBe(8);
  });

  test('a palette is replaced by its colours', async () => {
    const palette = chunk('PLTE', [1, 2, 3, 40, 50, 60, 9, 9, 9]);
    const picture = await readImage(png([4, 1, 8, COLOUR.palette], [[0, 1, 2, 0]], [palette]));
    expect(toNested(picture.planes)).toEqual([[[1, 40, 9, 1]], [[2, 50, 9, 2]], [[3, 60, 9, 3]]]);
    expect(picture.alpha).toBeUndefined();
    expect(picture.metadata.palette).toBe(true);
  });

  test('a palette of greys is colour all the same', async () => {
    const palette = chunk('PLTE', [7, 7, 7, 8, 8, 8]);
    expect((await readImage(png([2, 1, 8, COLOUR.palette], [[1, 0]], [palette]))).planes.channels).toBe(3);
  });

  test('the transparency of a palette becomes alpha', async () => {
    const before = [chunk('PLTE', [1, 2, 3, 40, 50, 60, 9, 9, 9]), chunk('tRNS', [10, 20])];
    const picture = await readImage(png([4, 1, 8, COLOUR.palette], [[0, 1, 2, 0]], before));
    expect(toNested(picture.planes)[0]).toEqual([[1, 40, 9, 1]]);
    expect(picture.alpha).toEqual(planes([[10, 20, 255, 10]], 255));
  });

  test('a transparent colour becomes alpha, in grey and RGB, 8 and 16 bits', async () => {
    const grey = await readImage(png([3, 1, 8, COLOUR.grey], [[1, 2, 3]], [chunk('tRNS', [0, 2])]));
    expect([toNested(grey.planes), grey.alpha]).toEqual([[[[1, 2, 3]]], planes([[255, 0, 255]], 255)]);
    const rgb = await readImage(png([2, 1, 8, COLOUR.rgb], [[1, 2, 3, 4, 5, 6]], [chunk('tRNS', [0, 1, 0, 2, 0, 3])]));
    expect([toNested(rgb.planes), rgb.alpha]).toEqual([[[[1, 4]], [[2, 5]], [[3, 6]]], planes([[0, 255]], 255)]);
    const deep = await readImage(png([2, 1, 16, COLOUR.grey], [[1, 0, 1, 1]], [chunk('tRNS', [1, 0])]));
    expect([toNested(deep.planes), deep.alpha]).toEqual([[[[256, 257]]], planes([[0, 65535]], 65535)]);
  });

  test('1×1', async () => {
    expect((await readImage(png([1, 1, 8, COLOUR.grey], [[77]]))).planes).toEqual(planes([[77]], 255));
  });

  test('junk after the end is passed over', async () => {
    const file = Buffer.concat([png([2, 1, 8, COLOUR.grey], [[5, 6]]), Buffer.from('and more')]);
    expect((await readImage(file)).planes).toEqual(planes([[5, 6]], 255));
  });
});

describe('TIFF of every kind', () => {
  test('Float32: white is 1, samples as they are', async () => {
    const numbers = [-1.5, 0, 0.1, 1, 3e38, 1e-40];
    const grey = await readImage(
      tiff({ width: 6, height: 1, stride: 1, bits: 32, format: 3, data: Float32Array.from(numbers) }),
    );
    expect(grey.planes).toEqual(planes([numbers.map(Math.fround)], 1));
    expect(grey).toMatchObject({ depth: 32, lossy: false });
    const rgb = await readImage(
      tiff({ width: 2, height: 1, stride: 3, bits: 32, format: 3, data: Float32Array.from(numbers) }),
    );
    expect(toNested(rgb.planes)).toEqual([[[-1.5, 1]], [[0, Math.fround(3e38)]], [[0.1, 1e-40].map(Math.fround)]]);
    expect(rgb.planes.white).toBe(1);
  });

  test('big-endian', async () => {
    const file = tiff({ width: 2, height: 1, stride: 1, bits: 16, bigEndian: true, data: Uint8Array.of(1, 2, 3, 4) });
    expect((await readImage(file)).planes).toEqual(planes([[0x102, 0x304]], 65535));
  });

  test('white is zero: turned round, as all others are', async () => {
    const file = tiff({ width: 2, height: 1, stride: 1, bits: 8, photometric: 0, data: Uint8Array.of(0, 250) });
    expect((await readImage(file)).planes).toEqual(planes([[255, 5]], 255));
  });

  test('its orientation is applied', async () => {
    const file = tiff({ width: 2, height: 1, stride: 1, bits: 8, data: Uint8Array.of(1, 2), more: { 274: [6] } });
    const picture = await readImage(file);
    expect(toNested(picture.planes)).toEqual([[[1], [2]]]);
    expect(picture.metadata.orientation).toBe(6);
  });

  test('a palette, and one of greys that is grey', async () => {
    const ramp = (step: number): number[] => Array.from({ length: 256 }, (_, i) => i * step);
    const parts = { width: 2, height: 1, stride: 1, bits: 8, photometric: 3, data: Uint8Array.of(3, 4) };
    const colour = await readImage(tiff({ ...parts, more: { 320: [...ramp(257), ...ramp(0), ...ramp(256)] } }));
    expect(toNested(colour.planes)).toEqual([[[3, 4]], [[0, 0]], [[3, 4]]]);
    const grey = await readImage(tiff({ ...parts, more: { 320: [...ramp(257), ...ramp(257), ...ramp(257)] } }));
    expect(toNested(grey.planes)).toEqual([[[3, 4]]]);
  });

  test('of several pages the first is read, and their number told', async () => {
    const data = Uint8Array.from({ length: 12 }, (_, i) => i);
    const pages = sharp(data, { raw: { width: 2, height: 6, channels: 1, pageHeight: 2 } }).toColourspace('b-w');
    const picture = await readImage(await pages.tiff({ compression: 'none' }).toBuffer());
    expect(toNested(picture.planes)).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
    ]);
    expect(picture.metadata.pages).toBe(3);
  });

  test('JPEG inside is told as lossy', async () => {
    const samples = new Uint8Array(64 * 3).fill(9);
    expect((await readImage(await pipeline(samples, 8, 8, 3).tiff({ compression: 'jpeg' }).toBuffer())).lossy).toBe(
      true,
    );
  });
});

describe('other formats', () => {
  test('JPEG, grey and colour', async () => {
    const grey = await readImage(
      await pipeline(new Uint8Array(64).fill(100), 8, 8, 1).jpeg({ quality: 100 }).toBuffer(),
    );
    expect(grey).toMatchObject({ depth: 8, lossy: true, metadata: { format: 'jpeg', space: 'b-w', density: 72 } });
    expect(grey.planes).toEqual(planes(new Array(8).fill(new Array(8).fill(100)), 255));
    const colour = await readImage(await pipeline(new Uint8Array(192).fill(100), 8, 8, 3).jpeg().toBuffer());
    expect(colour).toMatchObject({ planes: { channels: 3 }, metadata: { chromaSubsampling: '4:2:0' } });
  });

  test('CMYK becomes RGB, by its own profile or by the usual one', async () => {
    const red = sharp({ create: { width: 8, height: 8, channels: 3, background: { r: 150, g: 90, b: 80 } } });
    for (const file of [
      await red.clone().withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer(),
      await red.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
    ]) {
      expect(await sharp(file).metadata()).toMatchObject({ space: 'cmyk', channels: 4 });
      const picture = await readImage(file);
      expect(picture).toMatchObject({
        depth: 8,
        lossy: true,
        planes: { channels: 3, white: 255 },
        metadata: { space: 'cmyk' },
      });
      expect(picture.alpha).toBeUndefined();
      expect(picture.metadata.icc).toBeUndefined();
      const managed = await sharp(file).raw().toBuffer();
      const [[[r]], [[g]], [[b]]] = toNested(picture.planes);
      expect([r, g, b]).toEqual([...managed.subarray(0, 3)]);
      expect(Math.max(Math.abs(r - 150), Math.abs(g - 90), Math.abs(b - 80))).toBeLessThan(20);
    }
  });

  test('WebP: lossless or not is told', async () => {
    const samples = everyValue(8, 3).samples;
    for (const lossless of [true, false]) {
      const file = await pipeline(samples, 16, 16, 3).webp({ lossless }).toBuffer();
      expect((await readImage(file)).lossy).toBe(!lossless);
    }
    const withAlpha = await pipeline(everyValue(8, 4).samples, 16, 16, 4).webp({ quality: 50 }).toBuffer();
    expect((await readImage(withAlpha)).lossy).toBe(true);
  });

  test.each(['gif', 'webp'] as const)('an animated %s: its first frame', async (format) => {
    const data = new Uint8Array(2 * 6 * 3).map((_, i) => 10 + 90 * Math.floor(i / 12));
    const frames = sharp(data, { raw: { width: 2, height: 6, channels: 3, pageHeight: 2 } });
    const options = { delay: [100, 100, 100], loop: 0 };
    const encoded = format === 'gif' ? frames.gif(options) : frames.webp({ ...options, lossless: true });
    const picture = await readImage(await encoded.toBuffer());
    expect(picture.planes).toMatchObject({ channels: 3, height: 2, width: 2 });
    expect(new Set(picture.planes.data)).toEqual(new Set([10]));
    expect(picture).toMatchObject({ lossy: false, metadata: { pages: 3, format } });
  });

  test('AVIF, and its 10 bits', async () => {
    const { samples } = everyValue(8, 3);
    const options = { lossless: true, chromaSubsampling: '4:4:4' };
    const eight = await readImage(await pipeline(samples, 16, 16, 3).avif(options).toBuffer());
    expect(eight).toMatchObject({ depth: 8, lossy: true, metadata: { format: 'avif' }, planes: { white: 255 } });
    expect(Array.from(eight.planes.data.subarray(0, 256))).toEqual(channelOfSamples(samples, 3, 0));
    const ten = await readImage(
      await pipeline(samples, 16, 16, 3)
        .avif({ ...options, bitdepth: 10 })
        .toBuffer(),
    );
    // The 10 bits are the upper ones of 16: 1023 · 64 is white, and 8-bit samples were shifted up by 2.
    expect(ten).toMatchObject({ depth: 16, metadata: { bits: 10 }, planes: { white: 65472 } });
    expect(Array.from(ten.planes.data.subarray(0, 256))).toEqual(channelOfSamples(samples, 3, 0).map((v) => v * 256));
  });

  test('.npy with channels last, as NumPy has pictures, is the same as with channels first', async () => {
    const last = Uint8Array.from({ length: 24 }, (_, i) => i * 10);
    const first = Uint8Array.from({ length: 24 }, (_, i) => last[(i % 8) * 3 + Math.floor(i / 8)]);
    const picture = await readImage(formatNpy(last, [2, 4, 3]));
    expect(picture).toEqual(await readImage(formatNpy(first, [3, 2, 4])));
    expect(toNested(picture.planes)[1][0]).toEqual([10, 40, 70, 100]);
    expect((await readImage(formatNpy(Float32Array.of(1, 2), [2, 1, 1]))).planes.height).toBe(2);
    // What could be either has its channels first.
    expect((await readImage(formatNpy(new Uint8Array(27).fill(1), [3, 3, 3]))).planes.channels).toBe(3);
  });

  test('.npy with channels last, as cv2, Pillow and scikit-image have them', async () => {
    const interleaved = Uint8Array.from({ length: 5 * 7 * 4 }, (_, i) => (i * 37) % 256);
    const of = (stride: number): Uint8Array => interleaved.subarray(0, 5 * 7 * stride);
    for (const [stride, channels] of [
      [1, 1],
      [3, 3],
      [4, 3],
    ]) {
      const { planes, alpha } = await readImage(formatNpy(of(stride), [5, 7, stride]));
      expect([planes.channels, planes.height, planes.width, planes.white]).toEqual([channels, 5, 7, 255]);
      const wanted = (c: number): number[] => Array.from(of(stride).filter((_, i) => i % stride === c));
      for (let c = 0; c < channels; c++) expect([...planes.data.subarray(c * 35, (c + 1) * 35)]).toEqual(wanted(c));
      expect(alpha && [...alpha.data]).toEqual(stride === 4 ? wanted(3) : undefined);
    }
    // Where both are possible, channels come first, as this program writes them.
    const { planes } = await readImage(formatNpy(of(1).slice(0, 18), [3, 2, 3]));
    expect([planes.channels, planes.height, planes.width]).toEqual([3, 2, 3]);
  });

  test('.npy: grey, channels, uint8, uint16, floats, booleans', async () => {
    const read = async (data: Parameters<typeof formatNpy>[0], shape: number[]) => readImage(formatNpy(data, shape));
    const bytes = await read(Uint8Array.of(1, 2, 3, 255), [2, 2]);
    expect(bytes).toEqual({
      planes: planes(
        [
          [1, 2],
          [3, 255],
        ],
        255,
      ),
      depth: 8,
      lossy: false,
      metadata: { format: 'npy' },
    });
    expect(await read(Uint16Array.of(1, 65535), [1, 1, 2])).toMatchObject({
      planes: planes([[1, 65535]], 65535),
      depth: 16,
    });
    const colour = planes([[[-1, 0.5]], [[2, 3]], [[4, 5]]], 1);
    expect(await read(colour.data, [3, 1, 2])).toMatchObject({ planes: colour, depth: 32 });
    expect((await read(Float64Array.of(0.1, 1), [1, 2])).planes).toEqual(planes([[Math.fround(0.1), 1]], 1));
    const mask = formatNpy(Uint8Array.of(0, 1), [1, 2]);
    mask.set(Buffer.from("'|b1'"), Buffer.from(mask).indexOf("'|u1'"));
    expect(await readImage(mask)).toMatchObject({ planes: planes([[0, 1]], 1), depth: 32 });
  });
});

describe('orientation', () => {
  // The stored rows 1 2 3 / 4 5 6, as each EXIF orientation is meant to be seen (EXIF 2.32, 4.6.5).
  test.each([
    [
      1,
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      2,
      [
        [3, 2, 1],
        [6, 5, 4],
      ],
    ],
    [
      3,
      [
        [6, 5, 4],
        [3, 2, 1],
      ],
    ],
    [
      4,
      [
        [4, 5, 6],
        [1, 2, 3],
      ],
    ],
    [
      5,
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ],
    [
      6,
      [
        [4, 1],
        [5, 2],
        [6, 3],
      ],
    ],
    [
      7,
      [
        [6, 3],
        [5, 2],
        [4, 1],
      ],
    ],
    [
      8,
      [
        [3, 6],
        [2, 5],
        [1, 4],
      ],
    ],
  ])('%i is applied and reported', async (orientation, rows) => {
    const stored = pipeline(Uint8Array.of(1, 2, 3, 4, 5, 6), 3, 2, 1).withExif({});
    const file = await stored.withMetadata({ orientation }).png().toBuffer();
    const picture = await readImage(file);
    const expected = toNested(picture.planes)[0];
    expect(expected).toEqual(rows);
    expect(picture.metadata.orientation).toBe(orientation === 1 ? undefined : orientation);
  });
});

describe('options', () => {
  const rgba = png([2, 1, 8, COLOUR.rgba], [[100, 200, 0, 255, 100, 200, 0, 51]]);

  test('alpha: keep, drop, flatten onto white or another background', async () => {
    const colour = planes([[[100, 100]], [[200, 200]], [[0, 0]]], 255);
    expect(await readImage(rgba)).toMatchObject({ planes: colour, alpha: planes([[255, 51]], 255) });
    const dropped = await readImage(rgba, { alpha: 'drop' });
    expect(dropped.planes).toEqual(colour);
    expect('alpha' in dropped).toBe(false);
    const flat = await readImage(rgba, { alpha: 'flatten' });
    expect('alpha' in flat).toBe(false);
    // 51 / 255 is a fifth: 0.2 · 100 + 0.8 · 255 = 224, …
    expect(toNested(flat.planes)).toEqual([[[100, 224]], [[200, 244]], [[0, 204]]]);
    const onto = await readImage(rgba, { alpha: 'flatten', background: [0, 0.5, 1] });
    expect(toNested(onto.planes)).toEqual([[[100, 20]], [[200, 142]], [[0, 204]]]);
    const grey = png([2, 1, 8, COLOUR.greyAlpha], [[100, 255, 100, 51]]);
    expect(toNested((await readImage(grey, { alpha: 'flatten', background: 0 })).planes)).toEqual([[[100, 20]]]);
  });

  test('linear decodes the sRGB curve, in 8 and 16 bits and floats', async () => {
    const eight = await readImage(png([3, 1, 8, COLOUR.grey], [[0, 128, 255]]), { linear: true });
    expect(eight).toMatchObject({ depth: 8, metadata: { linear: true }, planes: { white: 255 } });
    const [black, middle, white] = eight.planes.data;
    expect([black, white]).toEqual([0, 255]);
    expect(middle / 255).toBeCloseTo(0.2158605, 6);
    const sixteen = await readImage(png([2, 1, 16, COLOUR.grey], [[128, 128, 255, 255]]), { linear: true });
    expect(sixteen.planes.data[0] / 65535).toBeCloseTo(0.2158605, 6);
    const float = await readImage(formatNpy(Float32Array.of(128 / 255), [1, 1]), { linear: true });
    expect(float.planes.data[0]).toBeCloseTo(0.2158605, 6);
    // Light is laid over light: half of white's, not the samples' middle.
    const half = await readImage(png([1, 1, 8, COLOUR.greyAlpha], [[0, 102]]), { linear: true, alpha: 'flatten' });
    expect(half.planes.data[0]).toBeCloseTo(153, 4);
  });

  test.each([
    [{ alpha: 'remove' }, 'Expected one of keep, drop, flatten for alpha but received remove'],
    [{ limitPixels: 0 }, 'Expected a whole number of at least 1 for limitPixels but received 0'],
    [{ limitBytes: 0.5 }, 'Expected a whole number of at least 1 for limitBytes but received 0.5'],
    [{ failOn: 'never' }, 'Expected one of none, truncated, error, warning for failOn but received never'],
    [{ background: 1 }, 'Expected no background without alpha flatten for background but received 1'],
    [
      { background: 2, alpha: 'flatten' },
      'Expected a number from 0 to 1 (white), or three for background but received 2',
    ],
    [
      { background: [0, 1], alpha: 'flatten' },
      'Expected one number, or one for each of 3 channels, for background but received 2',
    ],
  ])('%o is refused', async (options, message) => {
    const call = readImage(rgba, options as never);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toMatchObject({ name: 'ExpectationError' });
  });
});
