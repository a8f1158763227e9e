import { describe, expect, test } from 'vitest';
import { readImage } from '../../../src/files/readImage.ts';
import { toNested } from '../../../src/planes/planes.ts';
import { tiff, type TiffParts } from '../handmadeTiff.ts';

const one = { width: 1, height: 1, bits: 8 } as const;
const pixel = (parts: Partial<TiffParts> & Pick<TiffParts, 'stride'>): Buffer => {
  const bits = parts.bits ?? 8;
  return tiff({ ...one, data: new Uint8Array(Math.ceil((parts.stride * bits) / 8)), ...parts });
};

describe('samples beyond the colours', () => {
  const rgb = { width: 2, height: 1, stride: 4, bits: 8, data: Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 0) };

  test('of no stated meaning are left out', async () => {
    const picture = await readImage(tiff({ ...rgb, extra: [0] }));
    expect(picture.alpha).toBeUndefined();
    expect(toNested(picture.planes)).toEqual([[[1, 4]], [[2, 5]], [[3, 6]]]);
  });

  test('of grey and of CMYK pictures are, too', async () => {
    const grey = await readImage(tiff({ ...rgb, stride: 2, width: 4, extra: [0] }));
    expect([grey.alpha, toNested(grey.planes)]).toEqual([undefined, [[[1, 3, 4, 6]]]]);
    const inks = await readImage(pixel({ stride: 5, photometric: 5, extra: [0] }));
    expect([inks.alpha, inks.planes.channels]).toEqual([undefined, 3]);
  });

  test('are alpha where it says so, and where it says nothing, as OpenCV writes it', async () => {
    for (const parts of [{ extra: [2] }, {}]) {
      const { alpha } = await readImage(tiff({ ...rgb, ...parts }));
      expect(alpha && toNested(alpha)).toEqual([[[0, 0]]]);
    }
  });
});

describe('colours that are multiplied by alpha', () => {
  test('are divided to the nearest sample', async () => {
    const data = Uint8Array.of(82, 41, 0, 82, 10, 20, 30, 0, 7, 200, 255, 255);
    for (const bigEndian of [false, true]) {
      const picture = await readImage(tiff({ width: 3, height: 1, stride: 4, bits: 8, extra: [1], data, bigEndian }));
      expect(toNested(picture.planes)).toEqual([[[255, 0, 7]], [[128, 0, 200]], [[0, 0, 255]]]);
      expect(picture.alpha && toNested(picture.alpha)).toEqual([[[82, 0, 255]]]);
    }
  });

  test('of 16 bits, of grey, and of floats, too', async () => {
    const deep = tiff({ width: 1, height: 1, stride: 2, bits: 16, extra: [1], data: Uint16Array.of(100, 300) });
    expect(toNested((await readImage(deep)).planes)).toEqual([[[Math.round((100 * 65535) / 300)]]]);
    const data = Float32Array.of(0.25, 0.5, 0.125, 0.5);
    const float = tiff({ width: 1, height: 1, stride: 4, bits: 32, format: 3, extra: [1], data });
    expect(toNested((await readImage(float)).planes)).toEqual([[[0.5]], [[1]], [[0.25]]]);
  });
});

describe('TIFFs that libvips opens and makes something else of are refused', () => {
  const planes = { 284: [2] };
  test.each<[string, Buffer]>([
    ['YCbCr samples in separate planes', pixel({ stride: 3, photometric: 6, more: planes })],
    ['YCbCr samples that are not coded by JPEG', pixel({ stride: 3, photometric: 6, more: { 530: [1, 1] } })],
    ['grey or palette samples in separate planes', pixel({ stride: 2, extra: [2], more: planes })],
    ['inks other than CMYK', pixel({ stride: 4, photometric: 5, more: { 332: [2] } })],
    ['a TIFF compressed by LZMA', pixel({ stride: 1, more: { 259: [34925] } })],
    ['a TIFF compressed by old-style JPEG', pixel({ stride: 3, photometric: 6, more: { 259: [6] } })],
    ['a TIFF compressed by Zstandard', pixel({ stride: 1, more: { 259: [50000] } })],
    ['a TIFF compressed by a method of number 4711', pixel({ stride: 1, more: { 259: [4711] } })],
  ])('%s', async (what, bytes) => {
    for (const failOn of ['warning', 'error', 'truncated', 'none'] as const) {
      await expect(readImage(bytes, { failOn })).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining(`but received ${what}`),
      });
    }
  });
});

describe('kinds that are not read are called by their names, not damaged', () => {
  test.each<[string, Buffer]>([
    ['12-bit samples', pixel({ stride: 1, bits: 12 })],
    ['64-bit floating-point samples', pixel({ stride: 1, bits: 64, format: 3 })],
    ['64-bit signed samples', pixel({ stride: 1, bits: 64, format: 2 })],
    ['64-bit samples', pixel({ stride: 1, bits: 64 })],
    ['64-bit complex floating-point samples', pixel({ stride: 1, bits: 64, format: 6 })],
    ['8-bit floating-point samples', pixel({ stride: 1, bits: 8, format: 3 })],
    ['4-bit samples', pixel({ stride: 3, bits: 4 })],
    ['samples of different sizes (5, 6, 5 bits)', pixel({ stride: 3, more: { 258: [5, 6, 5] } })],
    ['samples in CIE L*a*b*', pixel({ stride: 3, photometric: 8 })],
    ["a colour filter's mosaic (a camera's raw samples)", pixel({ stride: 1, bits: 16, photometric: 32803 })],
    ['a TIFF of photometric interpretation 77', pixel({ stride: 1, photometric: 77 })],
    ['tiles of separate planes', pixel({ stride: 3, more: { 284: [2], 322: [16], 323: [16] } })],
  ])('%s', async (what, bytes) => {
    await expect(readImage(bytes)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(`but received ${what}`),
    });
  });

  test('RGB in separate planes is read', async () => {
    const parts = { width: 2, height: 3, stride: 3, bits: 8, data: Uint8Array.from({ length: 18 }, (_, i) => i) };
    const strips = { 284: [2] };
    // One strip of all three planes is not what the standard asks for: each has a strip of its own.
    const file = separate(tiff({ ...parts, more: strips }), 6);
    expect(toNested((await readImage(file)).planes)).toEqual([
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      [
        [6, 7],
        [8, 9],
        [10, 11],
      ],
      [
        [12, 13],
        [14, 15],
        [16, 17],
      ],
    ]);
  });
});

/** Gives a handmade TIFF of one strip three, each of so many bytes, behind it. */
function separate(file: Buffer, bytes: number): Buffer {
  const entries = file.readUInt16LE(8);
  const entry = (tag: number): number =>
    Array.from({ length: entries }, (_, i) => 10 + i * 12).find((at) => file.readUInt16LE(at) === tag) as number;
  const start = file.readUInt32LE(entry(273) + 8);
  const lists = Buffer.alloc(24);
  [0, 1, 2].forEach((i) => {
    lists.writeUInt32LE(start + i * bytes, i * 4);
    lists.writeUInt32LE(bytes, 12 + i * 4);
  });
  const longer = Buffer.concat([file, Buffer.alloc(file.length % 2), lists]);
  [273, 279].forEach((tag, i) => {
    longer.writeUInt32LE(3, entry(tag) + 4);
    longer.writeUInt32LE(longer.length - 24 + i * 12, entry(tag) + 8);
  });
  return longer;
}
