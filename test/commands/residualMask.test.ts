import { expect, test } from 'vitest';
import { residualMask } from '../../src/commands/learn/residualMask.ts';
import { type Picture, planes } from '../../src/index.ts';

const picture = (rows: number[][][], white = 255, lossy = false, depth: 8 | 16 | 32 = 8): Picture => ({
  planes: planes(rows, white),
  depth,
  lossy,
  metadata: {},
});

test('is white where any channel is more than a level away', () => {
  const made = picture([[[10, 20, 30]], [[10, 20, 30]]]);
  const after = picture([[[11, 20, 30]], [[10, 20, 32]]]);
  const { mask, share } = residualMask(made, after);
  expect([...mask.data]).toEqual([0, 0, 255]);
  expect(mask).toMatchObject({ channels: 1, height: 1, width: 3, white: 255 });
  expect(share).toBe(1 / 3);
});

test('of a coder with losses leaves out what is usual', () => {
  const noise = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 104 : 96));
  const flat = noise.map(() => 100);
  const drawn = noise.map((value, i) => (i === 7 ? 250 : value));
  const { mask } = residualMask(picture([[flat]]), picture([[drawn]], 255, true));
  expect([...mask.data].flatMap((value, i) => (value > 0 ? [i] : []))).toEqual([7]);
});

test('of numbers counts in 255ths of white', () => {
  const { mask } = residualMask(picture([[[0.5, 0.5]]], 1, false, 32), picture([[[0.503, 0.51]]], 1, false, 32));
  expect([...mask.data]).toEqual([0, 255]);
});
