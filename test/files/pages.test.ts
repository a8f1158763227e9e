import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { FileError } from '../../src/disk/fileError.ts';
import { readSamples } from '../../src/files/decode/readSamples.ts';
import { readImage } from '../../src/files/readImage.ts';
import { formatNpy } from '../../src/planes/npy.ts';
import { chunk, header, pixels, pngOf } from './handmadePng.ts';

/** Three pages of 4×2 samples, each with other ones. */
const pagesOf = (channels: 1 | 3): Uint8Array =>
  Uint8Array.from({ length: 3 * 8 * channels }, (_, i) => 10 + 90 * Math.floor(i / (8 * channels)));

const stack = (channels: 1 | 3): Sharp =>
  sharp(pagesOf(channels), { raw: { width: 4, height: 6, channels, pageHeight: 2 } });

const animation = { delay: [100, 100, 100], loop: 0 };

describe.each([
  ['tiff', () => stack(1).toColourspace('b-w').tiff({ compression: 'none' })],
  ['gif', () => stack(3).gif(animation)],
  ['webp', () => stack(3).webp({ ...animation, lossless: true })],
] as const)('%s', (_, encoded) => {
  test('every page is read, and counted', async () => {
    const bytes = await encoded().toBuffer();
    for (const page of [1, 2, 3]) {
      const { height, width, samples, metadata } = await readSamples(bytes, { page });
      expect([height, width, metadata.pages]).toEqual([2, 4, 3]);
      expect([...new Set(samples)].filter((sample) => sample !== 255)).toEqual([10 + 90 * (page - 1)]);
    }
    expect((await readSamples(bytes)).samples).toEqual((await readSamples(bytes, { page: 1 })).samples);
  });

  test('a page that it does not have is refused', async () => {
    const bytes = await encoded().toBuffer();
    await expect(readImage(bytes, { page: 4 })).rejects.toThrow(
      new FileError('missing', 'Expected page or frame 4 in the bytes given but there are 3'),
    );
    await expect(readImage(bytes, { page: 0 })).rejects.toThrow('page');
  });
});

test('pages of a TIFF may differ in size and in their samples', async () => {
  const grey = await sharp(Uint8Array.of(1, 2, 3), { raw: { width: 3, height: 1, channels: 1 } })
    .toColourspace('b-w')
    .tiff({ compression: 'none' })
    .toBuffer();
  const large = await sharp(new Uint8Array(50), { raw: { width: 5, height: 10, channels: 1 } })
    .toColourspace('b-w')
    .tiff({ compression: 'none' })
    .toBuffer();
  const both = chained(grey, large);
  expect(await readSamples(both, { page: 1 })).toMatchObject({ height: 1, width: 3, metadata: { pages: 2 } });
  expect(await readSamples(both, { page: 2 })).toMatchObject({ height: 10, width: 5, metadata: { pages: 2 } });
  await expect(readSamples(both, { page: 2, limitPixels: 49 })).rejects.toThrow('received 5×10');
});

/** Two little-endian TIFFs as one of two pages: the second's offsets moved behind the first. */
function chained(first: Buffer, second: Buffer): Buffer {
  const file = Buffer.concat([first, first.length % 2 === 1 ? Buffer.alloc(1) : Buffer.alloc(0), second]);
  const start = file.length - second.length;
  const entriesOf = (directory: number): number[] =>
    Array.from({ length: file.readUInt16LE(directory) }, (_, i) => directory + 2 + i * 12);
  const endOf = (directory: number): number => directory + 2 + 12 * file.readUInt16LE(directory);
  const directory = start + second.readUInt32LE(4);
  const bytesOf: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };
  for (const at of entriesOf(directory)) {
    const outside = bytesOf[file.readUInt16LE(at + 2)] * file.readUInt32LE(at + 4) > 4;
    const isOffset = file.readUInt16LE(at) === 273;
    if (outside || isOffset) file.writeUInt32LE(file.readUInt32LE(at + 8) + start, at + 8);
  }
  file.writeUInt32LE(directory, endOf(first.readUInt32LE(4)));
  return file;
}

describe('animated PNG', () => {
  const control = (frames: number): Buffer => {
    const data = Buffer.alloc(8);
    data.writeUInt32BE(frames, 0);
    return chunk('acTL', data);
  };
  const animated = (frames: number, isFirst: boolean): Buffer =>
    pngOf(
      header(2, 1, 8, 0),
      control(frames),
      ...(isFirst ? [chunk('fcTL', new Uint8Array(26))] : []),
      pixels([7, 8]),
      chunk('IEND'),
    );

  test('its frames are counted, its first is read, and those that it lacks are refused', async () => {
    expect(await readSamples(animated(3, true))).toMatchObject({
      samples: Uint8Array.of(7, 8),
      metadata: { pages: 3 },
    });
    expect((await readSamples(animated(3, false))).metadata.pages).toBe(4);
    expect((await readSamples(animated(1, true))).metadata.pages).toBeUndefined();
    await expect(readSamples(animated(3, true), { page: 2 })).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('Expected whole frames of an animated PNG in'),
    });
    await expect(readSamples(animated(3, true), { page: 4 })).rejects.toMatchObject({ code: 'missing' });
  });
});

test('what holds one picture has no second', async () => {
  const png = await sharp(new Uint8Array(4), { raw: { width: 2, height: 2, channels: 1 } })
    .png()
    .toBuffer();
  const npy = formatNpy(new Uint8Array(4), [2, 2]);
  for (const bytes of [png, npy]) {
    await expect(readImage(bytes, { page: 2 })).rejects.toThrow(
      'Expected page or frame 2 in the bytes given but there is one',
    );
  }
});
