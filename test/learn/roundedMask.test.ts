import { beforeAll, expect, test } from 'vitest';
import { roundedPasses } from '../../src/correlate/nonlinear/roundedPasses.ts';
import { filterPicture, namedKernel, type Picture, readImage } from '../../src/index.ts';
import { findPasses } from '../../src/learn/nonlinear/findPasses.ts';
import { type Example, examplesOf } from '../../src/learn/pairs.ts';
import { cutPlanes } from '../../src/planes/cut.ts';
import type { Planes } from '../../src/planes/planes.ts';
import { inCheckout } from '../support/checkout.ts';
import { stored } from './support.ts';

/** Pillow's UnsharpMask: a mask of a blur whose passes are rounded one by one. */

let colour: Picture;

beforeAll(async () => {
  const { planes } = await readImage(inCheckout('samples', 'chelsea.png'));
  colour = stored(cutPlanes(planes, 40, 60, 150, 190));
});

const examplesAfter = (after: Planes): Example[] => examplesOf([{ before: colour, after: stored(after) }]);
const pause = async (): Promise<void> => {};

/** ImageFilter.GaussianBlur(1) and (2) of Pillow 9.4. */
const NARROW = { taps: [2_796_202, 11_184_811, 2_796_202], over: 2 ** 24, times: 3 };
const WIDE = { taps: [1_677_722, 4_473_924, 4_473_924, 4_473_924, 1_677_722], over: 2 ** 24, times: 3 };

test.for([
  [1, NARROW, { percent: 120, threshold: 0 }],
  [2, WIDE, { percent: 150, threshold: 3 }],
] as const)('is found with its percents and its threshold: σ %s', async ([sigma, blur, mask]) => {
  const passes = { ...blur, mask };
  const found = await findPasses(examplesAfter(roundedPasses(colour.planes, passes, 'replicate')), pause);
  expect(found).toMatchObject({
    passes,
    calls: [`Pillow's ImageFilter.UnsharpMask(${sigma}, ${mask.percent}, ${mask.threshold})`],
    reproduced: colour.planes.data.length,
  });
});

test('is told with each call that gives the same samples', async () => {
  const passes = { ...NARROW, mask: { percent: 80, threshold: 0 } };
  const found = await findPasses(examplesAfter(roundedPasses(colour.planes, passes, 'replicate')), pause);
  // 80 % of a difference of 1 is cut to 0.
  expect(found?.calls).toEqual([
    "Pillow's ImageFilter.UnsharpMask(1, 80, 0)",
    "Pillow's ImageFilter.UnsharpMask(1, 80, 1)",
  ]);
});

test('is none of a mask that was rounded once, and of one with a wrong sample', async () => {
  const plain = filterPicture(colour, namedKernel('unsharp'));
  expect(await findPasses(examplesAfter(plain.planes), pause)).toBeUndefined();
  const passes = { ...WIDE, mask: { percent: 150, threshold: 3 } };
  const { data, ...planes } = roundedPasses(colour.planes, passes, 'replicate');
  const changed = data.map((value, i) => (i === 9000 ? 255 - value : value));
  expect(await findPasses(examplesAfter({ ...planes, data: changed }), pause)).toBeUndefined();
});

test("Pillow's Gaussian of σ 1 is found, whose taps are those of Float32", async () => {
  const found = await findPasses(examplesAfter(roundedPasses(colour.planes, NARROW, 'replicate')), pause);
  expect(found?.calls).toEqual(["Pillow's ImageFilter.GaussianBlur(1)"]);
});
