import { describe, expect, test } from 'vitest';
import { planes } from '../../src/planes/planes.ts';
import { fromInterleaved, roundSample, toInterleaved, whiteOfDepth } from '../../src/planes/samples.ts';
import fc from '../support/fc.ts';

describe('fromInterleaved', () => {
  const rgba = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

  test('takes pixels apart into planes', () => {
    expect(fromInterleaved(rgba, { channels: 4, height: 1, width: 2 }, 255)).toEqual(
      planes([[[1, 5]], [[2, 6]], [[3, 7]], [[4, 8]]], 255),
    );
  });

  test('takes some channels of a pixel: the first of them, or those after a skip', () => {
    const shape = { height: 2, width: 1, stride: 4 };
    expect(fromInterleaved(rgba, { ...shape, channels: 3 }, 255)).toEqual(
      planes(
        [
          [[1], [5]],
          [[2], [6]],
          [[3], [7]],
        ],
        255,
      ),
    );
    expect(fromInterleaved(rgba, { ...shape, channels: 1, skip: 3 }, 255)).toEqual(planes([[4], [8]], 255));
  });

  test('holds 16-bit and Float32 samples exactly', () => {
    expect(fromInterleaved(Uint16Array.of(0, 65535), { channels: 1, height: 1, width: 2 }, 65535)).toEqual(
      planes([[0, 65535]], 65535),
    );
    expect(fromInterleaved(Float32Array.of(-0.1, 1e30), { channels: 1, height: 1, width: 2 }, 1)).toEqual(
      planes([[Math.fround(-0.1), Math.fround(1e30)]], 1),
    );
  });

  test.each([0, 1, 2, 3, 4])('reads pixels of three bytes from any place in memory (offset %i)', (offset) => {
    for (let width = 1; width <= 9; width++) {
      const memory = Uint8Array.from({ length: offset + 3 * width + 5 }, (_, i) => 255 - i);
      const pixels = memory.subarray(offset, offset + 3 * width);
      const channel = (c: number): number[] => Array.from({ length: width }, (_, x) => pixels[3 * x + c]);
      expect(fromInterleaved(pixels, { channels: 3, height: 1, width }, 255)).toEqual(
        planes([[channel(0)], [channel(1)], [channel(2)]], 255),
      );
    }
  });

  test('refuses samples that do not fill the shape', () => {
    expect(() => fromInterleaved(rgba, { channels: 3, height: 1, width: 2 }, 255)).toThrow(
      'Expected 6 samples for 1×2 pixels of 3 but received 8',
    );
  });
});

describe('toInterleaved', () => {
  test('gives back what fromInterleaved took apart, sample for sample', () => {
    const anyPixels = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([channels, height, width]) => {
        const length = { minLength: channels * height * width, maxLength: channels * height * width };
        const samples = fc.oneof(fc.uint8Array(length), fc.uint16Array(length));
        return samples.map((stored) => ({ stored, shape: { channels, height, width } }));
      });
    fc.assert(
      fc.property(anyPixels, ({ stored, shape }) => {
        const depth = stored instanceof Uint8Array ? 8 : 16;
        const p = fromInterleaved(stored, shape, whiteOfDepth(depth));
        expect(toInterleaved([p], depth)).toEqual(stored);
      }),
    );
  });

  test('puts the channels of several layers into each pixel in turn', () => {
    const colour = planes([[[1, 5]], [[2, 6]], [[3, 7]]], 255);
    const alpha = planes([[4, 8]], 255);
    expect(toInterleaved([colour, alpha], 8)).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  });

  test('scales from the white of each layer to that of the depth', () => {
    expect(toInterleaved([planes([[0, 0.5, 1]])], 8)).toEqual(Uint8Array.of(0, 128, 255));
    expect(toInterleaved([planes([[0, 0.5, 1]])], 16)).toEqual(Uint16Array.of(0, 32768, 65535));
    expect(toInterleaved([planes([[257, 128]], 255)], 16)).toEqual(Uint16Array.of(65535, 32896));
    expect(toInterleaved([planes([[1]]), planes([[255]], 255)], 8)).toEqual(Uint8Array.of(255, 255));
  });

  test('every 8-bit sample survives the way over unit range', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const unit = planes([Array.from(all, (sample) => sample / 255)]);
    expect(toInterleaved([unit], 8)).toEqual(all);
  });

  test('rounds, clamps, and stores what is not a number as 0', () => {
    const p = planes([[0.5, 1.5, 2.5, -3, 254.5, 254.6, 300, Number.NaN, Number.NEGATIVE_INFINITY, Infinity]], 255);
    expect([...toInterleaved([p], 8)]).toEqual([0, 2, 2, 0, 254, 255, 255, 0, 0, 255]);
    expect([...toInterleaved([p], 8, 'truncate')]).toEqual([0, 1, 2, 0, 254, 254, 255, 0, 0, 255]);
  });

  test('refuses layers of two sizes', () => {
    expect(() => toInterleaved([planes([[1, 2]]), planes([[1], [2]])], 8)).toThrow(
      'Expected layers of 1×2 for a picture but received 2×1',
    );
  });
});

describe('roundSample', () => {
  test('nearest goes to the closest whole number, ties to the even one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 65535, noNaN: true }), (value) => {
        const rounded = roundSample(value, 65535);
        expect(Number.isInteger(rounded)).toBe(true);
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.5);
        if (Math.abs(rounded - value) === 0.5) expect(rounded % 2).toBe(0);
      }),
    );
    fc.assert(
      fc.property(fc.nat(65534), (whole) => {
        expect(roundSample(whole + 0.5, 65535)).toBe(whole % 2 === 0 ? whole : whole + 1);
      }),
    );
  });

  test('truncate cuts', () => {
    expect(roundSample(254.999, 255, 'truncate')).toBe(254);
    expect(roundSample(0.999, 255, 'truncate')).toBe(0);
  });

  test('never gives −0', () => {
    for (const value of [-0, -0.4, -1e-45]) {
      expect(roundSample(value, 255)).toBe(0);
      expect(roundSample(value, 255, 'truncate')).toBe(0);
    }
  });
});

test('whiteOfDepth', () => {
  expect(([8, 16, 32] as const).map(whiteOfDepth)).toEqual([255, 65535, 1]);
});
