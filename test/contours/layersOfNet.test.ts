import { describe, expect, test } from 'vitest';
import { COLOUR_FACTOR, COLOUR_MEANS } from '../../src/contours/colours.ts';
import {
  CONTOUR_SIZES,
  type ContourNet,
  type Convolve,
  initialWeights,
  weightsLayout,
} from '../../src/contours/contourNet.ts';
import { findContours } from '../../src/contours/findContours.ts';
import { type Kernel, kernel } from '../../src/kernels/kernel.ts';
import { applyModel } from '../../src/layers/applyModel.ts';
import { AveragePool2d } from '../../src/layers/averagePool2d.ts';
import { Concatenate } from '../../src/layers/concatenate.ts';
import { Conv2d } from '../../src/layers/conv2d.ts';
import { type Layer, POINTWISE } from '../../src/layers/layer.ts';
import { ReLU } from '../../src/layers/relu.ts';
import { ResidualBlock } from '../../src/layers/residualBlock.ts';
import { Sequential } from '../../src/layers/sequential.ts';
import { Sigmoid } from '../../src/layers/sigmoid.ts';
import { Square } from '../../src/layers/square.ts';
import { Sum } from '../../src/layers/sum.ts';
import { Upsample2d } from '../../src/layers/upsample2d.ts';
import { rowsOfPlanes } from '../../src/planes/pictureRows.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { noise } from '../learn/support.ts';

/**
 * A contour net is defined by layers: those are built here from its weights, fixed filters included, and what its emitted code makes of
 * a picture is compared with what they do.
 */
describe('a contour net is its layers', () => {
  test.each<[keyof typeof CONTOUR_SIZES, number, number, number]>([
    ['tiny', 3, 64, 96],
    ['tiny', 3, 45, 71],
    ['tiny', 1, 70, 33],
    ['small', 3, 66, 40],
    ['large', 3, 40, 66],
  ])('%s, %d channels of %d×%d', (size, channels, height, width) => {
    const shape = CONTOUR_SIZES[size];
    const weights = initialWeights(shape, 5);
    // Biases too, which start from 0.
    weights.forEach((value, i) => (weights[i] = value + 0.02 * ((i % 7) - 3)));
    const net = { ...shape, weights };
    const x = picture(channels, height, width);
    const likelihoods = applyModel(layersOf(net), channels === 3 ? x : repeated(x));
    const map = findContours(rowsOfPlanes(x), net);
    expect([map.channels, map.height, map.width]).toEqual([1, height, width]);
    let [least, most, apart] = [1, 0, 0];
    likelihoods.data.forEach((likelihood, i) => {
      least = Math.min(least, likelihood);
      most = Math.max(most, likelihood);
      apart = Math.max(apart, Math.abs(map.data[i] ** 2 - likelihood));
    });
    expect(most - least).toBeGreaterThan(0.05);
    expect(apart).toBeLessThan(1e-5);
  });
});

/** Smooth colours with edges and noise on them. */
function picture(channels: number, height: number, width: number): Planes {
  const x = noise(channels, height, width);
  x.data.forEach((value, i) => {
    const [row, column] = [Math.floor(i / width) % height, i % width];
    x.data[i] = Math.min(
      1,
      Math.max(0, 0.25 * value + 0.5 * Number((row - 20) ** 2 + (column - 30) ** 2 < 300) + column / 400),
    );
  });
  return x;
}

function repeated({ height, width, data }: Planes): Planes {
  const x = createPlanes(3, height, width);
  for (const c of [0, 1, 2]) x.data.set(data, c * data.length);
  return x;
}

function layersOf(net: ContourNet): Sequential {
  const parts = weightsLayout(net);
  const convolve = ({ weights, bias }: Convolve): Layer => {
    const [outputs, inputs] = weights.shape;
    const depthwise = weights.name.includes('depthwise');
    const taps: Kernel = {
      outChannels: outputs,
      inChannels: depthwise ? 1 : inputs,
      height: depthwise ? 3 : 1,
      width: depthwise ? 3 : 1,
      weights: net.weights.slice(weights.offset, weights.offset + weights.length),
      bias: net.weights.slice(bias.offset, bias.offset + bias.length),
      groups: depthwise ? outputs : 1,
    };
    return fromKernel(taps, depthwise ? 'same' : 'valid');
  };
  const block = (of: (typeof parts.levels)[number]['lateralBlock']): Layer =>
    ResidualBlock(convolve(of.depthwise), ReLU(), convolve(of.pointwise));
  /** From a level's colours and what the finer level found to what the level answers on the way back. */
  const level = (i: number): Layer[] => {
    const { features, finer, blocks, lateral, lateralBlock } = parts.levels[i];
    const finerWidth = i === 0 ? 0 : net.widths[i - 1];
    const colours = (channels: number): Layer => chosen(0, 3, 3 + channels);
    const entry: Layer[] = [
      ...(finer === undefined
        ? [...fixedFeatures(), convolve(features)]
        : [
            Sum(
              [colours(finerWidth), ...fixedFeatures(), convolve(features)],
              [chosen(3, finerWidth, 3 + finerWidth), convolve(finer)],
            ),
          ]),
      ReLU(),
      ...blocks.map(block),
    ];
    const width = net.widths[i];
    const found = [chosen(3, width, 3 + width), convolve(lateral)];
    const answer = i === net.widths.length - 1 ? found : [Sum(found, [AveragePool2d(), ...level(i + 1), Upsample2d()])];
    return [Concatenate([colours(finerWidth)], entry), ...answer, ReLU(), block(lateralBlock)];
  };
  return Sequential(AveragePool2d(), opponents(), ...level(0), convolve(parts.logit), Upsample2d(), Sigmoid());
}

