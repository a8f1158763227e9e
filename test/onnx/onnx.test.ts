import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectOnnxEdges } from '../../src/onnx/detectOnnxEdges.ts';
import { netInput } from '../../src/onnx/netInput.ts';
import { openOnnxNet } from '../../src/onnx/openOnnxNet.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { type Graph, onnxFile } from './onnxFile.ts';

const OPEN = [1, 3, 'h', 'w'] as const;
const MAP = { name: 'map', shape: [1, 1, 'h', 'w'] } as const;
const image = (shape: readonly (number | string)[] = OPEN, type = 1) => ({ name: 'image', shape, type });

/** The weighted sum of three channels. */
const sum = (weights: readonly number[]): Graph => ({
  input: image(),
  outputs: [MAP],
  nodes: [{ type: 'Conv', inputs: ['image', 'w'], output: 'map' }],
  weights: { w: { shape: [1, 3, 1, 1], data: weights } },
});

/** Means of 2×2, twice as large again, and the picture itself: only pictures with even sides. */
const pyramid: Graph = {
  input: image(),
  outputs: [MAP],
  nodes: [
    { type: 'Conv', inputs: ['image', 'w'], output: 'grey' },
    { type: 'AveragePool', inputs: ['grey'], output: 'half', ints: { kernel_shape: [2, 2], strides: [2, 2] } },
    { type: 'ConvTranspose', inputs: ['half', 'ones'], output: 'twice', ints: { strides: [2, 2] } },
    { type: 'Mul', inputs: ['twice', 'grey'], output: 'map' },
  ],
  weights: {
    w: { shape: [1, 3, 1, 1], data: [0, 1, 0] },
    ones: { shape: [1, 1, 2, 2], data: [1, 1, 1, 1] },
  },
};

function picture(channels: 1 | 3, height: number, width: number, white?: number): Planes {
  const x = createPlanes(channels, height, width, white);
  for (let i = 0; i < x.data.length; i++) x.data[i] = (((i * 7919) % 101) / 101) * (white ?? 1);
  return x;
}

