import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  channelOf,
  Conv2d,
  convolve2d,
  corr1d,
  corr2d,
  corr3d,
  denseEquivalent,
  detectEdges,
  kernel,
  learnKernel,
  luma,
  outputShape,
  type Planes,
  planes,
  ReLU,
  readImage,
  receptiveField,
  repeatKernel,
  rotateKernel,
  Sequential,
  toNested,
  toUnit,
  transposeKernel,
  transposePlanes,
  volume,
} from '../src/index.ts';
import { inCheckout } from './support/checkout.ts';
import fc from './support/fc.ts';

/*
 * The textbook chapter "from fully connected layers to convolutions", in its order: one test a worked example, on its own
 * numbers and, where it makes sense, on a photograph.
 */

const photograph = async (name: string): Promise<Planes> => luma((await readImage(inCheckout('samples', name))).planes);

/** 0, 1, 2, … as nested arrays of the given shape. */
function arange(channels: number, rows: number, columns: number): number[][][] {
  const list = <T>(n: number, item: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => item(i));
  return list(channels, (c) => list(rows, (y) => list(columns, (x) => (c * rows + y) * columns + x)));
}

const X = planes(arange(1, 3, 3));
const K = kernel(arange(1, 2, 2));
/** Six rows of eight: white, with four black columns in the middle. */
const bars = planes(Array.from({ length: 6 }, () => [1, 1, 0, 0, 0, 0, 1, 1]));
const difference = kernel([[1, -1]]);

describe('image convolution', () => {
  test('1 · cross-correlation: the window slides over the picture, products are summed', () => {
    expect(toNested(corr2d(X, K))).toEqual([
      [
        [19, 25],
        [37, 43],
      ],
    ]);
  });

  test('2 · output size: n − k + 1, with padding n − k + p + 1, with stride ⌊(n − k + p + s) / s⌋', () => {
    fc.assert(
      fc.property(
        fc.record({
          n: fc.integer({ min: 1, max: 40 }),
          k: fc.integer({ min: 1, max: 9 }),
          before: fc.nat(5),
          after: fc.nat(5),
          s: fc.integer({ min: 1, max: 5 }),
        }),
        ({ n, k, before, after, s }) => {
          fc.pre(k <= n);
          const p = before + after;
          const padding = { top: before, bottom: after, left: after, right: before };
          const size = (options: object): number[] => {
            const { height, width } = outputShape({ height: n, width: n }, { height: k, width: k }, options);
            return [height, width];
          };
          expect(size({})).toEqual([n - k + 1, n - k + 1]);
          expect(size({ padding })).toEqual([n - k + p + 1, n - k + p + 1]);
          const strided = Math.floor((n - k + p + s) / s);
          expect(size({ padding, stride: s })).toEqual([strided, strided]);
        },
      ),
    );
  });

  test('3 · the layer: correlation and one bias, added everywhere; weights at random, bias 0', () => {
    const layer = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 2, seed: 1 });
    expect(layer.kernel.weights.every((w) => w !== 0 && Math.abs(w) <= 1 / Math.sqrt(4))).toBe(true);
    expect([...layer.kernel.bias]).toEqual([0]);
    expect(toNested(layer.forward(X))).toEqual(toNested(corr2d(X, layer.kernel)));
    const biased = Conv2d({
      inChannels: 1,
      outChannels: 1,
      kernelSize: 2,
      kernel: kernel(arange(1, 2, 2), { bias: 0.5 }),
    });
    expect(toNested(biased.forward(X))).toEqual([
      [
        [19.5, 25.5],
        [37.5, 43.5],
      ],
    ]);
  });

  test('4 · an edge detector: [1, −1] answers 1 from white to black and −1 from black to white', () => {
    expect(toNested(corr2d(bars, difference))).toEqual([Array.from({ length: 6 }, () => [0, 1, 0, 0, 0, -1, 0])]);
  });

  test('5 · it does not see the edges of the transposed picture; its transpose does', () => {
    const lying = transposePlanes(bars);
    expect(toNested(corr2d(lying, difference))).toEqual([Array.from({ length: 8 }, () => [0, 0, 0, 0, 0])]);
    const standing = transposeKernel(difference);
    expect(toNested(corr2d(lying, standing))).toEqual(toNested(transposePlanes(corr2d(bars, difference))));
  });

  test('5 · on a photograph: transposed picture and transposed kernel give the transposed edges', async () => {
    const photo = await photograph('camera.png');
    const turned = corr2d(transposePlanes(photo), transposeKernel(difference));
    expect(turned.data).toEqual(transposePlanes(corr2d(photo, difference)).data);
    // Half of a photograph's edges lie the other way: what the kernel misses is not little.
    const energy = (p: Planes): number => p.data.reduce((sum, v) => sum + v * v, 0);
    expect(energy(corr2d(photo, transposeKernel(difference))) / energy(corr2d(photo, difference))).toBeGreaterThan(0.5);
  });
});