function fromKernel(k: Kernel, padding: 'same' | 'valid', border?: 'replicate'): Layer {
  const groups = k.groups ?? 1;
  return Conv2d({
    inChannels: k.inChannels * groups,
    outChannels: k.outChannels,
    kernelSize: [k.height, k.width],
    groups,
    kernel: k,
    padding,
    frozen: true,
    ...(border === undefined ? {} : { border }),
  });
}

/** Some channels, the others left out. */
function chosen(first: number, count: number, of: number): Layer {
  const taps = Array.from({ length: count }, (_, o) =>
    Array.from({ length: of }, (__, c) => [[Number(c === first + o)]]),
  );
  return fromKernel(kernel(taps), 'valid');
}

/** (r + g + b)/3, r − g and (r + g)/2 − b of colours less their means. */
function opponents(): Layer {
  const rows = [
    [1 / 3, 1 / 3, 1 / 3],
    [1, -1, 0],
    [0.5, 0.5, -1],
  ];
  const bias = rows.map((row) => -row.reduce((sum, tap, c) => sum + tap * COLOUR_MEANS[c] * COLOUR_FACTOR, 0));
  return fromKernel(
    kernel(
      rows.map((row) => row.map((tap) => [[tap * COLOUR_FACTOR]])),
      { bias },
    ),
    'valid',
  );
}

/** Of three colours: they, their gradients, the magnitudes of these, and the magnitude of all over its mean in 9×9 and a tenth. */
function fixedFeatures(): Layer[] {
  const magnitudeOfAll = (): Layer[] => [gradients(), Square(), mixed(6, [[0, 1, 2, 3, 4, 5]]), squareRoot()];
  const mean = Array.from({ length: 9 }, () => Array.from({ length: 9 }, () => 1 / 81));
  return [
    Concatenate(
      [],
      [gradients()],
      [
        gradients(),
        Square(),
        mixed(6, [
          [0, 1],
          [2, 3],
          [4, 5],
        ]),
        squareRoot(),
      ],
      [
        ...magnitudeOfAll(),
        Concatenate([], [fromKernel(kernel(mean, { bias: 0.1 }), 'same', 'replicate')]),
        quotient(),
      ],
    ),
  ];
}

/** Derivatives of a Gaussian of σ 0.9 over five taps across and down, for each colour; a ramp of slope 1 answers 2. */
function gradients(): Layer {
  const gauss = [-2, -1, 0, 1, 2].map((x) => Math.exp(-(x ** 2) / (2 * 0.9 ** 2)));
  const sum = gauss.reduce((total, g) => total + g, 0);
  const moment = gauss.reduce((total, g, i) => total + g * (i - 2) ** 2, 0);
  const smooth = gauss.map((g) => g / sum);
  const slope = gauss.map((g, i) => (2 * g * (i - 2)) / moment);
  const across = smooth.map((s) => slope.map((d) => s * d));
  const down = slope.map((d) => smooth.map((s) => s * d));
  return fromKernel(kernel([[across], [down], [across], [down], [across], [down]], { groups: 3 }), 'same', 'replicate');
}

/** Sums of channels, and the floor under the root. */
function mixed(of: number, sums: readonly (readonly number[])[]): Layer {
  const taps = sums.map((sum) => Array.from({ length: of }, (_, c) => [[Number(sum.includes(c))]]));
  return fromKernel(kernel(taps, { bias: sums.map(() => 1e-4) }), 'valid');
}

/** What no layer of ours does, as one of the reader's own would. */
function squareRoot(): Layer {
  return ownLayer('SquareRoot', (x) => ({ ...x, data: x.data.map(Math.sqrt) }));
}

/** The first channel over the second. */
function quotient(): Layer {
  const divide = ({ height, width, data }: Planes): Planes => {
    const y = createPlanes(1, height, width);
    for (let i = 0; i < y.data.length; i++) y.data[i] = data[i] / data[i + y.data.length];
    return y;
  };
  return { ...ownLayer('Quotient', divide), outputs: () => 1 };
}

function ownLayer(type: string, forward: (x: Planes) => Planes): Layer {
  const backward = (): Planes => {
    throw new TypeError(`Expected ${type} to go forward alone`);
  };
  return { type, parameters: [], reach: POINTWISE, forward, backward, toJSON: () => ({ type }) };
}
