import { beforeAll, describe, expect, test } from 'vitest';
import { filterPicture, kernel, learnKernel, namedKernel, type Picture, readImage } from '../../src/index.ts';
import { knownWeights } from '../../src/learn/solve/knownWeights.ts';
import { cutPlanes } from '../../src/planes/cut.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { decodeSrgb, encodeSrgb } from '../../src/planes/srgb.ts';
import { inCheckout } from '../support/checkout.ts';
import { stored } from './support.ts';

type Weights = readonly [number, number, number];

let cat: Picture;
let rocket: Picture;

beforeAll(async () => {
  const part = async (name: string): Promise<Picture> => {
    const { planes } = await readImage(inCheckout('samples', name));
    return stored(cutPlanes(planes, 40, 60, 150, 190));
  };
  [cat, rocket] = await Promise.all([part('chelsea.png'), part('astronaut.png')]);
});

/** One grey sample for each of red, green and blue, as a program computes it. */
function greyOf({ planes }: Picture, of: (red: number, green: number, blue: number) => number): Planes {
  const { height, width, white, data } = planes;
  const grey = createPlanes(1, height, width, white);
  const size = height * width;
  for (let i = 0; i < size; i++) grey.data[i] = of(data[i], data[size + i], data[2 * size + i]);
  return grey;
}

const weighted =
  ([r, g, b]: Weights, round: (value: number) => number) =>
  (red: number, green: number, blue: number) =>
    round(r * red + g * green + b * blue);

describe('a grey picture of a colour one', () => {
  test.for([
    ['Pillow', (r: number, g: number, b: number) => (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16, 601, 'nearest'],
    ['OpenCV', (r: number, g: number, b: number) => (9798 * r + 19235 * g + 3735 * b + 0x4000) >> 15, 601],
    ['Rec. 709', weighted([0.2126, 0.7152, 0.0722], Math.round), 709],
    ['a mean that is cut', (r: number, g: number, b: number) => Math.floor((r + g + b) / 3), 'mean'],
  ] as const)('by %s is one tap for each channel, with its name', async ([, of, name]) => {
    for (const before of [cat, rocket]) {
      const { kernel: k, report } = await learnKernel([{ before, after: stored(greyOf(before, of)) }]);
      expect([k.outChannels, k.inChannels, k.height, k.width]).toEqual([1, 3, 1, 1]);
      expect(report.known?.text).toMatch(name === 'mean' ? /^mean of the channels: / : `luma of Rec. ${name}`);
      expect(report.certificate).toMatchObject({ reproduced: report.certificate?.samples });
      expect(report.program.borders).toBeUndefined();
    }
  });

  test('of linear light is found as such', async () => {
    const light = decodeSrgb(cat.planes);
    const grey = filterPicture({ ...cat, planes: light, depth: 32 }, kernel([[[0.2126]], [[0.7152]], [[0.0722]]]));
    const { kernel: k, report } = await learnKernel([{ before: cat, after: stored(encodeSrgb(grey.planes)) }]);
    expect([k.inChannels, k.height, k.width]).toEqual([3, 1, 1]);
    expect(report.program.light).toBe('linear');
    expect(report.known?.text).toBe('luma of Rec. 709: 0.2126 red + 0.7152 green + 0.0722 blue');
  });

  test('of weights that nobody named has no name but its numbers', async () => {
    const own = greyOf(cat, weighted([2 / 7, 3 / 7, 2 / 7], Math.round));
    const { kernel: k, report } = await learnKernel([{ before: cat, after: stored(own) }]);
    expect([...k.weights]).toEqual([2 / 7, 3 / 7, 2 / 7].map(Math.fround));
    expect(report.known?.text).toBe('mixture of channels: 2/7 red + 3/7 green + 2/7 blue');
  });

  test('that was blurred is no mixture', async () => {
    const grey = greyOf(cat, weighted([0.299, 0.587, 0.114], Math.round));
    const { planes } = filterPicture(stored(grey), namedKernel('box:3'));
    const { kernel: k } = await learnKernel([{ before: cat, after: stored(planes) }]);
    expect([k.height, k.width]).toEqual([3, 3]);
  });
});

test('colours that are not mixed share a tap', async () => {
  const after = filterPicture(cat, kernel([[0.5]])).planes;
  const { report } = await learnKernel([{ before: cat, after: stored(after) }]);
  expect(report).toMatchObject({ channels: 'shared', size: [1, 1] });
});

test('weights are known of three channels and one tap alone, the standard first', () => {
  const shape = {
    sharing: 'full',
    outChannels: 1,
    inChannels: 3,
    height: 1,
    width: 1,
    groups: 1,
    bias: true,
  } as const;
  const estimate = [Float64Array.of(0.3, 0.586, 0.115, 0.01)];
  expect([...knownWeights(estimate, shape)[0][0]]).toEqual([0.299, 0.587, 0.114, 0.01]);
  expect(knownWeights([Float64Array.of(0.5, 0.2, 0.3, 0)], shape)).toEqual([]);
  expect(knownWeights(estimate, { ...shape, height: 3 })).toEqual([]);
});
