import { describe, expect, test } from 'vitest';
import { rotateKernel } from '../../src/kernels/algebra.ts';
import { type Kernel, kernel } from '../../src/kernels/kernel.ts';
import { Conv2d, type Conv2dOptions } from '../../src/layers/conv2d.ts';
import { denseEquivalent } from '../../src/layers/denseEquivalent.ts';
import { zeroGradients } from '../../src/layers/layer.ts';
import { BORDER_NAMES, type Border } from '../../src/planes/border.ts';
import { ExpectationError } from '../../src/planes/expected.ts';
import { createPlanes, type Planes, planes, toNested } from '../../src/planes/planes.ts';
import { anyCall } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';
import { centralDifference, gradientsOf, product, scatter, scattered } from '../support/layerChecks.ts';
import { naiveCorrelation } from '../support/naiveCorrelation.ts';

type Settings = Partial<Conv2dOptions>;

const plain = (options: Settings = {}): Conv2dOptions => ({
  inChannels: 1,
  outChannels: 1,
  kernelSize: 2,
  ...options,
});

/** The layer that starts from a kernel of whole numbers. */
function wholeLayer(options: Settings, salt = 5): Conv2d {
  const layer = Conv2d(plain(options));
  for (const { values } of layer.parameters) scatter(values, salt++, 9);
  return layer;
}

/** What the layer must give, by the formula alone. */
function naiveForward(x: Planes, k: Kernel, { strict = false, ...options }: Settings): Planes {
  if (!strict) return naiveCorrelation(x, k, options);
  const weights = k.weights.map((_, i) => {
    const [stack, at] = [Math.floor(i / (k.height * k.width)), i % (k.height * k.width)];
    return k.weights[stack * k.height * k.width + k.height * k.width - 1 - at];
  });
  return naiveCorrelation(x, { ...k, weights }, options);
}

describe('forward', () => {
  test('is the correlation, for all options', () => {
    fc.assert(
      fc.property(anyCall, fc.boolean(), ({ x, k, options }, strict) => {
        const layer = fromKernel(k, { ...options, strict });
        expect(layer.forward(x)).toEqual(naiveForward(x, k, { ...options, strict }));
      }),
    );
  });

  test('adds bias·white', () => {
    const layer = Conv2d(plain({ kernelSize: 1, kernel: kernel([[2]], { bias: 0.5 }) }));
    expect(layer.forward(planes([[1, 2]], 255))).toEqual(planes([[129.5, 131.5]], 255));
  });
});

