import { describe, expect, test } from 'vitest';
import { Abs } from '../../src/layers/abs.ts';
import { Conv2d, type Conv2dOptions } from '../../src/layers/conv2d.ts';
import type { Layer } from '../../src/layers/layer.ts';
import { Magnitude } from '../../src/layers/magnitude.ts';
import { ReLU } from '../../src/layers/relu.ts';
import { Sequential } from '../../src/layers/sequential.ts';
import { Sigmoid } from '../../src/layers/sigmoid.ts';
import { Square } from '../../src/layers/square.ts';
import { ExpectationError } from '../../src/planes/expected.ts';
import { createPlanes, type Planes, planes, toNested } from '../../src/planes/planes.ts';
import { centralDifference, product, scattered } from '../support/layerChecks.ts';

const conv = (inChannels: number, outChannels: number, options: Partial<Conv2dOptions> = {}): Conv2d =>
  Conv2d({ inChannels, outChannels, kernelSize: 3, seed: 10 * inChannels + outChannels, ...options });

test('forward goes through the layers in order, backward through them in reverse', () => {
  const calls: string[] = [];
  const traced = (name: string, factor: number): Layer => ({
    ...Abs(),
    type: name,
    forward: (x) => (calls.push(`forward ${name}`), { ...x, data: x.data.map((sample) => sample * factor) }),
    backward: (g) => (calls.push(`backward ${name}`), { ...g, data: g.data.map((slope) => slope * factor) }),
  });
  const stack = Sequential(traced('a', 2), traced('b', 5));
  expect(toNested(stack.forward(planes([[1]])))).toEqual([[[10]]]);
  expect(toNested(stack.backward(planes([[3]])))).toEqual([[[30]]]);
  expect(calls).toEqual(['forward a', 'forward b', 'backward b', 'backward a']);
});

test('feature maps are the next layer’s input channels', () => {
  const [first, second] = [conv(1, 4, { padding: 1 }), conv(4, 2)];
  const stack = Sequential(first, ReLU(), second);
  const x = scattered(1, 6, 7, 1);
  expect(stack.forward(x)).toEqual(second.forward(ReLU().forward(first.forward(x))));
});

test('the gradients of a stack are its central differences', () => {
  const stack = Sequential(
    conv(2, 4, { padding: 'same', border: 'replicate' }),
    Square(),
    conv(4, 4, { groups: 2, stride: 2 }),
    Magnitude(),
    Sigmoid(),
    conv(2, 1, { kernelSize: 1, strict: true }),
    Abs(),
  );
  const x = scattered(2, 7, 6, 3, 1);
  const y = stack.forward(x);
  const g = scattered(y.channels, y.height, y.width, 4, 3);
  const slopes = stack.backward(g);
  const loss = (): number => product(stack.forward(x), g);
  const all: [Float32Array, Float32Array][] = [
    [x.data, slopes.data],
    ...stack.parameters.map(({ values, gradient }): [Float32Array, Float32Array] => [values, gradient.slice()]),
  ];
  expect(all).toHaveLength(7);
  for (const [values, gradient] of all) {
    const largest = gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
    expect(largest).toBeGreaterThan(0);
    gradient.forEach((slope, i) => {
      const wanted = centralDifference(values, i, 2 ** -7, loss);
      // Float32 rounding of the loss over the step, and the step's own error.
      expect(Math.abs(slope - wanted)).toBeLessThan(3e-3 * largest + 1e-4);
    });
  }
});

test('a stack knows what an output sample sees', () => {
  const stack = Sequential(
    conv(1, 1, { kernelSize: [2, 3], stride: 2, padding: 1 }),
    Sigmoid(),
    conv(1, 1, { kernelSize: 3, dilation: [1, 2], padding: [0, 1] }),
  );
  const { size, stride, offset } = stack.reach;
  const x = scattered(1, 20, 24, 1);
  const y = stack.forward(x);
  const [i, j] = [2, 3];
  const one = createPlanes(1, y.height, y.width);
  one.data[i * y.width + j] = 1;
  const seen = nonZero(stack.backward(one));
  expect(seen.rows).toEqual([i * stride[0] + offset[0], i * stride[0] + offset[0] + size[0] - 1]);
  expect(seen.columns).toEqual([j * stride[1] + offset[1], j * stride[1] + offset[1] + size[1] - 1]);
});

