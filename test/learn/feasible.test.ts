import { describe, expect, test } from 'vitest';
import { channelOf, corr2d, createPlanes, kernel, type Kernel, readImage, type Rounding } from '../../src/index.ts';
import { feasibleTaps } from '../../src/learn/feasible/feasibleTaps.ts';
import { scan, slacksFrom } from '../../src/learn/feasible/slacks.ts';
import { coefficientsOf, targetsOf } from '../../src/learn/feasible/targets.ts';
import { type KernelShape, originInAfter } from '../../src/learn/kernelShape.ts';
import { examplesOf } from '../../src/learn/pairs.ts';
import { roundSample } from '../../src/planes/samples.ts';
import { inCheckout } from '../support/checkout.ts';
import { quarter } from '../support/quarter.ts';
import { cropped, fit, grey, pause, picture, randomTaps, responseTo, rms } from './intervals.ts';
import { photograph, stored } from './support.ts';

describe('slacks', () => {
  test('are the distances of every response to the ends of its interval', async () => {
    const before = stored(await photograph('camera.png')).planes;
    const part = cropped(before, 24, 31);
    const taps = randomTaps(9, 2, 3);
    for (const [rounding, below, above] of [
      ['nearest', 0.5, 0.5],
      ['truncate', 0, 1],
    ] as const) {
      const after = responseTo(part, 3, taps, rounding);
      const examples = examplesOf([{ before: picture(part), after: picture(after) }]);
      const shape: KernelShape = { ...grey, outChannels: 1, height: 3, width: 3, groups: 1 };
      const targets = targetsOf(examples, shape, 0);
      const slacks = await slacksFrom(targets, shape, randomTaps(9, 3, 4), rounding, pause);
      const other = randomTaps(9, 3, 5);
      const windows = [];
      for (let row = 0; row < 22; row++) {
        for (let column = 0; column < 29; column++) {
          const level = 255 * coefficientsOf(targets[0], shape, row, column).reduce((s, c, i) => s + c * other[i], 0);
          const sample = after.data[row * 29 + column];
          const over = sample < 255 ? sample + above - level : Infinity;
          const under = sample > 0 ? level - sample + below : Infinity;
          windows.push({ row, column, slack: Math.min(over, under) });
        }
      }
      windows.sort((a, b) => a.slack - b.slack);
      const seen = await scan(slacks, other, { below: 0, most: 3, pause });
      expect(seen.least).toBeCloseTo(windows[0].slack, 3);
      expect(seen.outside).toBe(windows.filter(({ slack }) => slack < 0).length);
      expect(seen.windows[0]).toMatchObject({ target: 0, row: windows[0].row, column: windows[0].column });
      expect(seen.windows).toHaveLength(3);
    }
  });

  test('of an even kernel stand where the windows of an after of one size do', async () => {
    const before = stored(await photograph('camera.png')).planes;
    const part = picture(cropped(before, 20, 20));
    const k: Kernel = kernel([
      [0.25, 0.5],
      [0.125, 0.125],
    ]);
    const response = corr2d(part.planes, k, { padding: 'same', border: 'zero' });
    const after = { ...response, data: response.data.map((v) => roundSample(v, 255)) };
    const shape: KernelShape = { ...grey, outChannels: 1, height: 2, width: 2, groups: 1 };
    const examples = examplesOf([{ before: part, after: picture(after) }]);
    expect(originInAfter(examples[0], k)).toEqual([1, 1]);
    const taps = Float64Array.from(k.weights);
    const slacks = await slacksFrom(targetsOf(examples, shape, 0), shape, taps, 'nearest', pause);
    expect((await scan(slacks, taps, { pause })).least).toBeGreaterThanOrEqual(0);
  });
});

