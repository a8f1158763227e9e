import { beforeAll, describe, expect, test } from 'vitest';
import { filteringOf } from '../../src/correlate/filtering.ts';
import { filterBeyond } from '../../src/correlate/nonlinear/filterBeyond.ts';
import { filterLuma } from '../../src/correlate/nonlinear/filterLuma.ts';
import { rankFilter } from '../../src/correlate/nonlinear/rankFilter.ts';
import { roundedPasses } from '../../src/correlate/nonlinear/roundedPasses.ts';
import { applyCurve } from '../../src/correlate/nonlinear/toneCurve.ts';
import { filterPicture, kernel, learnKernel, namedKernel, type Picture, readImage } from '../../src/index.ts';
import { findCurve } from '../../src/learn/nonlinear/findCurve.ts';
import { findPasses } from '../../src/learn/nonlinear/findPasses.ts';
import { findRank } from '../../src/learn/nonlinear/findRank.ts';
import { type Example, examplesOf } from '../../src/learn/pairs.ts';
import { cutPlanes } from '../../src/planes/cut.ts';
import type { Planes } from '../../src/planes/planes.ts';
import { inCheckout } from '../support/checkout.ts';
import { stored } from './support.ts';

let colour: Picture;

beforeAll(async () => {
  const { planes } = await readImage(inCheckout('samples', 'chelsea.png'));
  colour = stored(cutPlanes(planes, 40, 60, 150, 190));
});

const examplesAfter = (after: Planes): Example[] => examplesOf([{ before: colour, after: stored(after) }]);
const pause = async (): Promise<void> => {};

describe('ranks', () => {
  test.for(['minimum', 'median', 'maximum'] as const)('are found: %s', async (name) => {
    for (const side of [3, 5]) {
      const rank = { rank: name, height: side, width: side };
      const found = await findRank(examplesAfter(rankFilter(colour.planes, rank, 'reflect101')), pause);
      expect(found).toMatchObject({ rank, reproduced: colour.planes.data.length });
      expect(found?.borders).toContain('reflect101');
    }
  });

  test('are none of what a kernel made, of a picture that did not change, and of one with a few dead pixels', async () => {
    expect(await findRank(examplesAfter(filterPicture(colour, namedKernel('box:3')).planes), pause)).toBeUndefined();
    expect(await findRank(examplesAfter(colour.planes), pause)).toBeUndefined();
    const data = colour.planes.data.map((value, i) => (i % 5000 === 7 ? 255 : value));
    expect(await findRank(examplesAfter({ ...colour.planes, data }), pause)).toBeUndefined();
  });
});

describe('rounded passes', () => {
  test.for([
    [{ taps: Array.from({ length: 11 }, () => 5958), over: 65_536, times: 2 }, 'symmetric', "FFmpeg's boxblur=5:2"],
    [
      { taps: [1_677_722, 4_473_924, 4_473_924, 4_473_924, 1_677_722], over: 2 ** 24, times: 3 },
      'replicate',
      "Pillow's ImageFilter.GaussianBlur(2)",
    ],
  ] as const)('are found: %s', async ([passes, border, call]) => {
    const found = await findPasses(examplesAfter(roundedPasses(colour.planes, passes, border)), pause);
    expect(found).toMatchObject({ passes, border, calls: [call], reproduced: colour.planes.data.length });
  });

  test('are none of a blur that was rounded once, of a picture that did not change, and of one with a wrong sample', async () => {
    const passes = { taps: [13_107, 13_107, 13_107, 13_107, 13_107], over: 65_536, times: 2 };
    expect(await findPasses(examplesAfter(filterPicture(colour, namedKernel('box:5')).planes), pause)).toBeUndefined();
    expect(await findPasses(examplesAfter(colour.planes), pause)).toBeUndefined();
    const { data, ...planes } = roundedPasses(colour.planes, passes, 'symmetric');
    const changed = data.map((value, i) => (i === 9000 ? 255 - value : value));
    expect(await findPasses(examplesAfter({ ...planes, data: changed }), pause)).toBeUndefined();
  });
});

describe('tone curves', () => {
  test('are found, with the power that they are', () => {
    const cut = (p: Planes): Planes => ({ ...p, data: p.data.map(Math.floor) });
    const found = findCurve(examplesAfter(cut(applyCurve(colour.planes, { gamma: 0.6 }))));
    expect(found).toMatchObject({
      power: { text: 'gamma:0.6', rounding: 'truncate' },
      reproduced: colour.planes.data.length,
    });
    const inverse = findCurve(examplesAfter(applyCurve(colour.planes, { gamma: 1 / 2.2 })));
    expect(inverse?.power).toEqual({ text: 'gamma:1/2.2', rounding: 'nearest' });
  });

  test('are found of each channel', () => {
    const values = [1, 2, 3].map((power) => Array.from({ length: 256 }, (_, i) => (i / 255) ** (1 / power)));
    const found = findCurve(examplesAfter(applyCurve(colour.planes, { values })));
    expect(found?.values).toHaveLength(3);
    expect(found?.reproduced).toBe(colour.planes.data.length);
    expect(found?.power).toBeUndefined();
  });

  test('are none of a factor and an offset, of a filter, and of two unlike pictures', () => {
    const level = colour.planes.data.map((value) => Math.min(255, Math.max(0, 1.25 * value - 32)));
    expect(findCurve(examplesAfter({ ...colour.planes, data: level }))).toBeUndefined();
    expect(findCurve(examplesAfter(colour.planes))).toBeUndefined();
    expect(findCurve(examplesAfter(filterPicture(colour, namedKernel('box:3')).planes))).toBeUndefined();
    const small = stored(cutPlanes(colour.planes, 0, 0, 8, 8));
    const other = stored(cutPlanes(colour.planes, 90, 90, 8, 8));
    expect(findCurve(examplesOf([{ before: small, after: other }]))).toBeUndefined();
  });
});

test('a kernel that was applied to luma alone is found, and told as such', { tags: ['slow'] }, async () => {
  const how = filteringOf(namedKernel('sharpen'), { border: 'reflect101' });
  const after = stored(filterLuma(colour, how, 'nearest').planes);
  const { kernel: learned, report } = await learnKernel([{ before: colour, after }]);
  expect(report.program.luma?.near).toBeGreaterThan(0.999);
  expect(report.known?.name).toBe('sharpen');
  expect(Array.from(learned.weights)).toEqual([0, -1, 0, -1, 5, -1, 0, -1, 0]);
  expect(report.notes.join()).toContain('changed luma alone');
});

test(
  'a threshold beyond which samples were changed is found, and the kernel that changed them',
  { tags: ['slow'] },
  async () => {
    const blur = [1, 4, 6, 4, 1].map((a) => [1, 4, 6, 4, 1].map((b) => (-1.5 * a * b) / 256));
    blur[2][2] += 2.5;
    const how = filteringOf(kernel(blur), { border: 'symmetric' });
    const after = stored(filterBeyond(colour, how, 8 / 255).planes);
    const { report } = await learnKernel([{ before: colour, after }]);
    expect(Math.abs((report.program.threshold ?? 0) - 8 / 255)).toBeLessThan(0.1 / 255);
    expect(report.known?.text).toBe('unsharp mask: 2.5 × the picture − 1.5 × its 5×5 binomial blur');
    expect(report.certificate?.reproduced).toBe(report.certificate?.samples);
    const plain = await learnKernel([{ before: colour, after: stored(filterPicture(colour, kernel(blur)).planes) }]);
    expect(plain.report.program.threshold).toBeUndefined();
  },
);
