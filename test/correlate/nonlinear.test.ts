import { describe, expect, test } from 'vitest';
import { filteringOf } from '../../src/correlate/filtering.ts';
import { filterBeyond } from '../../src/correlate/nonlinear/filterBeyond.ts';
import { formatFilterFile, parseFilterFile, parseRank } from '../../src/correlate/nonlinear/filterFile.ts';
import { filterLuma } from '../../src/correlate/nonlinear/filterLuma.ts';
import { rankFilter } from '../../src/correlate/nonlinear/rankFilter.ts';
import { roundedPasses } from '../../src/correlate/nonlinear/roundedPasses.ts';
import { applyCurve } from '../../src/correlate/nonlinear/toneCurve.ts';
import {
  corr2d,
  kernel,
  namedKernel,
  pad,
  type Picture,
  planes,
  repeatKernel,
  seededRandom,
  toNested,
} from '../../src/index.ts';
import type { Planes } from '../../src/planes/planes.ts';

function noise(channels: number, height: number, width: number): Planes {
  const random = seededRandom(3);
  const data = Float32Array.from({ length: channels * height * width }, () => Math.floor(random.uniform(0, 9)));
  return { channels, height, width, data, white: 255 };
}

const picture = (p: Planes): Picture => ({ planes: p, depth: 8, lossy: false, metadata: {} });

describe('ranks', () => {
  test.for(['replicate', 'reflect101', 'symmetric', 'zero', 'wrap'] as const)(
    'are those of a sorted window, border %s',
    (border) => {
      const x = noise(2, 9, 11);
      for (const [height, width] of [
        [1, 1],
        [3, 3],
        [5, 3],
        [1, 7],
      ]) {
        const [rows, columns] = [(height - 1) / 2, (width - 1) / 2];
        const seen = pad(x, { top: rows, bottom: rows, left: columns, right: columns }, border);
        const places = { minimum: 0, median: (height * width - 1) / 2, maximum: height * width - 1 };
        for (const rank of ['minimum', 'median', 'maximum'] as const) {
          const made = rankFilter(x, { rank, height, width }, border);
          made.data.forEach((value, i) => {
            const [c, row, column] = [Math.floor(i / 99), Math.floor(i / 11) % 9, i % 11];
            const window = Array.from({ length: height * width }, (_, k) => {
              const at = (c * seen.height + row + Math.floor(k / width)) * seen.width + column + (k % width);
              return seen.data[at];
            });
            expect(value).toBe(window.toSorted((a, b) => a - b)[places[rank]]);
          });
        }
      }
    },
  );

  test('are the same of bytes, which are counted, as of other numbers, which are sorted', () => {
    const random = seededRandom(11);
    for (const [height, width] of [
      [3, 3],
      [5, 5],
      [9, 7],
      [1, 31],
    ]) {
      const size = { channels: 2, height: 40, width: 37 };
      const data = Float32Array.from({ length: 2 * 40 * 37 }, () => Math.floor(random.uniform(0, 256) ** 2 / 256));
      const bytes: Planes = { ...size, data, white: 255 };
      const halves: Planes = { ...bytes, data: data.map((value) => value + 0.5) };
      const rank = { rank: 'median', height, width } as const;
      const ofHalves = rankFilter(halves, rank, 'replicate').data.map((value) => value - 0.5);
      expect(rankFilter(bytes, rank, 'replicate').data).toEqual(ofHalves);
    }
  });

  test('are named with their window', () => {
    expect(parseRank('median:5', '-k')).toEqual({ rank: 'median', height: 5, width: 5 });
    expect(parseRank('maximum:3x7', '-k')).toEqual({ rank: 'maximum', height: 3, width: 7 });
    expect(parseRank('gaussian:2', '-k')).toBeUndefined();
    expect(() => parseRank('median', '-k')).toThrow('Expected median:5 or median:3x5');
    expect(() => parseRank('median:4', '-k')).toThrow('Expected an odd number up to 31 for -k but received 4');
    expect(() => parseRank('median:33', '-k')).toThrow('Expected an odd number up to 31 for -k but received 33');
  });
});

describe('tone curves', () => {
  test('take their values, and straight lines between', () => {
    const x = planes([[0, 51, 102, 255, 300, -4]], 255);
    expect(toNested(applyCurve(x, { values: [[0, 1, 0.5]] }))).toEqual([[[0, 102, 204, 127.5, 127.5, 0]]]);
    expect(applyCurve(x, { gamma: 2 }).data[1]).toBeCloseTo(255 / 25, 5);
    const two = planes([[[255]], [[255]]], 255);
    expect(
      Array.from(
        applyCurve(two, {
          values: [
            [0, 1],
            [1, 0],
          ],
        }).data,
      ),
    ).toEqual([255, 0]);
    expect(() =>
      applyCurve(two, {
        values: [
          [0, 1],
          [1, 0],
          [0, 0],
        ],
      }),
    ).toThrow('Expected one list of values, or 2, one for each channel, for a tone curve but received 3');
  });

  test('of 256 values give each sample of 8 bits its own', () => {
    const random = seededRandom(5);
    const levels = Array.from({ length: 256 }, () => Math.floor(random.uniform(0, 256)));
    const ramp = planes([Array.from({ length: 256 }, (_, i) => i)], 255);
    const made = applyCurve(ramp, { values: [levels.map((level) => level / 255)] });
    expect(Array.from(made.data, Math.round)).toEqual(levels);
  });
});

