import { describe, expect, test } from 'vitest';
import { appendFloat32, appendSigned, counted, joined, text, unsigned } from '../../src/wasm/encode.ts';
import fc from '../support/fc.ts';

describe('LEB128', () => {
  // Expected bytes from the format's definition: seven bits a byte, the lowest first, the eighth says that more follow.
  test.each([
    [0, [0x00]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [624_485, [0xe5, 0x8e, 0x26]],
    [16_383, [0xff, 0x7f]],
    [16_384, [0x80, 0x80, 0x01]],
    [2 ** 31, [0x80, 0x80, 0x80, 0x80, 0x08]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('unsigned %d', (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes);
  });

  test.each([
    [0, [0x00]],
    [63, [0x3f]],
    [64, [0xc0, 0x00]],
    [-1, [0x7f]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [8191, [0xff, 0x3f]],
    [8192, [0x80, 0xc0, 0x00]],
    [-123_456, [0xc0, 0xbb, 0x78]],
    [2 ** 31 - 1, [0xff, 0xff, 0xff, 0xff, 0x07]],
    [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])('signed %d', (value, bytes) => {
    expect(signed(value)).toEqual(bytes);
  });

  test('comes back, in as few bytes as hold it', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), (value) => {
        expect(decode(unsigned(value))).toBe(BigInt(value));
        expect(unsigned(value).length).toBe(Math.ceil(Math.max(1, value.toString(2).length) / 7));
      }),
    );
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const bytes = signed(value);
        const sign = bytes[bytes.length - 1] & 0x40 ? 1n << BigInt(7 * bytes.length) : 0n;
        expect(decode(bytes) - sign).toBe(BigInt(value));
        const bits = (value < 0 ? -value - 1 : value).toString(2).length + 1;
        expect(bytes.length).toBe(value === 0 || value === -1 ? 1 : Math.ceil(bits / 7));
      }),
    );
  });
});

test('Float32, the lowest byte first', () => {
  const bytes: number[] = [];
  appendFloat32(bytes, 1);
  appendFloat32(bytes, -0);
  appendFloat32(bytes, 0.1);
  expect(bytes).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0x80, 0xcd, 0xcc, 0xcc, 0x3d]);
});

test('lists and texts with their lengths', () => {
  expect(joined([1], [], [2, 3])).toEqual([1, 2, 3]);
  expect(counted(new Array<number>(130).fill(7)).slice(0, 3)).toEqual([0x82, 0x01, 7]);
  expect(text('a×')).toEqual([3, 0x61, 0xc3, 0x97]);
});

function signed(value: number): number[] {
  const bytes: number[] = [];
  appendSigned(bytes, value);
  return bytes;
}

function decode(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte, i) => {
    expect(byte >> 7).toBe(i < bytes.length - 1 ? 1 : 0);
    return sum + (BigInt(byte & 0x7f) << BigInt(7 * i));
  }, 0n);
}
