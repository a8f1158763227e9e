import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Abs } from '../../src/layers/abs.ts';
import { Conv2d, type Conv2dOptions } from '../../src/layers/conv2d.ts';
import type { Layer } from '../../src/layers/layer.ts';
import { Magnitude } from '../../src/layers/magnitude.ts';
import { ReLU } from '../../src/layers/relu.ts';
import { Sequential } from '../../src/layers/sequential.ts';
import { Sigmoid } from '../../src/layers/sigmoid.ts';
import { Square } from '../../src/layers/square.ts';
import { parseNpy } from '../../src/planes/npy.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { inCheckout } from '../support/checkout.ts';

/**
 * Layers forward and backward against PyTorch in Float64 (see make-torch.py). What differs by convention: its `reflect` is our
 * `reflect101`, its `circular` our `wrap`, its padding `same` our `same-upper`; its Conv2d is never strict.
 */
interface Case {
  readonly input: Shape;
  readonly output: Shape;
  readonly layers: readonly ({ readonly type: keyof typeof PLAIN } | ConvolutionOfCase)[];
}

type ConvolutionOfCase = { readonly type: 'Conv2d' } & Conv2dOptions;
type Shape = readonly [channels: number, height: number, width: number];

const PLAIN = { ReLU, Abs, Square, Sigmoid, Magnitude } as const;

/** Of the largest number of each array. */
const FORWARD = 2e-5;
const BACKWARD = 1e-4;

const cases = JSON.parse(readFileSync(inCheckout('test/parity/torch.json'), 'utf8')) as Case[];
const { type, data } = parseNpy(readFileSync(inCheckout('test/parity/torch.npy')));
let at = 0;

describe('PyTorch', () => {
  test.each(cases.map((one) => [nameOf(one), one, vectorsOf(one)] as const))('%s', (_, { input, output }, vectors) => {
    const { model, x, g, y, slopes, gradients } = vectors;
    const response = model.forward(planesOf(input, x));
    expect([response.channels, response.height, response.width]).toEqual(output);
    expectClose(response.data, y, FORWARD, 'output');
    const ours = model.backward(planesOf(output, g));
    expectClose(ours.data, slopes, BACKWARD, 'gradient of the input');
    model.parameters.forEach(({ gradient }, i) => {
      expectClose(gradient, gradients[i], BACKWARD, `gradient of parameter ${i}`);
    });
  });

  test('every vector was compared', () => {
    expect(type).toBe('f8');
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect(at).toBe(data.length);
  });
});

/** The case's numbers, in the order in which the file holds them. */
function vectorsOf({ input, output, layers }: Case) {
  const x = take(size(input));
  const model = Sequential(layers.map(layerOf));
  for (const { values } of model.parameters) values.set(take(values.length));
  const g = take(size(output));
  const y = take(size(output));
  const slopes = take(size(input));
  const gradients = model.parameters.map(({ values }) => take(values.length));
  return { model, x, g, y, slopes, gradients };
}

function layerOf(layer: Case['layers'][number]): Layer {
  if (layer.type !== 'Conv2d') return PLAIN[layer.type]();
  const { type: _, ...options } = layer;
  return Conv2d(options);
}

function take(count: number): Float64Array {
  const taken = Float64Array.from(data.subarray(at, at + count));
  expect(taken).toHaveLength(count);
  at += count;
  return taken;
}

function size([channels, height, width]: Shape): number {
  return channels * height * width;
}

function planesOf(shape: Shape, samples: Float64Array): Planes {
  const x = createPlanes(...shape);
  x.data.set(samples);
  return x;
}

/** Says where the two are farthest apart. */
function expectClose(ours: Float32Array, theirs: Float64Array, tolerance: number, what: string): void {
  expect(ours).toHaveLength(theirs.length);
  const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = theirs.map((value, i) => Math.abs(ours[i] - value));
  const worst = apart.indexOf(apart.reduce((most, distance) => Math.max(most, distance), 0));
  expect(worst, `${what}: not a number`).toBeGreaterThanOrEqual(0);
  expect(apart[worst], `${what} [${worst}]: ${ours[worst]} for ${theirs[worst]}`).toBeLessThanOrEqual(
    tolerance * largest,
  );
}

function nameOf({ input, layers }: Case): string {
  const inWords = layers.map((layer) => {
    if (layer.type !== 'Conv2d') return layer.type;
    const { type: _, inChannels, outChannels, kernelSize, padding, border, ...rest } = layer;
    const around =
      padding === undefined ? [] : [`padding ${JSON.stringify(padding)}`, JSON.stringify(border ?? 'zero')];
    const more = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    return [`Conv2d ${inChannels}→${outChannels} ${[kernelSize].flat().join('×')}`, ...around, ...more].join(' ');
  });
  return `${input.join('×')}: ${inWords.join(', ')}`;
}
