import { expect, test } from 'vitest';
import { changedRegions } from '../../src/verify/changedRegions.ts';
import type { MarkedPixels } from '../../src/verify/markPixels.ts';
import { markPixels } from '../../src/verify/markPixels.ts';
import { MARK } from '../../src/verify/marks.ts';
import { comparatorOf } from '../../src/verify/options.ts';

function marked(
  height: number,
  width: number,
  at: readonly (readonly [x: number, y: number, mark?: number])[],
): MarkedPixels {
  const data = new Uint8Array(height * width);
  for (const [x, y, mark = MARK.differs] of at) data[y * width + x] = mark;
  return { height, width, data };
}

test('groups of pixels that are far apart are regions of their own, the largest first', () => {
  const found = changedRegions(
    marked(90, 130, [
      [3, 4],
      [100, 80],
      [102, 81],
      [129, 2, MARK.added],
      [60, 60, MARK.outside],
    ]),
  );
  expect(found).toEqual([
    { left: 100, top: 80, width: 3, height: 2, pixels: 2 },
    { left: 129, top: 2, width: 1, height: 1, pixels: 1 },
    { left: 3, top: 4, width: 1, height: 1, pixels: 1 },
    { left: 60, top: 60, width: 1, height: 1, pixels: 1 },
  ]);
});

test('what is allowed, ignored or the same is no region', () => {
  expect(
    changedRegions(
      marked(20, 20, [
        [3, 4, MARK.excused],
        [9, 9, MARK.ignored],
      ]),
    ),
  ).toEqual([]);
});

test('the last column is not beside the first of the next row', () => {
  expect(
    changedRegions(
      marked(33, 64, [
        [63, 5],
        [0, 20],
      ]),
    ),
  ).toHaveLength(2);
});

test('pixels less than 16 apart are always one region, of 32 and more never', () => {
  for (let gap = 1; gap < 40; gap++) {
    for (let first = 0; first < 16; first++) {
      const count = changedRegions(
        marked(8, 80, [
          [first, 3],
          [first + gap, 4],
        ]),
      ).length;
      if (gap < 16) expect(count).toBe(1);
      if (gap >= 32) expect(count).toBe(2);
    }
  }
});

test('marks are those of the metric: what it allows is excused', async () => {
  const picture = (samples: number[]): Parameters<typeof markPixels>[0] => ({
    samples: Uint8Array.from(samples),
    height: 1,
    width: 4,
    stride: 1,
    channels: 1,
    white: 255,
  });
  const comparator = comparatorOf({ threshold: 2 / 255, ignore: [{ left: 3, top: 0, width: 1, height: 1 }] });
  const found = await markPixels(picture([5, 9, 50, 1]), picture([5, 10, 10, 2]), comparator, undefined);
  expect([...(found?.data ?? [])]).toEqual([MARK.same, MARK.excused, MARK.differs, MARK.ignored]);
});
