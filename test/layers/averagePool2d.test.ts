import { describe, expect, test } from 'vitest';
import { AveragePool2d } from '../../src/layers/averagePool2d.ts';
import { createPlanes, planes, toNested } from '../../src/planes/planes.ts';
import { centralDifference, product, scattered } from '../support/layerChecks.ts';

test('each window gives its mean, and what fills no window is left out', () => {
  const x = planes([
    [1, 3, 0, 8, 9],
    [5, 7, 4, 0, 9],
    [9, 9, 9, 9, 9],
  ]);
  expect(toNested(AveragePool2d().forward(x))).toEqual([[[4, 3]]]);
  expect(toNested(AveragePool2d({ size: [3, 1] }).forward(x))).toEqual([
    [[5, Math.fround(19 / 3), Math.fround(13 / 3), Math.fround(17 / 3), 9]],
  ]);
  expect(AveragePool2d({ size: 1 }).forward(x)).toEqual(x);
});

test('white stays as it is, and channels go by themselves', () => {
  const y = AveragePool2d({ size: [1, 2] }).forward(planes([[[0, 255]], [[10, 20]]], 255));
  expect(y).toEqual(planes([[[127.5]], [[15]]], 255));
});

test.each([1, 2, 3, [2, 3], [4, 1]] as const)('backward is the slope of forward, size %j', (size) => {
  const layer = AveragePool2d({ size });
  const x = scattered(2, 7, 8, 1);
  const y = layer.forward(x);
  const g = scattered(y.channels, y.height, y.width, 2);
  const slopes = layer.backward(g);
  expect([slopes.channels, slopes.height, slopes.width]).toEqual([2, 7, 8]);
  slopes.data.forEach((slope, i) => {
    expect(centralDifference(x.data, i, 1, () => product(layer.forward(x), g))).toBeCloseTo(slope, 4);
  });
});

test('what it says of itself', () => {
  const layer = AveragePool2d({ size: [2, 3] });
  expect(layer.toJSON()).toEqual({ type: 'AveragePool2d', size: [2, 3] });
  expect(layer.reach).toEqual({ size: [2, 3], stride: [2, 3], offset: [0, 0] });
  expect(layer.outputShape?.({ channels: 4, height: 5, width: 9 })).toEqual({ channels: 4, height: 2, width: 3 });
});

describe('refuses', () => {
  test.each([
    [{ size: 0 }, 'Expected a whole number of at least 1 for size but received 0'],
    [{ size: [2, 0.5] }, 'Expected a whole number of at least 1 for size of columns but received 0.5'],
    [{ stride: 2 }, 'Expected one of size for an option of AveragePool2d but received stride'],
  ])('%j', (options, message) => {
    expect(() => AveragePool2d(options as object)).toThrow(message);
  });

  test('a picture smaller than a window, and a backward that does not fit', () => {
    const layer = AveragePool2d({ size: 3 });
    expect(() => layer.backward(createPlanes(1, 1, 1))).toThrow('Expected a forward before it');
    expect(() => layer.forward(createPlanes(1, 2, 9))).toThrow(
      'Expected a picture of at least 3×3 for AveragePool2d but received 2×9',
    );
    layer.forward(createPlanes(1, 7, 9));
    expect(() => layer.backward(createPlanes(1, 7, 9))).toThrow(
      "Expected planes of 1×2×3, its output's shape, for the gradient of AveragePool2d but received 1×7×9",
    );
  });
});
