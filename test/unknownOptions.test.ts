import { describe, expect, test } from 'vitest';
import * as corr2dModule from '../src/index.ts';

/**
 * Every function of the library that takes options, called as JavaScript would with one that is mistyped, and with none at fault.
 * What needs a file or a pair is called with nothing at all: the options are looked at first.
 */
const { planes, kernel, createVolume, ExpectationError, ...library }: typeof corr2dModule = corr2dModule;

const x = planes([[0, 1, 2]]);
const k = kernel([[1]]);
const stored = { samples: Uint8Array.of(1, 2), height: 1, width: 2, stride: 1, channels: 1, white: 255 } as const;
const picture = { planes: x, depth: 8, lossy: false, metadata: {} } as const;
const conv = { inChannels: 1, outChannels: 1, kernelSize: 1 };

type Call = (options: never) => unknown;

const calls: Readonly<Record<string, readonly [call: Call, mistyped: string, meant: string]>> = {
  corr2d: [(options) => library.corr2d(x, k, options), 'strides', 'stride'],
  convolve2d: [(options) => library.convolve2d(x, k, options), 'boarder', 'border'],
  corr2dAsync: [(options) => library.corr2dAsync(x, k, options), 'thread', 'threads'],
  corr1d: [(options) => library.corr1d([1, 2], [1], options), 'pading', 'padding'],
  convolve1d: [(options) => library.convolve1d([1, 2], [1], options), 'Padding', 'padding'],
  corr3d: [(options) => library.corr3d(createVolume(1, 1, 1, 1), [[[1]]], options), 'dilatation', 'dilation'],
  outputShape: [(options) => library.outputShape(x, k, options), 'stirde', 'stride'],
  gaussianSmooth: [(options) => library.gaussianSmooth(x, 1, options), 'raduis', 'radius'],
  allocatePlanes: [(options) => library.allocatePlanes(1, 1, 1, 1, options), 'share', 'shared'],
  filterPicture: [(options) => library.filterPicture(picture, k, options), 'precison', 'precision'],
  detectEdges: [(options) => library.detectEdges(x, options), 'treshold', 'threshold'],
  edgeSheet: [(options) => library.edgeSheet(x, options), 'colour', 'color'],
  kernel: [(options) => kernel([[1]], options), 'Bias', 'bias'],
  formatKernel: [(options) => library.formatKernel(k, 'json', options), 'borders', 'border'],
  Conv2d: [(options) => library.Conv2d({ ...conv, ...(options as object) }), 'strides', 'stride'],
  denseEquivalent: [(options) => library.denseEquivalent({ kernel: k }, [1, 1], options), 'matrx', 'matrix'],
  learnKernel: [(options) => library.learnKernel([], options), 'sise', 'size'],
  fitModel: [(options) => library.fitModel(library.Sequential(library.ReLU()), [], options), 'epoch', 'epochs'],
  readImage: [(options) => library.readImage('no such file', options), 'limitPixel', 'limitPixels'],
  readImageAsync: [(options) => library.readImageAsync('no such file', options), 'sgnal', 'signal'],
  encodeImageAsync: [(options) => library.encodeImageAsync(x, options), 'formt', 'format'],
  detectEdgesAsync: [(options) => library.detectEdgesAsync('no such file', options), 'operater', 'operator'],
  filterAsync: [(options) => library.filterAsync('no such file', k, options), 'encod', 'encode'],
  compareImagesAsync: [(options) => library.compareImagesAsync(x, x, options), 'metrik', 'metric'],
  limitBackground: [(options) => library.limitBackground(options), 'thread', 'threads'],
  encodeImage: [(options) => library.encodeImage(x, options), 'qualitiy', 'quality'],
  writeImage: [(options) => library.writeImage('x.png', x, options), 'overwirte', 'overwrite'],
  writeKernel: [(options) => library.writeKernel('x.json', k, options), 'notaton', 'notation'],
  writeModel: [
    (options) => library.writeModel('x.json', library.Sequential(library.ReLU()), options),
    'overWrite',
    'overwrite',
  ],
};

describe.each(Object.entries(calls))('%s', (name, [call, mistyped, meant]) => {
  const refusal = async (options: unknown): Promise<unknown> => {
    try {
      return await call(options as never);
    } catch (error) {
      return error;
    }
  };

  test(`refuses ${mistyped}, and asks whether ${meant} was meant`, async () => {
    const error = await refusal({ [mistyped]: 1 });
    expect(error).toBeInstanceOf(ExpectationError);
    expect((error as Error).message).toMatch(/^Expected one of .*\b\w+ for an option of \w+ but received /);
    expect((error as Error).message).toContain(
      ` for an option of ${name} but received ${mistyped}; did you mean ${meant}?`,
    );
  });

  test.skipIf(name === 'Conv2d')('refuses what is no object of options', async () => {
    for (const options of [null, 'sobel', 3, [1]]) {
      const error = await refusal(options);
      expect(error).toBeInstanceOf(ExpectationError);
      expect((error as Error).message).toContain(`Expected an object for the options of ${name} but received `);
    }
  });
});

test('the options of functions that lead to others are theirs', () => {
  expect(library.toNested(library.convolve2d(x, k, { padding: 'same' }))).toEqual([[[0, 1, 2]]]);
  expect(library.outputShape(x, k, { border: 'wrap', precision: 'fast' } as object)).toEqual({
    channels: 1,
    height: 1,
    width: 3,
  });
  const how = { padding: 'same', border: 'wrap', stride: 2 } as const;
  const store = { map: 'abs', rounding: 'truncate', depth: 8 } as const;
  expect(Array.from(library.filterPicture(library.pictureFrom(stored), k, { ...how, store }).stored.samples)).toEqual([
    1,
  ]);
});
