import { describe, expect, test } from 'vitest';
import { formatNpy, readImage } from '../../src/index.ts';
import { halfToFloat } from '../../src/planes/half.ts';
import { tiff } from './handmadeTiff.ts';

const [width, height] = [3, 2];
const samplesOf = async (bytes: Uint8Array, options = {}) => [...(await readImage(bytes, options)).planes.data];

describe('numbers of TIFF that are read exactly', () => {
  test.each<[string, ArrayBufferView & Iterable<number>, number, number]>([
    ['signed 8-bit', Int8Array.of(-128, -1, 0, 1, 100, 127), 8, 2],
    ['signed 16-bit', Int16Array.of(-32768, -1, 0, 1, 8848, 32767), 16, 2],
    ['signed 32-bit', Int32Array.of(-(2 ** 24), -1, 0, 1, 77, 2 ** 24), 32, 2],
    ['32-bit', Uint32Array.of(0, 1, 255, 65536, 77, 2 ** 24), 32, 1],
    ['Float32', Float32Array.of(-1.5, 0, 0.1, 1e-30, 1e30, 3), 32, 3],
  ])('%s samples', async (_, data, bits, format) => {
    const bytes = tiff({ width, height, stride: 1, bits, format, data });
    const { planes, depth } = await readImage(bytes);
    expect([[...planes.data], planes.white, depth]).toEqual([[...data], 1, 32]);
  });

  test('halves', async () => {
    const data = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0xb800);
    const wanted = [1, -2, 0.333251953125, 2 ** -24, 65504, -0.5];
    expect(await samplesOf(tiff({ width, height, stride: 1, bits: 16, format: 3, data }))).toEqual(wanted);
    expect([...data].map(halfToFloat)).toEqual(wanted);
  });

  test('signed samples in the other order of bytes, and of colours', async () => {
    const data = Int16Array.of(-300, -2, 5, 7, -9, 11);
    const swapped = Buffer.from(data.buffer.slice(0)).swap16();
    expect(
      await samplesOf(tiff({ width, height, stride: 1, bits: 16, format: 2, data: swapped, bigEndian: true })),
    ).toEqual([...data]);
    const colours = tiff({ width: 2, height: 1, stride: 3, bits: 16, format: 2, data });
    expect(await samplesOf(colours)).toEqual([-300, 7, -2, -9, 5, 11]);
  });

  test('whole numbers that Float32 would round are refused', async () => {
    const data = Uint32Array.of(0, 1, 2, 3, 4, 2 ** 24 + 1);
    await expect(readImage(tiff({ width, height, stride: 1, bits: 32, data }))).rejects.toMatchObject({
      code: 'unsupported',
      message: 'Expected whole numbers within ±2^24, which Float32 holds, in the bytes given but received larger ones',
    });
  });
});

describe('one channel', () => {
  const counted = (stride: number): number[] => Array.from({ length: width * height * stride }, (_, i) => 3 * i + 1);
  const of = (all: ArrayLike<number>, stride: number, channel: number): number[] =>
    [...Array(width * height).keys()].map((i) => all[i * stride + channel - 1]);

  test.each([2, 4, 5, 64])('of %i in TIFF, of 8, 16 and 32 bits', async (stride) => {
    const extra = Array<number>(stride - 1).fill(0);
    for (const [bits, format, data] of [
      [8, 1, Uint8Array.from(counted(stride))],
      [16, 1, Uint16Array.from(counted(stride))],
      [16, 2, Int16Array.from(counted(stride), (sample) => -sample)],
      [32, 3, Float32Array.from(counted(stride), (sample) => sample / 7)],
    ] as const) {
      const bytes = tiff({ width, height, stride, bits, format, photometric: 1, extra, data });
      for (const channel of [1, 2, stride]) {
        const { planes, alpha } = await readImage(bytes, { channel });
        expect([planes.channels, alpha, [...planes.data]]).toEqual([1, undefined, of(data, stride, channel)]);
      }
      await expect(readImage(bytes, { channel: stride + 1 })).rejects.toMatchObject({
        message: `Expected channel ${stride + 1} in the bytes given but there are ${stride}`,
      });
    }
  });

  test('of colours and alpha is as it is stored', async () => {
    const data = Uint8Array.from(counted(4));
    for (const extra of [0, 1, 2]) {
      const bytes = tiff({ width, height, stride: 4, bits: 8, extra: [extra], data });
      for (const channel of [1, 3, 4]) expect(await samplesOf(bytes, { channel })).toEqual(of(data, 4, channel));
    }
  });

  test.each([
    ['first', [5, 6, 7]],
    ['last', [6, 7, 5]],
  ])('of .npy that has its channels %s', async (place, shape) => {
    const data = Int16Array.from({ length: 5 * 6 * 7 }, (_, i) => i - 10);
    const bytes = formatNpy(data, shape);
    const wanted = place === 'first' ? [...data.subarray(42, 84)] : [...Array(42).keys()].map((i) => data[5 * i + 1]);
    expect(await samplesOf(bytes, { channel: 2 })).toEqual(wanted);
    await expect(readImage(bytes)).rejects.toMatchObject({
      message: expect.stringMatching(/; the option channel takes one of them$/),
    });
  });

  test('is a whole number from 1', async () => {
    await expect(readImage(formatNpy(new Float32Array(4), [2, 2]), { channel: 0 })).rejects.toThrow(/channel/);
  });
});