test('luma alone changes all channels by the same, and grey pictures as the kernel does', () => {
  const x = noise(3, 6, 7);
  const { planes: made } = filterLuma(picture(x), filteringOf(namedKernel('sharpen'), {}), 'nearest');
  const size = 42;
  for (let i = 0; i < size; i++) {
    const change = made.data[i] - x.data[i];
    expect(made.data[i + size] - x.data[i + size]).toBe(change);
    expect(made.data[i + 2 * size] - x.data[i + 2 * size]).toBe(change);
  }
  expect(() => filterLuma(picture(x), filteringOf(kernel([[1]]), { stride: 2 }), 'nearest')).toThrow(
    'where samples stand',
  );
});

test.for([
  [[1, 5, 5, 5, 1], 17],
  [[1, 2, 4, 2, 1], 10],
  [[7, 7, 7], 20],
] as const)('passes of %s over %s are rounded one by one, halves up, to white at most', ([taps, over]) => {
  const grey = noise(2, 9, 11);
  const x: Planes = { ...grey, data: grey.data.map((value, i) => 28 * value + (i % 28)) };
  const pass = (p: Planes, vertical: boolean): Planes => {
    const k = kernel(vertical ? taps.map((tap) => [tap]) : [[...taps]]);
    const sums = corr2d(p, repeatKernel(k, 2), { padding: 'same', border: 'symmetric' });
    return { ...p, data: sums.data.map((sum) => Math.min(255, Math.floor(sum / over + 0.5))) };
  };
  const expected = [false, false, true, true].reduce(pass, x);
  expect(roundedPasses(x, { taps, over, times: 2 }, 'symmetric').data).toEqual(expected.data);
});

test('a mask of passes adds percents of the difference, cut towards 0, beyond a threshold alone', () => {
  const x = planes([[100, 100, 110, 100, 100, 103, 100, 100, 255, 0, 0]], 255);
  const passes = { taps: [1, 2, 1], over: 4, times: 1 };
  const blurred = roundedPasses(x, passes, 'replicate').data;
  const made = roundedPasses(x, { ...passes, mask: { percent: 150, threshold: 2 } }, 'replicate').data;
  expect([...blurred]).toEqual([100, 103, 105, 103, 101, 102, 101, 139, 153, 64, 0]);
  expect([...made]).toEqual([100, 96, 117, 96, 100, 103, 100, 42, 255, 0, 0]);
});

test('a threshold leaves samples as they are that the kernel changes by no more', () => {
  const x = planes([[10, 10, 13, 40, 40]], 255);
  const kept = filterBeyond(picture(x), filteringOf(kernel([[0, 2, -1]]), { border: 'replicate' }), 5 / 255);
  expect(toNested(kept.planes)).toEqual([[[10, 10, -14, 40, 40]]]);
});

test('filter files are read as they were written, and refused with the place of a fault', () => {
  const files = [
    { rank: { rank: 'median', height: 3, width: 5 }, border: 'symmetric' },
    { passes: { taps: [1, 2, 1], over: 4, times: 2 }, border: 'symmetric' },
    { passes: { taps: [1, 2, 1], over: 4, times: 2, mask: { percent: 150, threshold: 3 } } },
    { curve: { values: [[0, 0.25, 1]] } },
    {
      curve: {
        values: [
          [0, 1],
          [1, 0],
          [0.5, 0.5],
        ],
      },
    },
  ] as const;
  for (const file of files) expect(parseFilterFile(formatFilterFile(file))).toEqual(file);
  const text = (fields: object): string => JSON.stringify({ corr2d: 1, kind: 'filter', ...fields });
  expect(() => parseFilterFile(text({ curve: [0, 2] }))).toThrow('curve[1]');
  expect(() => parseFilterFile(text({ curve: [0, 1], rank: 'median' }))).toThrow('Expected no such field beside curve');
  expect(() => parseFilterFile(text({ rank: 'median', size: [3, 2] }))).toThrow('size[1]');
  expect(() => parseFilterFile(text({ rank: 'mode', size: [3, 3] }))).toThrow('rank');
  expect(() => parseFilterFile(text({ rank: 'median', size: [3, 3], more: 1 }))).toThrow('more');
  const passes = { taps: [1, 2, 1], over: 4, times: 1 };
  for (const [changed, place] of [
    [{ taps: [1, 1] }, 'passes.taps'],
    [{ taps: [1, 0.5, 1] }, 'passes.taps[1]'],
    [{ over: 0 }, 'passes.over'],
    [{ times: 17 }, 'passes.times'],
    [{ mask: { percent: 150.5, threshold: 3 } }, 'passes.mask.percent'],
    [{ mask: { percent: 150, threshold: -1 } }, 'passes.mask.threshold'],
    [{ mask: { percent: 150, threshold: 3, more: 1 } }, 'more'],
    [{ more: 1 }, 'more'],
  ] as const) {
    expect(() => parseFilterFile(text({ passes: { ...passes, ...changed } }))).toThrow(place);
  }
  expect(() => parseFilterFile(text({ passes, size: [3, 3] }))).toThrow('Expected no such field beside passes');
});