describe('learning a kernel', () => {
  const pair = { before: bars, after: corr2d(bars, difference) };
  const asTheBook = {
    size: [1, 2] as const,
    method: 'gradient-descent',
    optimizer: 'sgd',
    learningRate: 0.03,
    reduction: 'sum',
    epochs: 10,
  } as const;

  test.each([
    ['000', [0.48339, -0.59773], [1.163, 0.225, 0.05, 0.014, 0.004], [0.9886, -1.0008]],
    ['001', [-0.6073, -0.01645], [11.983, 2.914, 0.859, 0.296, 0.112], undefined],
    ['004', [-0.3967, 0.4442], [9.939, 1.673, 0.283, 0.048, 0.008], [0.9862, -0.9811]],
  ])('6 · the transcript of notes %s, to the three decimals it prints', async (_, start, losses, end) => {
    const { kernel: learned, history } = await learnKernel([pair], { ...asTheBook, initial: kernel([start]) });
    expect(history).toHaveLength(10);
    expect([1, 3, 5, 7, 9].map((epoch) => history[epoch].toFixed(3))).toEqual(losses.map((loss) => loss.toFixed(3)));
    if (end !== undefined) expect([...learned.weights].map((w) => w.toFixed(4))).toEqual(end.map((w) => w.toFixed(4)));
  });

  test('6 · from any start the book’s ten epochs come near [1, −1], and a hundred reach it', async () => {
    for (const seed of [1, 2, 3]) {
      const ten = await learnKernel([pair], { ...asTheBook, seed });
      expect(ten.history[9]).toBeLessThan(ten.history[0] / 20);
      const hundred = await learnKernel([pair], { ...asTheBook, seed, epochs: 100 });
      expect(hundred.kernel.weights[0]).toBeCloseTo(1, 5);
      expect(hundred.kernel.weights[1]).toBeCloseTo(-1, 5);
    }
  });

  test('6 · on a photograph: the kernel learned from a picture and its differences is [1, −1]', async () => {
    const before = await photograph('camera.png');
    const { kernel: learned } = await learnKernel([{ before, after: corr2d(before, difference) }], {
      size: [1, 2],
      method: 'gradient-descent',
      seed: 7,
    });
    expect(learned.weights[0]).toBeCloseTo(1, 2);
    expect(learned.weights[1]).toBeCloseTo(-1, 2);
  });

  test('7 · strict convolution is correlation with the kernel rotated; a strict layer learns the rotated kernel', async () => {
    expect(toNested(convolve2d(X, K))).toEqual(
      toNested(
        corr2d(
          X,
          kernel([
            [3, 2],
            [1, 0],
          ]),
        ),
      ),
    );
    const strict = Conv2d({
      inChannels: 1,
      outChannels: 1,
      kernelSize: [1, 2],
      bias: false,
      strict: true,
      kernel: kernel([[-1, 1]]),
    });
    const plain = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: [1, 2], bias: false, kernel: difference });
    expect(toNested(strict.forward(bars))).toEqual(toNested(plain.forward(bars)));
    // One step of descent from rotated starts leaves rotated kernels.
    const gradient = corr2d(bars, kernel([[0.5, 0.25]]));
    plain.backward(gradient);
    strict.backward(gradient);
    const [plainSlope] = plain.parameters;
    const [strictSlope] = strict.parameters;
    expect([...strictSlope.gradient].reverse()).toEqual([...plainSlope.gradient]);
  });

  test('8 · the definitions of f ∗ g: one dimension and two', () => {
    const f = [1, 2, 3];
    const g = [0, 1, 0.5];
    const sum = (i: number): number => f.reduce((total, value, a) => total + value * (g[i - a] ?? 0), 0);
    expect([...corr1d(f, [...g].reverse(), { padding: 'full' })]).toEqual([0, 1, 2, 3, 4].map(sum));
    expect(toNested(convolve2d(planes([f]), kernel([g]), { padding: 'full' }))).toEqual([[[0, 1, 2, 3, 4].map(sum)]]);
    expect(rotateKernel(rotateKernel(K)).weights).toEqual(K.weights);
  });

  test('9 · receptive field: 2×2 after 2×2 sees 3×3, and deeper sees more', () => {
    const layer = () => Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 2 });
    expect(receptiveField([layer()]).size).toEqual([2, 2]);
    expect(receptiveField([layer(), layer()]).size).toEqual([3, 3]);
    expect(receptiveField([layer(), layer(), layer()]).size).toEqual([4, 4]);
    expect(receptiveField([layer(), layer()]).size).toEqual([X.height, X.width]);
  });
});

