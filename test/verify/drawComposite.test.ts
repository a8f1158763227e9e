import { expect, test } from 'vitest';
import type { InterleavedPicture } from '../../src/planes/picture.ts';
import { drawComposite } from '../../src/verify/drawComposite.ts';

const grey = (samples: number[], width: number): InterleavedPicture => ({
  samples: Uint8Array.from(samples),
  height: samples.length / width,
  width,
  stride: 1,
  channels: 1,
  white: 255,
});

function pixel({ samples, width }: InterleavedPicture, x: number, y: number): number[] {
  return Array.from(samples.subarray(3 * (y * width + x), 3 * (y * width + x) + 3));
}

test('stands golden, picture and difference side by side, small ones enlarged, under their names', () => {
  const red = { ...grey([255, 0, 0], 1), samples: Uint8Array.of(255, 0, 0), height: 1, stride: 3, channels: 3 };
  const sheet = drawComposite(grey([10, 20], 2), grey([30], 1), red);
  // Two pixels become 200; margins are a letter's height.
  expect([sheet.height, sheet.width]).toEqual([100 + 3 * 8, 3 * 208 + 8]);
  expect([8, 108, 216, 424].map((x) => pixel(sheet, x, 20))).toEqual([
    [10, 10, 10],
    [20, 20, 20],
    [30, 30, 30],
    [255, 0, 0],
  ]);
  // Beside the smaller picture is paper, as in the margins.
  expect([pixel(sheet, 316, 20), pixel(sheet, 0, 0)]).toEqual(Array(2).fill([232, 232, 232]));
  const names = sheet.samples.subarray(8 * 3 * sheet.width, 16 * 3 * sheet.width);
  expect(names.filter((sample) => sample === 48).length).toBeGreaterThan(300);
});

test('lays alpha over white, and scales 16 bits and numbers beside 0 to white', () => {
  const deep = { ...grey([0], 1), samples: Uint16Array.of(65535, 257 * 100), stride: 2, alphaAt: 1, white: 65535 };
  const wild = { ...grey([0], 1), samples: Float32Array.of(-3), white: 1 };
  const clear = { ...grey([0], 1), samples: Uint8Array.of(0, 51), stride: 2, alphaAt: 1 };
  const sheet = drawComposite(deep, wild, clear);
  expect([8, 216, 424].map((x) => pixel(sheet, x, 20)[0])).toEqual([255, 0, 204]);
});