describe('backward is the slope of forward', () => {
  test('for all options, at some samples and taps', () => {
    fc.assert(
      fc.property(anyCall, fc.boolean(), fc.nat(), ({ x, k, options }, strict, salt) => {
        const layer = fromKernel(k, { ...options, strict });
        const y = layer.forward(x);
        const g = scattered(y.channels, y.height, y.width, salt, 3);
        const slopes = layer.backward(g);
        const loss = (): number => product(naiveForward(x, layer.kernel, { ...options, strict }), g);
        for (const [values, gradient] of [
          [x.data, slopes.data],
          ...layer.parameters.map((parameter) => [parameter.values, parameter.gradient]),
        ]) {
          for (const place of [salt, salt + 3, 0]) {
            const i = place % values.length;
            // Linear in each: a difference of whole steps is the slope itself.
            expect(centralDifference(values, i, 1, loss) - gradient[i]).toBe(0);
          }
        }
      }),
    );
  });

  const borders: Border[] = [...BORDER_NAMES, { constant: 3 }];
  const uneven = { top: 1, right: 4, bottom: 0, left: 2 };
  test.each<[string, Settings]>([
    ...borders.map((border): [string, Settings] => [
      JSON.stringify(border),
      { border, padding: uneven, kernelSize: 3 },
    ]),
    ...borders.map((border): [string, Settings] => [
      `${JSON.stringify(border)}, padding beyond the picture`,
      { border, padding: [9, 8], kernelSize: [2, 3], stride: 2 },
    ]),
    ['two groups', { groups: 2, inChannels: 4, outChannels: 6 }],
    ['each channel by itself', { groups: 3, inChannels: 3, outChannels: 3, kernelSize: 3, padding: 'same' }],
    ['dilation', { dilation: [2, 1], kernelSize: 3, padding: 'full' }],
    ['a stride that does not divide', { stride: [3, 2], kernelSize: 2 }],
    ['a stride beyond the kernel', { stride: 4, kernelSize: 1 }],
    ['a stride beyond the picture', { stride: 40, kernelSize: [1, 2] }],
    ['even, same', { kernelSize: [2, 4], padding: 'same', border: 'reflect101' }],
    ['even, same-upper', { kernelSize: [4, 2], padding: 'same-upper', border: 'symmetric' }],
    ['strict', { strict: true, kernelSize: [2, 3], inChannels: 2, outChannels: 2 }],
    [
      'strict, all at once',
      {
        strict: true,
        kernelSize: [2, 3],
        inChannels: 2,
        outChannels: 4,
        groups: 2,
        stride: [2, 3],
        dilation: [2, 1],
        padding: uneven,
        border: 'wrap',
      },
    ],
    ['a kernel of the picture', { kernelSize: [5, 7] }],
    ['a kernel of more taps than are looped over', { kernelSize: [8, 7], padding: 'full', border: 'wrap' }],
    [
      'the same in groups, strict, with stride and dilation',
      {
        kernelSize: [7, 8],
        padding: [9, 10],
        inChannels: 2,
        outChannels: 4,
        groups: 2,
        stride: [2, 3],
        dilation: [1, 2],
        strict: true,
      },
    ],
    ['no bias', { bias: false }],
  ])('%s, at every sample and tap', (_, options) => {
    const layer = wholeLayer(options);
    const x = scattered(options.inChannels ?? 1, 5, 7, 1);
    const y = layer.forward(x);
    const g = scattered(y.channels, y.height, y.width, 2, 3);
    const slopes = layer.backward(g);
    const loss = (): number => product(naiveForward(x, layer.kernel, options), g);
    const along = (values: Float32Array): Float32Array =>
      Float32Array.from(values, (_value, i) => centralDifference(values, i, 1, loss));
    expect(slopes.data).toEqual(along(x.data));
    expect([slopes.channels, slopes.height, slopes.width]).toEqual([x.channels, x.height, x.width]);
    expect(layer.parameters).toHaveLength(options.bias === false ? 1 : 2);
    for (const { values, gradient } of layer.parameters) expect(gradient).toEqual(along(values));
  });

  test('in units of white: a bias of 1 adds white to every sample', () => {
    const layer = Conv2d(plain({ padding: 'full', border: { constant: 0.5 } }));
    layer.forward(planes([[1, 2]], 255));
    layer.backward(
      planes([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expect(layer.parameters[1].gradient).toEqual(Float32Array.of(21 * 255));
    // The constant stands for 127.5 above, below and on both sides of the two samples.
    expect(layer.parameters[0].gradient[3]).toBe(1 * 1 + 2 * 2 + 127.5 * (3 + 4 + 5 + 6));
  });
});

describe('gradients', () => {
  test('are added up until they are set to zero', () => {
    const layer = wholeLayer({ kernelSize: 3, inChannels: 2, outChannels: 2 });
    const x = scattered(2, 6, 6, 1);
    const g = scattered(2, 4, 4, 2);
    layer.forward(x);
    layer.backward(g);
    const once = gradientsOf(layer);
    layer.forward(x);
    layer.backward(g);
    expect(gradientsOf(layer)).toEqual(once.map((gradient) => gradient.map((slope) => 2 * slope)));
    zeroGradients(layer);
    expect(gradientsOf(layer)).toEqual(once.map((gradient) => gradient.map(() => 0)));
  });

  test('do not lose digits as the picture grows', () => {
    const size = 600;
    const x = createPlanes(1, size, size);
    for (let i = 0; i < x.data.length; i++) x.data[i] = ((i * 7919) % 1009) / 1009;
    const layer = Conv2d(plain({ kernelSize: 1 }));
    const y = layer.forward(x);
    layer.backward({ ...y, data: new Float32Array(y.data.length).fill(0.7) });
    const tap = Math.fround(0.7);
    const wanted = x.data.reduce((sum, sample) => sum + sample * tap, 0);
    const naive = x.data.reduce((sum, sample) => Math.fround(sum + Math.fround(sample * tap)), 0);
    expect(Math.abs(layer.parameters[0].gradient[0] / wanted - 1)).toBeLessThan(1e-7);
    // What one sum in Float32 makes of it.
    expect(Math.abs(naive / wanted - 1)).toBeGreaterThan(1e-6);
    expect(layer.parameters[1].gradient[0]).toBe(Math.fround(tap * size * size));
  });

  test('of a picture wider than a kernel may be', () => {
    const wide = Conv2d(plain({ kernelSize: 1, kernel: kernel([[2]]) }));
    wide.forward(scattered(1, 1, 5000, 1));
    const slopes = wide.backward(scattered(1, 1, 5000, 2, 3));
    expect(slopes.data).toEqual(scattered(1, 1, 5000, 2, 3).data.map((slope) => 2 * slope));
    expect(wide.parameters[0].gradient[0]).toBe(product(scattered(1, 1, 5000, 1), scattered(1, 1, 5000, 2, 3)));
  });
});

describe('parameters', () => {
  test('start from U(−1/√n, 1/√n), n the inputs that an output sees, and a bias of 0', () => {
    const { kernel: k } = Conv2d(plain({ inChannels: 8, outChannels: 16, groups: 2, kernelSize: [3, 5], seed: 11 }));
    expect(k).toMatchObject({ outChannels: 16, inChannels: 4, height: 3, width: 5, groups: 2 });
    const most = 1 / Math.sqrt(4 * 3 * 5);
    const sorted = k.weights.toSorted();
    expect(sorted[0]).toBeGreaterThanOrEqual(Math.fround(-most));
    expect(sorted.at(-1)).toBeLessThanOrEqual(Math.fround(most));
    expect(sorted.at(-1)! - sorted[0]).toBeGreaterThan(1.98 * most);
    expect(Math.abs(k.weights.reduce((sum, tap) => sum + tap) / k.weights.length)).toBeLessThan(most / 10);
    expect(k.bias).toEqual(new Float32Array(16));
  });

  test('are those of the seed, to the last bit, on every machine', () => {
    const weights = (seed?: number): Float32Array => Conv2d(plain(seed === undefined ? {} : { seed })).kernel.weights;
    expect(weights(7)).toEqual(weights(7));
    expect(weights()).toEqual(weights(0));
    expect(weights(8)).not.toEqual(weights(7));
    // (word / 2^32 − ½) of the generator's first four words for seed 0.
    expect(weights()).toEqual(
      Float32Array.from([3809008728, 1133695204, 53579671, 2891528803], (word) => word / 2 ** 32 - 0.5),
    );
  });

  test('are the kernel itself, which changes with them', () => {
    const layer = Conv2d(
      plain({
        kernel: kernel(
          [
            [1, 2],
            [3, 4],
          ],
          { bias: 5 },
        ),
      }),
    );
    expect(layer.parameters[0].values).toBe(layer.kernel.weights);
    expect(layer.parameters[1].values).toBe(layer.kernel.bias);
    layer.parameters[0].values[0] = 9;
    expect(
      toNested(
        layer.forward(
          planes([
            [1, 0],
            [0, 0],
          ]),
        ),
      ),
    ).toEqual([[[14]]]);
  });

  test('are a copy of the kernel that they start from', () => {
    const start = kernel(
      [
        [1, 2],
        [3, 4],
      ],
      { bias: 5 },
    );
    const layer = Conv2d(plain({ kernel: start }));
    layer.kernel.weights.fill(0);
    layer.kernel.bias.fill(0);
    expect(start).toEqual(
      kernel(
        [
          [1, 2],
          [3, 4],
        ],
        { bias: 5 },
      ),
    );
  });

  test('without bias are the weights alone, and the kernel has a bias of 0', () => {
    const layer = Conv2d(plain({ bias: false }));
    expect(layer.parameters).toHaveLength(1);
    expect(layer.kernel.bias).toEqual(Float32Array.of(0));
    layer.forward(scattered(1, 3, 3, 1));
    layer.backward(scattered(1, 2, 2, 1));
    expect(layer.kernel.bias).toEqual(Float32Array.of(0));
  });
});

test('a strict layer learns the kernel rotated by 180°, and gives the same output', () => {
  const start = kernel([
    [
      [
        [0.2, -0.3, 0.5],
        [0.1, 0.9, -0.4],
      ],
    ],
    [
      [
        [0.3, 0.3, -0.2],
        [0.7, -0.6, 0],
      ],
    ],
  ]);
  const options = plain({ outChannels: 2, kernelSize: [2, 3], padding: 'same', border: 'replicate' });
  const correlating = Conv2d({ ...options, kernel: start });
  const strict = Conv2d({ ...options, kernel: rotateKernel(start), strict: true });
  const x = scattered(1, 9, 9, 1, 1);
  const target = scattered(2, 9, 9, 2, 1);
  for (let epoch = 0; epoch < 5; epoch++) {
    for (const layer of [correlating, strict]) {
      const y = layer.forward(x);
      zeroGradients(layer);
      layer.backward({ ...y, data: y.data.map((value, i) => 0.01 * (value - target.data[i])) });
      for (const { values, gradient } of layer.parameters) gradient.forEach((slope, i) => (values[i] -= slope));
    }
    expect(strict.forward(x)).toEqual(correlating.forward(x));
    expect(rotateKernel(strict.kernel)).toEqual(correlating.kernel);
  }
  expect(correlating.kernel.weights).not.toEqual(start.weights);
});

describe('reach', () => {
  test.each<[Settings, object]>([
    [{ kernelSize: 3 }, { size: [3, 3], stride: [1, 1], offset: [0, 0] }],
    [
      { kernelSize: [2, 3], dilation: [3, 2] },
      { size: [4, 5], stride: [1, 1], offset: [0, 0] },
    ],
    [
      { kernelSize: [2, 3], padding: 'same', stride: 2 },
      { size: [2, 3], stride: [2, 2], offset: [-1, -1] },
    ],
    [
      { kernelSize: [2, 3], padding: 'same-upper' },
      { size: [2, 3], stride: [1, 1], offset: [0, -1] },
    ],
    [{ padding: { top: 3, right: 1, bottom: 2, left: 0 } }, { size: [2, 2], stride: [1, 1], offset: [-3, 0] }],
  ])('%j', (options, reach) => {
    expect(Conv2d(plain(options)).reach).toEqual(reach);
  });
});

test('options that change later do not change the layer', () => {
  const stride: [number, number] = [1, 1];
  const padding = { top: 1, right: 0, bottom: 0, left: 0 };
  const layer = Conv2d(plain({ stride, padding, kernelSize: 1 }));
  stride[0] = 2;
  padding.top = 0;
  expect(layer.forward(scattered(1, 4, 4, 1)).height).toBe(5);
});

test('a layer is a convolution to whoever asks for one: it says how it correlates', () => {
  const options = plain({
    kernelSize: [2, 3],
    strict: true,
    stride: [2, 1],
    dilation: 2,
    padding: 'same',
    border: 'wrap',
  });
  const layer = Conv2d(options);
  const x = scattered(1, 6, 7, 1);
  const y = layer.forward(x);
  const dense = denseEquivalent(layer, x).apply(x);
  dense.data.forEach((value, i) => expect(value).toBeCloseTo(y.data[i], 5));
  expect(Conv2d(plain())).toMatchObject({
    stride: [1, 1],
    dilation: [1, 1],
    padding: 'valid',
    border: 'zero',
    strict: false,
  });
});

test('toJSON says everything that forward needs', () => {
  const start = kernel([[[[0.1, 0.2]]], [[[-0.3, 4]]]], { bias: [0.5, -1], groups: 2 });
  const options = plain({
    inChannels: 2,
    outChannels: 2,
    kernelSize: [1, 2],
    groups: 2,
    kernel: start,
    padding: 'same',
  });
  const said = Conv2d({ ...options, stride: [2, 1], border: { constant: 0.5 } }).toJSON();
  expect(JSON.parse(JSON.stringify(said))).toEqual({
    type: 'Conv2d',
    stride: [2, 1],
    dilation: [1, 1],
    padding: 'same',
    border: 'constant:0.5',
    groups: 2,
    strict: false,
    weights: [[[[0.1, 0.2]]], [[[-0.3, 4]]]],
    bias: [0.5, -1],
  });
  expect(Conv2d(plain({ bias: false, padding: [1, 2] })).toJSON()).toMatchObject({
    padding: { top: 1, right: 2, bottom: 1, left: 2 },
  });
  expect(Conv2d(plain({ bias: false })).toJSON()).not.toHaveProperty('bias');
});

describe('what cannot be', () => {
  const start = kernel([
    [1, 2],
    [3, 4],
  ]);
  test.each<[Settings, string]>([
    [{ inChannels: 0 }, 'Expected a whole number of at least 1 for inChannels but received 0'],
    [{ outChannels: 1.5 }, 'Expected a whole number of at least 1 for outChannels but received 1.5'],
    [{ kernelSize: 0 }, 'Expected a whole number of at least 1 for kernelSize but received 0'],
    [{ kernelSize: [1, -2] }, 'Expected a whole number of at least 1 for kernelSize of columns but received -2'],
    [{ kernelSize: 5000 }, 'Expected a whole number from 1 to 4096 for the kernel.height but received 5000'],
    [{ kernelSize: 4096, outChannels: 8 }, 'Expected at most 67108864 taps for the kernel but received 134217728'],
    [{ groups: 0 }, 'Expected a whole number of at least 1 for groups but received 0'],
    [
      { groups: 2, inChannels: 4, outChannels: 3 },
      'Expected a divisor of the 4 input and 3 output channels for groups but received 2',
    ],
    [
      { groups: 2, inChannels: 3, outChannels: 4 },
      'Expected a divisor of the 3 input and 4 output channels for groups but received 2',
    ],
    [{ bias: 1 as unknown as boolean }, 'Expected true or false, whether one is learned, for bias but received 1'],
    [{ strict: 1 as unknown as boolean }, 'Expected true or false for strict but received 1'],
    [{ seed: -1 }, 'Expected a whole number from 0 to 4294967295 for seed but received -1'],
    [{ stride: 0 }, 'Expected a whole number of at least 1 for stride but received 0'],
    [{ dilation: [1, 0] }, 'Expected a whole number of at least 1 for dilation of columns but received 0'],
    [{ padding: -1 }, 'Expected a whole number of at least 0 for padding but received -1'],
    [{ padding: 'some' as 'same' }, 'for padding but received some'],
    [{ border: 'reflect' as Border }, 'which means both'],
    [{ border: 'wrap' }, 'Expected no border with padding valid, which reads nothing outside the picture,'],
    [
      { kernel: start, seed: 1 },
      'Expected no seed beside kernel, whose taps are where it starts, for seed but received 1',
    ],
    [{ kernel: start, kernelSize: 3 }, 'Expected 3×3 in 1 groups for kernel but received 2×2 in 1 groups'],
    [{ kernel: start, inChannels: 2 }, 'Expected 1×2×2×2 in 1 groups for kernel but received 2×2 in 1 groups'],
    [
      { kernel: { ...start, bias: Float32Array.of(1) }, bias: false },
      'Expected a kernel without bias for kernel, as bias is false, but received 1',
    ],
    [{ kernel: { ...start, weights: Float32Array.of(1) } }, 'Expected 4 weights for kernel of 2×2 but received 1'],
  ])('%j', (options, message) => {
    expect(() => Conv2d(plain(options))).toThrow(ExpectationError);
    expect(() => Conv2d(plain(options))).toThrow(message);
  });

  test('a picture of other channels, or smaller than the kernel', () => {
    const layer = Conv2d(plain({ inChannels: 3 }));
    expect(() => layer.forward(scattered(1, 4, 4, 1))).toThrow('Expected a picture of 3 channels');
    expect(() => layer.forward(scattered(3, 1, 4, 1))).toThrow('Expected a picture of at least 2×2');
  });

  test('a backward before a forward, of another shape, of what is not a number', () => {
    const layer = Conv2d(plain());
    const g = scattered(1, 3, 3, 1);
    expect(() => layer.backward(g)).toThrow('Expected a forward before it for backward of Conv2d but received none');
    layer.forward(scattered(1, 3, 3, 1));
    expect(() => layer.backward(g)).toThrow(
      "Expected planes of 1×2×2, its output's shape, for the gradient of Conv2d but received 1×3×3",
    );
    expect(() =>
      layer.backward(
        planes([
          [0, 1],
          [Number.NaN, 0],
        ]),
      ),
    ).toThrow('Expected finite numbers for the gradient of Conv2d but received NaN');
    expect(gradientsOf(layer).every((gradient) => gradient.every((slope) => slope === 0))).toBe(true);
  });

  test('a forward that failed leaves backward to the one before', () => {
    const layer = wholeLayer({ kernelSize: 1 });
    layer.forward(planes([[1, 2]]));
    expect(() => layer.forward(scattered(2, 1, 1, 1))).toThrow('channel');
    layer.backward(planes([[1, 1]]));
    expect(layer.parameters[0].gradient[0]).toBe(3);
  });

  test('weights that are no numbers any more cannot be written', () => {
    const layer = Conv2d(plain());
    layer.kernel.weights[1] = Number.NaN;
    expect(() => layer.toJSON()).toThrow('Expected taps that are finite numbers for Conv2d but received NaN');
  });
});

function fromKernel(k: Kernel, options: Settings): Conv2d {
  const groups = k.groups ?? 1;
  const size = {
    inChannels: k.inChannels * groups,
    outChannels: k.outChannels,
    kernelSize: [k.height, k.width] as const,
  };
  return Conv2d({ ...size, groups, kernel: k, ...options });
}

test('padding that depends on the size of the picture is refused at a stride', () => {
  const shape = { inChannels: 1, outChannels: 1, kernelSize: 3 } as const;
  expect(() => Conv2d({ ...shape, stride: 2, padding: 'onnx-same-upper' })).toThrow(
    'Expected padding that does not depend on the size of the picture (the four sides as numbers, say) for Conv2d of a stride above 1 but received onnx-same-upper',
  );
  expect(Conv2d({ ...shape, padding: 'onnx-same-upper' }).forward(planes([[1, 2]])).width).toBe(2);
});