describe('feasible taps', () => {
  const cases: { size: number; decimals: number; rounding: Rounding; seed: number; range?: number }[] = [
    { size: 3, decimals: 9, rounding: 'nearest', seed: 1 },
    { size: 5, decimals: 2, rounding: 'nearest', seed: 2 },
    { size: 5, decimals: 9, rounding: 'nearest', seed: 3 },
    { size: 5, decimals: 4, rounding: 'truncate', seed: 4 },
    { size: 7, decimals: 3, rounding: 'nearest', seed: 5 },
    { size: 7, decimals: 9, rounding: 'nearest', seed: 5, range: 0.2 },
  ];

  test.each(quarter(cases))(
    'are 10 times closer than least squares on a grey 481×321 picture: $size×$size taps of $decimals decimals, $rounding',
    async ({ size, decimals, rounding, seed, range = 1 }) => {
      const before = cropped(stored(await photograph('camera.png')).planes, 321, 481);
      const taps = randomTaps(size ** 2, decimals, seed, range);
      const after = responseTo(before, size, taps, rounding);
      const pair = { before: picture(before), after: picture(after) };
      // Truncation is a bias of half a level to least squares.
      const { leastSquares, found } = await fit([pair], { ...grey, bias: rounding === 'truncate' }, size, rounding);
      expect(found.feasible).toBe(true);
      expect(rms(leastSquares, taps) / rms(found.unknowns, taps)).toBeGreaterThan(10);
    },
  );

  test('keep every interval, in Float64 and over all windows', async () => {
    const before = cropped(stored(await photograph('camera.png')).planes, 100, 90);
    const after = responseTo(before, 3, randomTaps(9, 7, 6), 'nearest');
    const { found, slacks } = await fit([{ before: picture(before), after: picture(after) }], grey, 3, 'nearest');
    let least = Infinity;
    for (let i = 0; i < 98; i++) {
      for (let j = 0; j < 88; j++) {
        const line = coefficientsOf(slacks.targets[0], slacks.shape, i, j);
        const level = 255 * line.reduce((sum, c, t) => sum + c * found.unknowns[t], 0);
        const sample = after.data[i * 88 + j];
        if (sample < 255) least = Math.min(least, sample + 0.5 - level);
        if (sample > 0) least = Math.min(least, level - sample + 0.5);
      }
    }
    expect(least).toBeGreaterThan(0);
    expect(found.slack).toBeCloseTo(least, 5);
  });

  test('are found from colour, shared among channels, with an offset, and from 16 bits', async () => {
    const colour = cropped((await readImage(inCheckout('samples/astronaut.png'))).planes, 300, 400);
    const mixing = randomTaps(27, 3, 7, 0.4);
    const mixed = responseTo(colour, 3, mixing, 'nearest');
    const full = { sharing: 'full', inChannels: 3, bias: false } as const;
    const ofColour = await fit([{ before: picture(colour), after: picture(mixed) }], full, 3, 'nearest');
    expect(ofColour.found.feasible).toBe(true);
    expect(rms(ofColour.found.unknowns, mixing)).toBeLessThan(1e-4);

    const taps = randomTaps(9, 4, 8, 0.3);
    const each = [0, 1, 2].map((c) => responseTo(channelOf(colour, c), 3, taps, 'truncate', { offset: 0.1 }));
    const after = createPlanes(3, 298, 398, 255);
    each.forEach((p, c) => after.data.set(p.data, c * p.data.length));
    const ofAll = await fit(
      [{ before: picture(colour), after: picture(after) }],
      { ...grey, bias: true },
      3,
      'truncate',
    );
    expect(ofAll.found.feasible).toBe(true);
    expect(rms(ofAll.found.unknowns, Float64Array.of(...taps, 0.1))).toBeLessThan(1e-4);

    const deep = cropped(stored(await photograph('camera.png')).planes, 150, 200);
    const fine = responseTo(deep, 3, taps, 'nearest', { white: 65535 });
    const ofDeep = await fit([{ before: picture(deep), after: picture(fine, 16) }], grey, 3, 'nearest');
    expect(ofDeep.found.feasible).toBe(true);
    expect(rms(ofDeep.found.unknowns, taps)).toBeLessThan(1e-6);
  });

  test('are the same bytes again', async () => {
    const before = cropped(stored(await photograph('camera.png')).planes, 100, 100);
    const after = responseTo(before, 3, randomTaps(9, 7, 9), 'nearest');
    const pair = { before: picture(before), after: picture(after) };
    const [first, second] = [await fit([pair], grey, 3, 'nearest'), await fit([pair], grey, 3, 'nearest')];
    expect(second.found.unknowns).toEqual(first.found.unknowns);
  });

  test('are none where another rounding made the samples, or no linear filter', async () => {
    const before = cropped(stored(await photograph('camera.png')).planes, 321, 481);
    const truncated = responseTo(before, 3, randomTaps(9, 9, 1), 'truncate');
    const asNearest = await fit([{ before: picture(before), after: picture(truncated) }], grey, 3, 'nearest');
    expect(asNearest.found).toMatchObject({ feasible: false });
    expect(asNearest.found.slack).toBeLessThan(-0.1);

    const curved = { ...before, data: before.data.map((v) => roundSample(255 * (v / 255) ** 0.8, 255)) };
    const ofCurve = await fit([{ before: picture(before), after: picture(curved) }], grey, 3, 'nearest');
    expect(ofCurve.found.feasible).toBe(false);

    const taps = randomTaps(9, 2, 2);
    const spoilt = responseTo(before, 3, taps, 'nearest');
    spoilt.data[12_345] += spoilt.data[12_345] > 100 ? -3 : 3;
    const ofSpoilt = await fit([{ before: picture(before), after: picture(spoilt) }], grey, 3, 'nearest');
    expect(ofSpoilt.found.feasible).toBe(false);
  });

  test('come to an end on flat pictures, and where every sample is clipped', async () => {
    const flat = createPlanes(1, 20, 20, 255);
    flat.data.fill(100);
    const after = cropped(flat, 18, 18);
    const { found } = await fit([{ before: picture(flat), after: picture(after) }], grey, 3, 'nearest');
    expect(found.feasible).toBe(true);
    expect(found.unknowns.reduce((a, b) => a + b)).toBeCloseTo(1, 2);

    const dark = cropped(flat, 18, 18);
    dark.data.fill(0);
    const shape: KernelShape = { ...grey, outChannels: 1, height: 3, width: 3, groups: 1 };
    const targets = targetsOf(examplesOf([{ before: picture(flat), after: picture(dark) }]), shape, 0);
    const slacks = await slacksFrom(targets, shape, new Float64Array(9), 'nearest', pause);
    expect(await feasibleTaps(slacks, { pause })).toMatchObject({ feasible: true, slack: 0.5 });
  });
});
