import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Abs } from '../../src/layers/abs.ts';
import { AveragePool2d, type AveragePool2dOptions } from '../../src/layers/averagePool2d.ts';
import { Concatenate } from '../../src/layers/concatenate.ts';
import { Conv2d, type Conv2d as Convolution, type Conv2dOptions } from '../../src/layers/conv2d.ts';
import type { Layer } from '../../src/layers/layer.ts';
import { layersWithin } from '../../src/layers/layersWithin.ts';
import { Magnitude } from '../../src/layers/magnitude.ts';
import { ReLU } from '../../src/layers/relu.ts';
import { ResidualBlock } from '../../src/layers/residualBlock.ts';
import { Sequential } from '../../src/layers/sequential.ts';
import { Sigmoid } from '../../src/layers/sigmoid.ts';
import { Square } from '../../src/layers/square.ts';
import { Sum } from '../../src/layers/sum.ts';
import { Upsample2d, type Upsample2dOptions } from '../../src/layers/upsample2d.ts';
import { parseNpy } from '../../src/planes/npy.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';

/**
 * Layers forward and backward against PyTorch in Float64 (see make-torch.py). What differs by convention: its `reflect` is our
 * `reflect101`, its `circular` our `wrap`, its padding `same` our `same-upper`; its Conv2d is never strict.
 */
interface Case {
  readonly input: Shape;
  readonly output: Shape;
  readonly layers: readonly LayerOfCase[];
}

type LayerOfCase =
  | { readonly type: keyof typeof PLAIN }
  | ConvolutionOfCase
  | ({ readonly type: 'AveragePool2d' } & AveragePool2dOptions)
  | ({ readonly type: 'Upsample2d' } & Upsample2dOptions)
  | { readonly type: 'ResidualBlock'; readonly layers: readonly LayerOfCase[] }
  | { readonly type: 'Sum' | 'Concatenate'; readonly branches: readonly (readonly LayerOfCase[])[] };

type ConvolutionOfCase = { readonly type: 'Conv2d' } & Conv2dOptions;
type Shape = readonly [channels: number, height: number, width: number];

const PLAIN = { ReLU, Abs, Square, Sigmoid, Magnitude } as const;

/** Of the largest number of each array. */
const FORWARD = 2e-5;
const BACKWARD = 1e-4;

/** Debian's own Python, which finds Debian's PyTorch. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

let data = new Float64Array();
let at = 0;

describe('PyTorch', () => {
  const { cases, type } = readCases(inCheckout('test/parity'));
  test.each(cases.map((one) => [nameOf(one), one, vectorsOf(one)] as const))('%s', (_, one, vectors) => {
    expectSame(one, vectors);
  });

  const stored = { at, length: data.length };
  test('every vector was compared', () => {
    expect(type).toBe('f8');
    expect(cases.length).toBeGreaterThanOrEqual(80);
    expect(stored.at).toBe(stored.length);
  });
});

test('PyTorch of this machine, on other numbers', async ({ skip }) => {
  // Found rather than imported, which takes seconds.
  const { status: found } = spawnSync(PYTHON, ['-c', 'import importlib.util as i; exit(i.find_spec("torch") is None)']);
  if (found !== 0) skip("nothing was compared with PyTorch as it runs: Debian's python3-torch is missing");
  const folder = temporaryFolder();
  try {
    const program = inCheckout('test/parity/make-torch.py');
    const { status, stderr } = spawnSync(PYTHON, [program, folder.path, '7'], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const { cases } = readCases(folder.path);
    expect(cases.length).toBeGreaterThanOrEqual(80);
    for (const one of cases) expectSame(one, vectorsOf(one));
    expect(at).toBe(data.length);
  } finally {
    await folder.remove();
  }
}, 600_000);

/** The cases of a folder, whose numbers are taken from then on. */
function readCases(folder: string): { cases: Case[]; type: string } {
  const numbers = parseNpy(readFileSync(join(folder, 'torch.npy')));
  data = Float64Array.from(numbers.data);
  at = 0;
  return { cases: JSON.parse(readFileSync(join(folder, 'torch.json'), 'utf8')) as Case[], type: numbers.type };
}