describe('padding and stride', () => {
  test('10 · 8×8 stays 8×8: a 3×3 kernel with padding 1, a 5×3 kernel with padding (2, 1)', () => {
    const input = { channels: 1, height: 8, width: 8 };
    expect(outputShape(input, { height: 3, width: 3 }, { padding: 1 })).toMatchObject({ height: 8, width: 8 });
    expect(outputShape(input, { height: 5, width: 3 }, { padding: [2, 1] })).toMatchObject({ height: 8, width: 8 });
    const layer = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: [5, 3], padding: [2, 1], seed: 3 });
    const y = layer.forward(planes(Array.from({ length: 8 }, () => Array(8).fill(1))));
    expect([y.height, y.width]).toEqual([8, 8]);
  });

  test('10 · with odd sizes and `same` padding Y[i, j] is centred on X[i, j]; an odd rest goes on top and on the left', () => {
    const impulse = planes(
      Array.from({ length: 5 }, (_, y) => Array.from({ length: 5 }, (__, x) => Number(y === 2 && x === 2))),
    );
    const centred = corr2d(
      impulse,
      kernel([
        [0, 0, 0],
        [0, 1, 0],
        [0, 0, 0],
      ]),
      { padding: 'same' },
    );
    expect(toNested(centred)).toEqual(toNested(impulse));
    expect(
      toNested(
        corr2d(
          planes([[5]]),
          kernel([
            [1, 2],
            [3, 4],
          ]),
          { padding: 'same' },
        ),
      ),
    ).toEqual([[[20]]]);
  });
});

describe('channels', () => {
  const X3 = planes(arange(3, 3, 3));
  const K3 = arange(3, 2, 2);

  test('11 · several input channels: each is correlated with its own kernel, the results are summed', () => {
    const each = K3.map((rows, c) => toNested(corr2d(channelOf(X3, c), kernel(rows)))[0]);
    expect(each).toEqual([
      [
        [19, 25],
        [37, 43],
      ],
      [
        [249, 271],
        [315, 337],
      ],
      [
        [767, 805],
        [881, 919],
      ],
    ]);
    expect(toNested(corr2d(X3, kernel(K3)))).toEqual([
      [
        [1035, 1101],
        [1233, 1299],
      ],
    ]);
  });

  test('12 · several output channels: n three-dimensional kernels give n planes', async () => {
    const several = [
      K3,
      K3.map((rows) => rows.map((row) => row.map((tap) => tap + 1))),
      K3.map(() => [
        [0, 0],
        [0, 1],
      ]),
    ];
    const y = corr2d(X3, kernel(several));
    expect(toNested(y)).toEqual(several.map((k) => toNested(corr2d(X3, kernel(k)))[0]));
    const photo = (await readImage(inCheckout('samples', 'chelsea.png'))).planes;
    const maps = corr2d(photo, kernel(several), { padding: 'same' });
    expect([maps.channels, maps.height, maps.width]).toEqual([3, 300, 451]);
  });

  test('13 · one dimension and three', () => {
    expect([...corr1d([0, 1, 2, 3, 4, 5, 6], [1, 2])]).toEqual([2, 5, 8, 11, 14, 17]);
    const cube = volume(arange(3, 3, 3));
    const y = corr3d(cube, volume(arange(2, 2, 2)));
    // The first of eight sums: the 2×2×2 corner 0 1 3 4 9 10 12 13 under the taps 0 … 7.
    expect([y.depth, y.height, y.width]).toEqual([2, 2, 2]);
    expect(y.data[0]).toBe(0 * 0 + 1 * 1 + 3 * 2 + 4 * 3 + 9 * 4 + 10 * 5 + 12 * 6 + 13 * 7);
  });
});

