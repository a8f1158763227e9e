import { describe, expect, test } from 'vitest';
import { Abs } from '../../src/layers/abs.ts';
import type { Layer } from '../../src/layers/layer.ts';
import { ReLU } from '../../src/layers/relu.ts';
import { Sigmoid } from '../../src/layers/sigmoid.ts';
import { Square } from '../../src/layers/square.ts';
import { createPlanes, type Planes, planes, toNested } from '../../src/planes/planes.ts';
import { scattered } from '../support/layerChecks.ts';

const functions: [string, () => Layer, (x: number) => number][] = [
  ['ReLU', ReLU, (x) => Math.max(0, x)],
  ['Abs', Abs, (x) => Math.abs(x)],
  ['Square', Square, (x) => x ** 2],
  ['Sigmoid', Sigmoid, (x) => Math.exp(x) / (Math.exp(x) + 1)],
];

/** No sample is 0, where some of the functions have a corner. */
function samples(white?: number): Planes {
  const x = createPlanes(2, 3, 20, white);
  for (let i = 0; i < x.data.length; i++) x.data[i] = (white ?? 1) * (((i * 37) % 120) - 59.5) * 0.125;
  return x;
}

describe.each(functions)('%s', (type, create, value) => {
  test('forward is the function of every sample, in units of white', () => {
    for (const white of [1, 255]) {
      const x = samples(white);
      const y = create().forward(x);
      expect([y.channels, y.height, y.width, y.white]).toEqual([2, 3, 20, white]);
      y.data.forEach((found, i) => {
        const wanted = value(x.data[i] / white) * white;
        expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-7 * Math.abs(wanted));
      });
    }
  });

  test('backward is the central difference of the function, times the gradient', () => {
    for (const white of [1, 255]) {
      const x = samples(white);
      const layer = create();
      layer.forward(x);
      const g = scattered(2, 3, 20, 4);
      const slopes = layer.backward(g);
      expect([slopes.channels, slopes.height, slopes.width]).toEqual([2, 3, 20]);
      slopes.data.forEach((slope, i) => {
        const at = x.data[i] / white;
        const step = 2 ** -10;
        const wanted = (g.data[i] * (value(at + step) - value(at - step))) / (2 * step);
        expect(Math.abs(slope - wanted)).toBeLessThanOrEqual(1e-6 * Math.abs(wanted) + 1e-9);
      });
    }
  });

  test('has no parameters, looks at one sample, says its name', () => {
    const layer = create();
    expect(layer).toMatchObject({ type, parameters: [], reach: { size: [1, 1], stride: [1, 1], offset: [0, 0] } });
    expect(layer.inputs).toBeUndefined();
    expect(layer.toJSON()).toEqual({ type });
  });

  test('does not write into what it is given', () => {
    const layer = create();
    const x = samples();
    const g = scattered(2, 3, 20, 4);
    layer.forward(x);
    layer.backward(g);
    expect([x, g]).toEqual([samples(), scattered(2, 3, 20, 4)]);
  });

  test('refuses a backward before a forward, or of another shape', () => {
    const layer = create();
    expect(() => layer.backward(planes([[1]]))).toThrow(`Expected a forward before it for backward of ${type}`);
    layer.forward(planes([[1, 2]]));
    expect(() => layer.backward(planes([[1]]))).toThrow(
      `Expected planes of 1×1×2, its output's shape, for the gradient of ${type} but received 1×1×1`,
    );
    expect(() => layer.forward({ ...planes([[1]]), width: 2 })).toThrow(
      `Expected 2 samples for the input of ${type} of 1×1×2 but received 1`,
    );
  });

  test('hands on what is not a number', () => {
    expect(create().forward(planes([[Number.NaN]])).data[0]).toBeNaN();
  });
});

test.each<[string, Layer, number[]]>([
  ['ReLU', ReLU(), [0, 0, 0, 0, 5]],
  ['Abs', Abs(), [-5, 0, 0, 5, 5]],
])('the slope of %s at 0 is 0, at both zeros', (_, layer, wanted) => {
  layer.forward(planes([[-1e-45, -0, 0, layer.type === 'ReLU' ? -1 : 1, 1e-45]]));
  expect(toNested(layer.backward(planes([[5, 5, 5, 5, 5]])))[0][0].map((slope) => slope + 0)).toEqual(wanted);
});

test('no response of ReLU and Abs is −0', () => {
  for (const layer of [ReLU(), Abs()]) expect(toNested(layer.forward(planes([[-0, 0]])))).toEqual([[[0, 0]]]);
});

test('Sigmoid holds its ends, and its slope far out keeps its digits', () => {
  const layer = Sigmoid();
  const y = layer.forward(planes([[-1000, -30, 30, 1000]]));
  expect(y.data).toEqual(Float32Array.of(0, Math.exp(-30), 1, 1));
  const slopes = layer.backward(planes([[1, 1, 1, 1]]));
  expect(slopes.data).toEqual(Float32Array.of(0, Math.exp(-30), Math.exp(-30), 0));
});