function expectSame(
  { input, output }: Case,
  { model, x, g, y, slopes, gradients }: ReturnType<typeof vectorsOf>,
): void {
  const response = model.forward(planesOf(input, x));
  expect([response.channels, response.height, response.width]).toEqual(output);
  expect(model.outputShape?.({ channels: input[0], height: input[1], width: input[2] })).toEqual({
    channels: output[0],
    height: output[1],
    width: output[2],
  });
  expectClose(response.data, y, FORWARD, 'output');
  const ours = model.backward(planesOf(output, g));
  expectClose(ours.data, slopes, BACKWARD, 'gradient of the input');
  model.parameters.forEach(({ gradient }, i) => {
    expectClose(gradient, gradients[i], BACKWARD, `gradient of parameter ${i}`);
  });
}

/** The case's numbers, in the order in which the file holds them. */
function vectorsOf({ input, output, layers }: Case) {
  const x = take(size(input));
  const model = Sequential(layers.map(layerOf));
  for (const { kernel, parameters, frozen, biased } of convolutionsOf(model.layers, layers)) {
    expect(parameters).toHaveLength(frozen ? 0 : biased ? 2 : 1);
    kernel.weights.set(take(kernel.weights.length));
    if (biased) kernel.bias.set(take(kernel.bias.length));
  }
  const g = take(size(output));
  const y = take(size(output));
  const slopes = take(size(input));
  const gradients = model.parameters.map(({ values }) => take(values.length));
  return { model, x, g, y, slopes, gradients };
}

function layerOf(layer: LayerOfCase): Layer {
  if (layer.type === 'ResidualBlock') return ResidualBlock(layer.layers.map(layerOf));
  if (layer.type === 'Sum') return Sum(...layer.branches.map((branch) => branch.map(layerOf)));
  if (layer.type === 'Concatenate') return Concatenate(...layer.branches.map((branch) => branch.map(layerOf)));
  if (layer.type in PLAIN) return PLAIN[layer.type as keyof typeof PLAIN]();
  const { type, ...options } = layer;
  if (type === 'AveragePool2d') return AveragePool2d(options as AveragePool2dOptions);
  if (type === 'Upsample2d') return Upsample2d(options as Upsample2dOptions);
  return Conv2d(options as Conv2dOptions);
}

/** The convolutional layers, branches in order, and whether each has a bias. */
function convolutionsOf(
  layers: readonly Layer[],
  cases: readonly LayerOfCase[],
): (Convolution & { readonly biased: boolean })[] {
  return layers.flatMap((layer, i) => {
    const one = cases[i];
    if (one.type === 'Conv2d') return [{ ...(layer as Convolution), biased: one.bias ?? true }];
    return convolutionsOf(
      layersWithin(layer),
      'layers' in one ? one.layers : 'branches' in one ? one.branches.flat() : [],
    );
  });
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
    if (layer.type !== 'Conv2d') return 'branches' in layer || 'layers' in layer ? netName(layer) : wordsOf(layer);
    const { type: _, inChannels, outChannels, kernelSize, padding, border, ...rest } = layer;
    const around =
      padding === undefined ? [] : [`padding ${JSON.stringify(padding)}`, JSON.stringify(border ?? 'zero')];
    const more = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    return [`Conv2d ${inChannels}→${outChannels} ${[kernelSize].flat().join('×')}`, ...around, ...more].join(' ');
  });
  return `${input.join('×')}: ${inWords.join(', ')}`;
}

/** Of a net as many words as tell it from others. */
function netName(layer: LayerOfCase): string {
  const text = JSON.stringify(layer);
  return `${layer.type} of ${text.split('"type"').length - 2} layers`;
}

function wordsOf({ type, ...options }: LayerOfCase): string {
  return [type, ...Object.values(options).map((value) => JSON.stringify(value))].join(' ');
}
