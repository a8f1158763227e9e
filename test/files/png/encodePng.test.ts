import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../../../src/files/png/encodePng.ts';
import { type ByteRows, filterByDefinition, filterRows } from '../../../src/files/png/filterRows.ts';
import { readImage } from '../../../src/files/readImage.ts';
import { seededRandom } from '../../../src/layers/random.ts';
import { toInterleaved } from '../../../src/planes/samples.ts';
import { quarter } from '../../support/quarter.ts';

function noise(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => random.word() & 255);
}

/** What it makes of the rows, in memory that has seen other ones. */
function filteredBy(filter: typeof filterRows, rows: ByteRows): Buffer {
  const room = new Uint8Array(2 * rows.bytes.length + rows.bytes.length / rows.length).fill(0x55);
  return Buffer.from(filter(rows, room));
}

describe('rows through vector code', () => {
  test.each([1, 2, 3, 4, 6, 8])('of pixels of %i bytes are those of the definition', (pixelBytes) => {
    for (const width of [1, 2, 5, 16, 17, 33, 100]) {
      const length = width * pixelBytes;
      for (const above of [false, true]) {
        const rows: ByteRows = { bytes: noise(length * 7, width), length, pixelBytes, above };
        expect(filteredBy(filterRows, rows).equals(filteredBy(filterByDefinition, rows))).toBe(true);
      }
    }
  });

  test('of every three neighbours, equal and extreme ones too', () => {
    const values = [0, 1, 2, 127, 128, 129, 254, 255];
    const pairs = values.flatMap((corner) => values.flatMap((up) => [corner, up]));
    const lefts = values.flatMap((left) => pairs.map((_, i) => (i % 2 === 0 ? left : 7)));
    const bytes = Uint8Array.from([...values.flatMap(() => pairs), ...lefts]);
    const rows: ByteRows = { bytes, length: lefts.length, pixelBytes: 1, above: false };
    expect(filteredBy(filterRows, rows).equals(filteredBy(filterByDefinition, rows))).toBe(true);
  });
});

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBufferLike>): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

describe('libvips reads back what was written', () => {
  const cases = ([8, 16] as const).flatMap((bits) => [1, 2, 3, 4].map((stride) => ({ bits, stride })));
  test.each(quarter(cases))('$bits bits, $stride channels, over several strips', async ({ bits, stride }) => {
    const [height, width] = [1025, 700];
    const bytes = noise(height * width * stride * (bits / 8), stride);
    const samples = bits === 8 ? bytes : new Uint16Array(bytes.buffer);
    const png = await encodePng({ samples, height, width, stride });
    const back = await readImage(png);
    const layers = [back.planes, ...(back.alpha ? [back.alpha] : [])];
    expect(Buffer.compare(bytesOf(toInterleaved(layers, bits)), bytesOf(samples))).toBe(0);
  });

  test('a row that is longer than a strip, and a picture of one pixel', async () => {
    for (const [height, width] of [
      [2, 1_200_000],
      [1, 1],
    ]) {
      const samples = noise(height * width, width);
      const back = await sharp(await encodePng({ samples, height, width, stride: 1 }))
        .toColourspace('b-w')
        .raw()
        .toBuffer();
      expect(Buffer.compare(back, samples)).toBe(0);
    }
  });

  test('density and profile', async () => {
    const red = sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } });
    const { icc } = await sharp(await red.withIccProfile('p3').tiff().toBuffer()).metadata();
    const picture = { samples: noise(12, 1), height: 2, width: 2, stride: 3, density: 300 };
    const metadata = await sharp(await encodePng({ ...picture, icc: icc! })).metadata();
    expect(metadata.density).toBe(300);
    expect(Buffer.compare(metadata.icc!, icc!)).toBe(0);
    const grey = await sharp(await encodePng({ ...picture, samples: noise(4, 1), stride: 1, icc: icc! })).metadata();
    expect(grey.icc).toBeUndefined();
  });
});
