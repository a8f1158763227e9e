import { expect, test } from 'vitest';
import { createPlanes, detectEdges, type Kernel, kernel, type Planes } from '../../src/core.ts';
import {
  Abs,
  AveragePool2d,
  Concatenate,
  Conv2d,
  type Layer,
  Magnitude,
  ReLU,
  ResidualBlock,
  Sequential,
  Sigmoid,
  Square,
  Sum,
  Upsample2d,
} from '../../src/layers.ts';
import { applyModel } from '../../src/layers/applyModel.ts';
import { modelRows, stripsOfModel } from '../../src/layers/modelRows.ts';
import { placeRows, rowsOfPlanes } from '../../src/planes/pictureRows.ts';
import { anyBorder } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';
import { edgesOfSamples } from '../support/ofSamples.ts';
import { quarter } from '../support/quarter.ts';
import { seeded } from '../support/seeded.ts';

function noise(channels: number, height: number, width: number, seed: number, white: number): Planes {
  const random = seeded(seed);
  const x = createPlanes(channels, height, width, white);
  return { ...x, data: x.data.map(() => Math.fround(random() * white)) };
}

const conv = (inChannels: number, outChannels: number, more: Partial<Parameters<typeof Conv2d>[0]> = {}): Layer =>
  Conv2d({ inChannels, outChannels, kernelSize: 3, padding: 1, seed: 7, ...more });

/** Stacks of every kind of layer, and channels that they take. */
const STACKS: Readonly<Record<string, readonly [channels: number, make: () => Layer]>> = {
  'gradients and their length': [1, () => Sequential(conv(1, 2, { padding: 'valid' }), Magnitude())],
  'channels by themselves': [
    3,
    () => Sequential(conv(1, 3, { padding: 'valid', kernelSize: [2, 5] }), ReLU(), conv(3, 1)),
  ],
  'borders of their own': [
    2,
    () =>
      Sequential(
        conv(2, 3, { border: 'symmetric', padding: 2, kernelSize: 5, dilation: 1 }),
        Sigmoid(),
        conv(3, 1, { dilation: 2, padding: [9, 4], border: 'reflect101' }),
      ),
  ],
  strides: [1, () => Sequential(conv(1, 2, { stride: 2 }), Abs(), conv(2, 1, { stride: [3, 1], padding: 1 }))],
  'a net of levels': [
    2,
    () =>
      Sequential(
        conv(2, 3),
        Concatenate(
          [],
          [AveragePool2d(), conv(3, 4), Concatenate([], [AveragePool2d(), conv(4, 2), Upsample2d()]), Upsample2d()],
        ),
        conv(9, 1),
        Sigmoid(),
      ),
  ],
  'thirds, and blocks that add up': [
    1,
    () =>
      Sequential(
        ResidualBlock(conv(1, 1), Square()),
        Sum([], [AveragePool2d({ size: 3 }), conv(1, 1), Upsample2d({ factor: 3 })]),
      ),
  ],
  'larger than the picture': [1, () => Sequential(conv(1, 1, { padding: 'full' }), Upsample2d())],
  'half the size': [1, () => Sequential(AveragePool2d(), conv(1, 1, { padding: 'valid' }))],
};

test.each(quarter(Object.entries(STACKS)))(
  'strips of a picture give the bytes of the whole: %s',
  (_, [channels, make]) => {
    let cut = 0;
    fc.assert(
      fc.property(
        fc.record({
          height: fc.integer({ min: 12, max: 320 }),
          width: fc.integer({ min: 9, max: 40 }),
          white: fc.constantFrom(1, 255),
          border: anyBorder,
          seed: fc.nat(1000),
        }),
        ({ height, width, white, border, seed }) => {
          const x = noise(channels, height, width, seed, white);
          const wanted = applyModel(make(), x, border);
          expect(stripsOfModel(make(), x).isWhole).toBe(true);
          const found = modelRows(make(), rowsOfPlanes(x), border, 0);
          const whole = createPlanes(found.channels, found.height, found.width, found.white);
          whole.data.fill(Number.NaN);
          let strips = 0;
          found.eachRows((rows, from) => {
            placeRows(rows, from, whole);
            strips++;
          });
          if (strips > 1) cut++;
          expect([whole.channels, whole.height, whole.width]).toEqual([wanted.channels, wanted.height, wanted.width]);
          expect(whole.data).toEqual(wanted.data);
        },
      ),
      { numRuns: 40, seed: 14 },
    );
    expect(cut).toBeGreaterThan(10);
  },
);

test('a layer that goes round the picture sees all of it', () => {
  const round = (): Layer => Sequential(ReLU(), conv(1, 1, { border: 'wrap' }));
  const x = noise(1, 90, 20, 3, 255);
  expect(stripsOfModel(round(), x, 0).isWhole).toBe(true);
  expect(stripsOfModel(Sequential(conv(1, 1, { border: 'symmetric' })), x, 0).isWhole).toBe(false);
});

const sobel = (turned: boolean): Kernel => {
  const taps = [
    [1, 2, 1],
    [0, 0, 0],
    [-1, -2, -1],
  ];
  return kernel(turned ? taps[0].map((__, j) => taps.map((row) => row[j])) : taps);
};

test(
  'edges of stored samples by layers are those of their planes, and take no planes of the picture',
  { tags: ['slow'] },
  () => {
    const [height, width] = [1800, 3200];
    const taps = [sobel(false), sobel(true)];
    const k = {
      ...taps[0],
      outChannels: 2,
      weights: Float32Array.of(...taps[0].weights, ...taps[1].weights),
      bias: new Float32Array(2),
    };
    const model = (): Layer =>
      Sequential(Conv2d({ inChannels: 1, outChannels: 2, kernelSize: 3, kernel: k }), Magnitude());
    const samples = Uint8Array.from({ length: height * width }, (_, i) => (i * i * 7919) % 251);
    const picture = { samples, height, width, stride: 1, channels: 1, white: 255 };
    expect(stripsOfModel(model(), picture).isWhole).toBe(false);
    const planes = { ...createPlanes(1, height, width, 255), data: Float32Array.from(samples) };
    for (const threshold of [undefined, 0.5, 'otsu'] as const) {
      const options = { operator: model(), ...(threshold === undefined ? {} : { threshold }) };
      const wanted = detectEdges(planes, options);
      const { map, thresholds } = edgesOfSamples(picture, options);
      expect(thresholds).toEqual(wanted.thresholds);
      const stored = wanted.map.data.map((value) => Math.min(255, Math.max(0, roundedEven(value))));
      expect(map.samples.findIndex((sample, i) => sample !== stored[i])).toBe(-1);
    }
  },
);

function roundedEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