describe('from fully connected layers to convolutions', () => {
  test('14 · a convolution is a fully connected layer with shared weights and a window', () => {
    const input = { channels: 1, height: 8, width: 8 };
    for (const [padding, outputs] of [
      ['valid', 36],
      ['same', 64],
    ] as const) {
      const layer = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 3, padding, bias: false, seed: 5 });
      const dense = denseEquivalent(layer, input);
      expect([dense.weights.shared, dense.weights.dense]).toEqual([9, outputs * 64]);
      const x = planes(arange(1, 8, 8), 64);
      const [convolved, multiplied] = [layer.forward(x), dense.apply(x)];
      for (let i = 0; i < outputs; i++) expect(multiplied.data[i]).toBeCloseTo(convolved.data[i], 4);
    }
  });

  test('14 · 36 million inputs to 100 hidden units are 3.6 billion weights, 14 GB', () => {
    const weights = 36e6 * 100;
    expect(weights).toBe(3.6e9);
    expect(Math.round((weights * Float32Array.BYTES_PER_ELEMENT) / 1e9)).toBe(14);
  });

  test('15 · translation: the picture shifted, the edges shift; locality: what the window does not see changes nothing', async () => {
    const photo = await photograph('rocket.jpg');
    const shifted: Planes = { ...photo, data: Float32Array.from(photo.data, (_, i) => photo.data[i - 3] ?? 0) };
    const [before, after] = [photo, shifted].map((x) =>
      corr2d(
        x,
        kernel([
          [1, 2],
          [3, 4],
        ]),
      ),
    );
    for (let y = 0; y < before.height; y += 17) {
      for (let x = 3; x < before.width; x += 13) {
        expect(after.data[y * after.width + x]).toBe(before.data[y * before.width + x - 3]);
      }
    }
    const touched: Planes = { ...photo, data: photo.data.slice() };
    touched.data[100 * photo.width + 200] += 50;
    const edges = (x: Planes): Planes => detectEdges(x).map;
    const [a, b] = [edges(photo), edges(touched)];
    const changed = a.data.reduce((list, value, i) => (value === b.data[i] ? list : [...list, i]), [] as number[]);
    expect(changed.length).toBeGreaterThan(0);
    for (const i of changed) {
      expect(Math.abs(Math.floor(i / photo.width) - 100)).toBeLessThanOrEqual(1);
      expect(Math.abs((i % photo.width) - 200)).toBeLessThanOrEqual(1);
    }
  });

  test('16 · layers in sequence: a layer’s feature maps are the next one’s input channels', async () => {
    const photo = toUnit((await readImage(join(inCheckout('samples'), 'chelsea.png'))).planes);
    const first = Conv2d({ inChannels: 3, outChannels: 4, kernelSize: 3, padding: 'same', seed: 1 });
    const second = Conv2d({ inChannels: 4, outChannels: 2, kernelSize: 3, padding: 'same', seed: 2 });
    const y = Sequential([first, ReLU(), second]).forward(photo);
    expect([y.channels, y.height, y.width]).toEqual([2, 300, 451]);
    const relu = corr2d(photo, first.kernel, { padding: 'same' });
    for (let i = 0; i < relu.data.length; i++) relu.data[i] = Math.max(0, relu.data[i]);
    expect(y.data).toEqual(corr2d(relu, second.kernel, { padding: 'same' }).data);
    expect(repeatKernel(difference, 4).groups).toBe(4);
  });
});
