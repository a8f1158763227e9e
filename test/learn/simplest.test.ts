import { describe, expect, test } from 'vitest';
import { channelOf, createPlanes, type Planes, readImage } from '../../src/index.ts';
import { simplestTaps } from '../../src/learn/feasible/simplestTaps.ts';
import { inCheckout } from '../support/checkout.ts';
import { quarter } from '../support/quarter.ts';
import { cropped, fit, grey, pause, picture, randomTaps, responseTo } from './intervals.ts';
import { photograph, stored } from './support.ts';

const camera = async (height: number, width: number): Promise<Planes> =>
  cropped(stored(await photograph('camera.png')).planes, height, width);

const binomial = Float64Array.of(1, 4, 6, 4, 1);
const times = (a: Float64Array, b: Float64Array): number[] => Array.from(a).flatMap((x) => Array.from(b, (y) => x * y));

describe('the simplest taps', () => {
  test('of samples/pair are 2δ − bbᵀ/256, all 25 of them, truncated', async () => {
    const before = await readImage(inCheckout('samples/pair/before.png'));
    const after = await readImage(inCheckout('samples/pair/after.png'));
    const { slacks, found } = await fit([{ before, after }], { ...grey, bias: true }, 5, 'truncate');
    expect(found.feasible).toBe(true);
    const simplest = await simplestTaps([{ slacks, found }], pause);
    const wanted = times(binomial, binomial).map((v, i) => ((i === 12 ? 512 : 0) - v) / 256);
    expect(simplest).toEqual({ unknowns: [Float64Array.of(...wanted, 0)], denominator: 256 });
  });

  const gaussian = times(binomial, binomial).map((v, i) => v + ((i * 7) % 5));
  const cases = [
    { name: 'whole numbers', taps: [0, -1, 0, -1, 5, -1, 0, -1, 0], denominator: 1 },
    { name: 'decimals', taps: [0.1, -0.25, 0, 0.3, 1.07, -0.5, 0.02, 0.13, 0.03], denominator: 100 },
    { name: 'ninths', taps: Array.from({ length: 9 }, () => 1 / 9), denominator: 9 },
    {
      name: 'shares of a sum',
      taps: gaussian.map((v) => v / gaussian.reduce((a, b) => a + b)),
      denominator: gaussian.reduce((a, b) => a + b),
    },
    { name: 'random ones of 3 decimals', taps: Array.from(randomTaps(25, 3, 11, 0.2)), denominator: 1000 },
    { name: 'random ones of 7×7', taps: Array.from(randomTaps(49, 2, 12, 0.2)), denominator: 100 },
  ];

  test.each(quarter(cases))('are $name, however they are rounded', async ({ taps, denominator }) => {
    const before = await camera(321, 481);
    const size = Math.sqrt(taps.length);
    for (const rounding of ['nearest', 'truncate'] as const) {
      const after = responseTo(before, size, Float64Array.from(taps), rounding);
      const pair = { before: picture(before), after: picture(after) };
      const { slacks, found } = await fit([pair], { ...grey, bias: rounding === 'truncate' }, size, rounding);
      const simplest = await simplestTaps([{ slacks, found }], pause);
      expect(simplest).toMatchObject({ denominator });
      simplest?.unknowns[0].subarray(0, taps.length).forEach((tap, i) => expect(tap).toBeCloseTo(taps[i], 12));
      if (rounding === 'truncate') expect(simplest?.unknowns[0][taps.length]).toBe(0);
    }
  });

  test.each(
    quarter([
      { offset: 0.5, levels: 127.5 },
      { offset: 128 / 255, levels: 128 },
      { offset: 0.07, levels: 17.85 },
      { offset: -0.1, levels: -25.5 },
    ]),
  )('have an offset of $levels levels with whole numbers that are clipped on one side', async ({ offset }) => {
    const before = await camera(321, 481);
    const taps = Float64Array.of(-1, 0, 1, -2, 0, 2, -1, 0, 1);
    const after = responseTo(before, 3, taps, 'nearest', { offset });
    const pair = { before: picture(before), after: picture(after) };
    const { slacks, found } = await fit([pair], { ...grey, bias: true }, 3, 'nearest');
    const simplest = await simplestTaps([{ slacks, found }], pause);
    expect(simplest?.denominator).toBe(1);
    expect(simplest?.unknowns[0].subarray(0, 9)).toEqual(taps);
    // Whole numbers leave any offset open that rounds to the same.
    expect(Math.abs((simplest?.unknowns[0][9] ?? 0) - offset) * 255).toBeLessThanOrEqual(0.5);
    const again = responseTo(before, 3, taps, 'nearest', { offset: simplest?.unknowns[0][9] ?? 0 });
    expect(again.data).toEqual(after.data);
  });

  test('have an offset as it was stated where the taps tell it', async () => {
    const before = await camera(321, 481);
    const taps = Float64Array.of(-0.33, 0.02, 0.31, -0.21, 0.5, 0.24, -0.13, 0, 0.1);
    const after = responseTo(before, 3, taps, 'nearest', { offset: 0.25 });
    const { slacks, found } = await fit(
      [{ before: picture(before), after: picture(after) }],
      { ...grey, bias: true },
      3,
      'nearest',
    );
    const simplest = await simplestTaps([{ slacks, found }], pause);
    expect(simplest?.unknowns[0][9]).toBe(0.25);
  });

  test('of several output channels are over one denominator', async () => {
    const before = cropped((await readImage(inCheckout('samples/astronaut.png'))).planes, 200, 300);
    const shape = { sharing: 'full', inChannels: 3, bias: false } as const;
    const outputs = [];
    const wanted = [randomTaps(27, 1, 21, 0.4), randomTaps(27, 2, 22, 0.4)];
    for (const taps of wanted) {
      const after = responseTo(before, 3, taps, 'nearest');
      outputs.push(await fit([{ before: picture(before), after: picture(after) }], shape, 3, 'nearest'));
    }
    const simplest = await simplestTaps(outputs, pause);
    expect(simplest).toEqual({ unknowns: wanted, denominator: 100 });
  });

  test.each([
    { height: 200, width: 200, decimals: 3, denominator: 1000 },
    { height: 512, width: 512, decimals: 4, denominator: 10_000 },
    { height: 512, width: 512, decimals: 9, denominator: undefined },
    { height: 321, width: 481, decimals: 12, denominator: undefined },
    { height: 100, width: 100, decimals: 9, denominator: undefined },
    { height: 60, width: 60, decimals: 9, denominator: undefined },
    { height: 16, width: 16, decimals: 2, denominator: undefined },
  ])('are none but what the pictures can tell: $decimals decimals from $height×$width', async (given) => {
    const before = await camera(given.height, given.width);
    const taps = randomTaps(9, given.decimals, 31);
    const after = responseTo(before, 3, taps, 'nearest');
    const output = await fit([{ before: picture(before), after: picture(after) }], grey, 3, 'nearest');
    const simplest = await simplestTaps([output], pause);
    expect(simplest).toEqual(given.denominator && { unknowns: [taps], denominator: given.denominator });
  });
});

test('channels of one picture are told apart', async () => {
  const colour = cropped((await readImage(inCheckout('samples/astronaut.png'))).planes, 100, 100);
  const after = createPlanes(3, 98, 98, 255);
  const taps = Float64Array.of(0, 0.25, 0, 0.25, 0, 0.25, 0, 0.25, 0);
  for (let c = 0; c < 3; c++) after.data.set(responseTo(channelOf(colour, c), 3, taps, 'nearest').data, c * 98 * 98);
  const output = await fit([{ before: picture(colour), after: picture(after) }], grey, 3, 'nearest');
  expect(await simplestTaps([output], pause)).toEqual({ unknowns: [taps], denominator: 4 });
});