describe('a net of other people', () => {
  test('sees the channels in its order, its white, less its mean, over its deviation', async () => {
    const x = picture(3, 5, 7, 255);
    const plane = 35;
    for (const [input, c] of [
      ['unit', 0],
      ['bgr', 2],
    ] as const) {
      const net = await openOnnxNet(onnxFile(sum([1, 0, 0])), { input });
      const { map } = await detectOnnxEdges(x, net);
      expect(map.white).toBe(255);
      for (let i = 0; i < plane; i++) expect(map.data[i]).toBeCloseTo(x.data[c * plane + i], 3);
      await net.close();
    }
    const net = await openOnnxNet(onnxFile(sum([0.002, 0.002, 0.002])), { input: 'caffe', activation: 'sigmoid' });
    const { map } = await detectOnnxEdges(x, net);
    const fed = x.data[3] + x.data[plane + 3] + x.data[2 * plane + 3] - 103.939 - 116.779 - 123.68;
    expect(map.data[3] / 255).toBeCloseTo(1 / (1 + Math.exp(-0.002 * fed)), 5);
  });

  test('sees grey as three colours that are alike, and one channel of colours as their luma', async () => {
    const grey = picture(1, 4, 6);
    const { map } = await detectOnnxEdges(grey, await openOnnxNet(onnxFile(sum([0.5, 0.25, 0.25]))));
    grey.data.forEach((sample, i) => expect(map.data[i]).toBeCloseTo(sample, 6));
    const own: Graph = {
      ...sum([]),
      input: image([1, 1, 'h', 'w']),
      weights: { w: { shape: [1, 1, 1, 1], data: [1] } },
    };
    const x = picture(3, 4, 6);
    const seen = await detectOnnxEdges(x, await openOnnxNet(onnxFile(own)));
    const luma = 0.299 * x.data[5] + 0.587 * x.data[24 + 5] + 0.114 * x.data[48 + 5];
    expect(seen.map.data[5]).toBeCloseTo(luma, 6);
  });

  test('takes channels last', async () => {
    const last: Graph = {
      input: image([1, 'h', 'w', 3]),
      outputs: [{ name: 'map', shape: [1, 'h', 'w', 1] }],
      nodes: [{ type: 'MatMul', inputs: ['image', 'w'], output: 'map' }],
      weights: { w: { shape: [3, 1], data: [0, 0, 1] } },
    };
    const x = picture(3, 4, 6);
    const { map } = await detectOnnxEdges(x, await openOnnxNet(onnxFile(last)));
    for (let i = 0; i < 24; i++) expect(map.data[i]).toBeCloseTo(x.data[48 + i], 6);
  });

  test('that takes other sides sees the picture go on, and its map is cut', async () => {
    const net = await openOnnxNet(onnxFile(pyramid));
    const x = picture(3, 7, 9);
    const { map } = await detectOnnxEdges(x, net);
    expect([map.height, map.width]).toEqual([7, 9]);
    const at = (y: number, x_: number) => x.data[63 + Math.min(y, 6) * 9 + Math.min(x_, 8)];
    for (const [y, column] of [
      [2, 4],
      [6, 8],
    ]) {
      const [top, left] = [y - (y % 2), column - (column % 2)];
      const mean = (at(top, left) + at(top, left + 1) + at(top + 1, left) + at(top + 1, left + 1)) / 4;
      expect(map.data[y * 9 + column]).toBeCloseTo(mean * at(y, column), 6);
    }
  });

  test('of one size sees the picture resized, and smaller maps are made as large as the picture', async () => {
    const fixed: Graph = {
      ...pyramid,
      input: image([1, 3, 8, 8]),
      outputs: [{ name: 'half', shape: [1, 1, 4, 4] }],
      nodes: pyramid.nodes.slice(0, 2),
      weights: { w: { shape: [1, 3, 1, 1], data: [0, 1, 0] } },
    };
    const x = createPlanes(3, 20, 30);
    x.data.fill(0.25);
    const { map } = await detectOnnxEdges(x, await openOnnxNet(onnxFile(fixed)));
    expect([map.height, map.width]).toEqual([20, 30]);
    map.data.forEach((sample) => expect(sample).toBeCloseTo(0.25, 6));
  });

  test('of several outputs gives the last, or the one that is named or numbered', async () => {
    const two: Graph = {
      ...pyramid,
      outputs: [{ name: 'grey', shape: [1, 1, 'h', 'w'] }, MAP],
    };
    const x = picture(3, 4, 6);
    const of = async (output?: string | number) => {
      const net = await openOnnxNet(onnxFile(two), output === undefined ? {} : { output });
      return [net.output, (await detectOnnxEdges(x, net)).map.data[0]];
    };
    expect(await of()).toEqual(await of('map'));
    expect(await of(1)).toEqual(await of('grey'));
    expect((await of(1))[0]).toBe('grey');
    await expect(of('gray')).rejects.toThrow(
      'Expected one of grey, map, or a number from 1 to 2, for output but received gray; did you mean grey?',
    );
  });

  test('of several scales gives the mean of its likelihoods; lines and thresholds are those of contours', async () => {
    const net = await openOnnxNet(onnxFile(sum([1, 0, 0])));
    const x = createPlanes(3, 8, 8);
    for (let y = 0; y < 8; y++) x.data[y * 8 + 3] = 0.5;
    const whole = await detectOnnxEdges(x, net);
    const cut = await detectOnnxEdges(x, net, { threshold: 0.25 });
    expect(cut.thresholds).toEqual({ high: 0.25 });
    expect(Array.from(cut.map.data)).toEqual(Array.from(whole.map.data, (sample) => (sample > 0.25 ? 1 : 0)));
    const half = (await detectOnnxEdges(x, net, { scales: [0.5] })).map.data[3];
    const both = (await detectOnnxEdges(x, net, { scales: [0.5, 1] })).map.data[3];
    expect(half).not.toBe(0.5);
    expect(both).toBeCloseTo((half + 0.5) / 2, 6);
    const { map } = await detectOnnxEdges(x, net, { thin: true });
    expect(map.data.some((sample) => sample > 0)).toBe(true);
    await expect(detectOnnxEdges(x, net, { color: 'max' } as object)).rejects.toThrow(
      'Expected no color with a net for color but received max',
    );
  });
});