test('two layers of 2×2 see 3×3', () => {
  const stack = Sequential(conv(1, 1, { kernelSize: 2 }), conv(1, 1, { kernelSize: 2 }));
  expect(stack.reach).toEqual({ size: [3, 3], stride: [1, 1], offset: [0, 0] });
});

test('parameters are those of the layers, in order', () => {
  const [first, second] = [conv(1, 2), conv(2, 1, { bias: false })];
  const { parameters } = Sequential(first, ReLU(), second);
  expect(parameters).toHaveLength(3);
  [...first.parameters, ...second.parameters].forEach((parameter, i) => expect(parameters[i]).toBe(parameter));
});

test('a list of layers, and stacks among the layers, make one flat stack', () => {
  const [a, b, c] = [Abs(), Square(), ReLU()];
  for (const stack of [Sequential([a, b, c]), Sequential(a, Sequential(b, c)), Sequential(Sequential([a]), b, c)]) {
    expect(stack.layers).toEqual([a, b, c]);
    expect(stack.toJSON()).toEqual({
      type: 'Sequential',
      layers: [{ type: 'Abs' }, { type: 'Square' }, { type: 'ReLU' }],
    });
  }
});

describe('channels', () => {
  test.each<[string, Layer[], number | undefined, number]>([
    ['the first layer says them', [conv(3, 4), ReLU()], 3, 4],
    ['a later layer says them', [Abs(), conv(3, 4), Magnitude()], 3, 2],
    ['none says them', [ReLU(), Magnitude()], undefined, 3],
    ['one says them after another changed them', [Magnitude(), conv(3, 2)], undefined, 2],
  ])('%s', (_, layers, inputs, outputs) => {
    const stack = Sequential(layers);
    expect(stack.inputs).toBe(inputs);
    expect(stack.outputs?.(6)).toBe(outputs);
    expect(stack.forward(scattered(inputs ?? 6, 5, 5, 1)).channels).toBe(outputs);
  });

  test.each<[Layer[], string]>([
    [
      [conv(1, 4), ReLU(), conv(3, 1)],
      'Expected a layer of 4 input channels for layers[2], as layers[1] gives so many, but received Conv2d of 3',
    ],
    [
      [conv(1, 4), Magnitude(), conv(4, 1)],
      'Expected a layer of 2 input channels for layers[2], as layers[1] gives so many, but received Conv2d of 4',
    ],
    [[conv(1, 3), Magnitude()], 'Expected an even number of channels for the input of Magnitude but received 3'],
  ])('that do not fit are refused, %#', (layers, message) => {
    expect(() => Sequential(layers)).toThrow(ExpectationError);
    expect(() => Sequential(layers)).toThrow(message);
  });
});

test('no layers, the same one twice, and what is no layer are refused', () => {
  const shared = ReLU();
  expect(() => Sequential()).toThrow('Expected at least one layer for Sequential but received none');
  expect(() => Sequential([])).toThrow('Expected at least one layer for Sequential but received none');
  expect(() => Sequential(shared, Abs(), shared)).toThrow(
    'Expected a layer of its own for layers[2] but received layers[0] again',
  );
  expect(() => Sequential(shared, Sequential(shared))).toThrow('Expected a layer of its own for layers[1]');
  expect(() => Sequential(Abs(), { type: 'Abs' } as Layer)).toThrow('Expected a layer for layers[1]');
  expect(() => Sequential(undefined as unknown as Layer)).toThrow('Expected a layer for layers[0]');
});

/** First and last row and column with a sample that is not 0. */
function nonZero(x: Planes): { rows: number[]; columns: number[] } {
  const places = Array.from(x.data.keys()).filter((i) => x.data[i] !== 0);
  const ends = (list: number[]): number[] => [Math.min(...list), Math.max(...list)];
  return { rows: ends(places.map((i) => Math.floor(i / x.width))), columns: ends(places.map((i) => i % x.width)) };
}
