import { describe, expect, test } from 'vitest';
import { Upsample2d } from '../../src/layers/upsample2d.ts';
import { createPlanes, type Planes, planes, toNested } from '../../src/planes/planes.ts';
import { centralDifference, product, scattered } from '../support/layerChecks.ts';

test('outputs stand between the centres of samples, the outermost of which go on', () => {
  expect(
    toNested(
      Upsample2d().forward(
        planes([
          [0, 4],
          [8, 12],
        ]),
      ),
    ),
  ).toEqual([
    [
      [0, 1, 3, 4],
      [2, 3, 5, 6],
      [6, 7, 9, 10],
      [8, 9, 11, 12],
    ],
  ]);
  expect(toNested(Upsample2d({ factor: [1, 4] }).forward(planes([[0, 8]])))).toEqual([[[0, 0, 1, 3, 5, 7, 8, 8]]]);
  expect(toNested(Upsample2d({ factor: 3 }).forward(planes([[7]])))).toEqual([
    Array.from({ length: 3 }, () => [7, 7, 7]),
  ]);
});

test('white stays as it is, and channels go by themselves', () => {
  const y = Upsample2d({ factor: [1, 2] }).forward(planes([[[0, 4]], [[8, 0]]], 255));
  expect(y).toEqual(planes([[[0, 1, 3, 4]], [[8, 6, 2, 0]]], 255));
});

test.each([1, 2, 3, 4, [2, 3], [5, 1]] as const)('backward is the slope of forward, factor %j', (factor) => {
  const layer = Upsample2d({ factor });
  const x = scattered(2, 3, 4, 1);
  const y = layer.forward(x);
  const g = scattered(y.channels, y.height, y.width, 2);
  const slopes = layer.backward(g);
  expect([slopes.channels, slopes.height, slopes.width]).toEqual([2, 3, 4]);
  slopes.data.forEach((slope, i) => {
    expect(Math.abs(centralDifference(x.data, i, 1, () => product(layer.forward(x), g)) - slope)).toBeLessThan(1e-3);
  });
});

test.each([1, 2, 3, 4, 5, 6, 7])(
  'its reach holds all samples that an output sees, and none less: factor %d',
  (factor) => {
    const layer = Upsample2d({ factor: [factor, 1] });
    const { size, stride, offset } = layer.reach;
    const height = 5;
    const unit = (row: number): Planes => {
      const x = createPlanes(1, height, 1);
      x.data[row] = 1;
      return x;
    };
    const seen = Array.from({ length: height }, (_, row) => layer.forward(unit(row)).data);
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    // Rows whose windows leave the picture see its outermost ones instead.
    for (let i = factor; i < (height - 1) * factor; i++) {
      const rows = seen.flatMap((response, row) => (response[i] === 0 ? [] : [row]));
      first = Math.min(first, Math.min(...rows) - i * stride[0]);
      last = Math.max(last, Math.max(...rows) - i * stride[0]);
    }
    expect(offset[0]).toBeCloseTo(first, 12);
    expect(offset[0] + size[0] - 1).toBeCloseTo(last, 12);
  },
);

test('what it says of itself', () => {
  const layer = Upsample2d({ factor: [2, 3] });
  expect(layer.toJSON()).toEqual({ type: 'Upsample2d', factor: [2, 3] });
  expect(layer.outputShape?.({ channels: 4, height: 5, width: 6 })).toEqual({ channels: 4, height: 10, width: 18 });
});

describe('refuses', () => {
  test.each([
    [{ factor: 0 }, 'Expected a whole number of at least 1 for factor but received 0'],
    [{ factor: 1.5 }, 'Expected a whole number of at least 1 for factor but received 1.5'],
    [{ mode: 'nearest' }, 'Expected one of factor for an option of Upsample2d but received mode'],
  ])('%j', (options, message) => {
    expect(() => Upsample2d(options as object)).toThrow(message);
  });

  test('a backward that does not fit', () => {
    const layer = Upsample2d();
    expect(() => layer.backward(createPlanes(1, 1, 1))).toThrow('Expected a forward before it');
    layer.forward(createPlanes(1, 2, 3));
    expect(() => layer.backward(createPlanes(1, 2, 3))).toThrow(
      "Expected planes of 1×4×6, its output's shape, for the gradient of Upsample2d but received 1×2×3",
    );
  });
});