describe('is refused', () => {
  const x = picture(3, 4, 6);
  const open = (graph: Graph, options = {}) => openOnnxNet(onnxFile(graph), options);

  test('what answers logits, with what makes likelihoods of them', async () => {
    await expect(detectOnnxEdges(x, await open(sum([9, -9, 0])))).rejects.toThrow(
      /^Expected likelihoods from 0 to 1 \(the activation sigmoid makes them of logits\) for output map of the net but received -?\d/,
    );
    const { map } = await detectOnnxEdges(x, await open(sum([9, -9, 0]), { activation: 'sigmoid' }));
    expect(Math.min(...map.data)).toBeGreaterThanOrEqual(0);
  });

  test('what takes no picture', async () => {
    const odd = { ...sum([]), weights: { w: { shape: [1, 4, 1, 1], data: [1, 1, 1, 1] } } };
    await expect(open({ ...odd, input: image([1, 4, 'h', 'w']) })).rejects.toThrow(
      'Expected a picture, 1×C×H×W or 1×H×W×C with C 1 or 3, for input image of the net but received 1×4×h×w',
    );
    const doubles: Graph = {
      input: image(OPEN, 11),
      outputs: [],
      nodes: [{ type: 'Identity', inputs: ['image'], output: 'map' }],
    };
    await expect(open({ ...doubles, outputs: [MAP] })).rejects.toThrow();
  });

  test('what answers several maps', async () => {
    const all: Graph = {
      input: image(),
      outputs: [{ name: 'map', shape: OPEN }],
      nodes: [{ type: 'Identity', inputs: ['image'], output: 'map' }],
    };
    await expect(detectOnnxEdges(x, await open(all))).rejects.toThrow(
      'Expected one map (H×W, and lengths of 1) for output map of the net but received 1×3×4×6',
    );
  });

  test('a picture that the net cannot take, with what its runtime says', async () => {
    const narrow: Graph = {
      ...sum([]),
      nodes: [
        { type: 'Conv', inputs: ['image', 'w'], output: 'grey' },
        { type: 'Mul', inputs: ['grey', 'five'], output: 'map' },
      ],
      weights: { w: { shape: [1, 3, 1, 1], data: [0, 1, 0] }, five: { shape: [5], data: [1, 1, 1, 1, 1] } },
    };
    await expect(detectOnnxEdges(x, await open(narrow))).rejects.toThrow(
      /^Expected a net that takes a picture of 6×4 pixels for onnxruntime-(node|web) but received /,
    );
  });

  test('a word of the input that is none', () => {
    expect(() => netInput('imagnet')).toThrow('did you mean imagenet?');
    expect(() => netInput('white 0')).toThrow('Expected a number above 0 for white of input but received 0');
    expect(() => netInput('mean 1,2')).toThrow(
      'Expected one number, or three with commas between them, for mean of input but received 1,2',
    );
    expect(netInput('bgr white 255 mean 104 deviation 2')).toEqual({
      order: 'bgr',
      white: 255,
      mean: [104, 104, 104],
      deviation: [2, 2, 2],
    });
  });
});

describe('a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corr2d-onnx-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('that is none of ONNX, or cut short, is told by name', async () => {
    const path = join(folder, 'net.onnx');
    const bytes = onnxFile(sum([1, 0, 0]));
    for (const contents of ['hello', bytes.subarray(0, bytes.length - 40)]) {
      await writeFile(path, contents);
      await expect(openOnnxNet(path)).rejects.toThrow(
        /^Expected a net that onnxruntime-(node|web) runs in .*net\.onnx but it said: /,
      );
    }
    await writeFile(path, bytes);
    const net = await openOnnxNet(path);
    expect(net.feed).toEqual({ name: 'image', isPlanar: true, channels: 3, height: undefined, width: undefined });
    await net.close();
  });
});
