import { describe, expect, test } from 'vitest';
import { Magnitude } from '../../src/layers/magnitude.ts';
import { planes, toNested } from '../../src/planes/planes.ts';
import { centralDifference, product, scattered } from '../support/layerChecks.ts';

describe('Magnitude', () => {
  test('is the length of the channels two by two', () => {
    const y = Magnitude().forward(planes([[[3, 5]], [[-4, 12]], [[8, 0]], [[15, -2]]], 255));
    expect(y).toEqual(planes([[[5, 13]], [[17, 2]]], 255));
  });

  test('neither overflows nor vanishes in Float32', () => {
    const y = Magnitude().forward(planes([[[3e30, 3e-30]], [[4e30, 4e-30]]]));
    expect(y.data).toEqual(Float32Array.of(5e30, 5e-30));
  });

  test('backward is the central difference of the length, times the gradient', () => {
    const x = scattered(4, 3, 5, 1);
    // Away from (0, 0), where there is a corner.
    x.data.forEach((sample, i) => (x.data[i] = sample + 0.5));
    const layer = Magnitude();
    const y = layer.forward(x);
    const g = scattered(2, 3, 5, 2);
    const slopes = layer.backward(g);
    expect([slopes.channels, slopes.height, slopes.width]).toEqual([4, 3, 5]);
    const length = (channel: number, at: number): number =>
      Math.hypot(x.data[2 * channel * 15 + at], x.data[(2 * channel + 1) * 15 + at]);
    const loss = (): number =>
      Array.from(y.data, (_, i) => g.data[i] * length(Math.floor(i / 15), i % 15)).reduce((a, b) => a + b);
    slopes.data.forEach((slope, i) => {
      const wanted = centralDifference(x.data, i, 2 ** -12, loss);
      expect(Math.abs(slope - wanted)).toBeLessThan(1e-6 * 9);
    });
    // Scaling a vector scales its length (Euler): ⟨x, slopes⟩ = ⟨y, g⟩.
    expect(product(x, slopes)).toBeCloseTo(product(y, g), 4);
  });

  test('the slope where both are 0 is 0', () => {
    const layer = Magnitude();
    layer.forward(planes([[[0, 3]], [[0, 0]]]));
    expect(toNested(layer.backward(planes([[7, 7]])))).toEqual([[[0, 7]], [[0, 0]]]);
  });

  test('has half as many outputs as inputs', () => {
    expect(Magnitude().outputs?.(6)).toBe(3);
    expect(Magnitude().inputs).toBeUndefined();
    expect(Magnitude().toJSON()).toEqual({ type: 'Magnitude' });
  });

  test('refuses an odd number of channels, and gradients that do not fit', () => {
    const layer = Magnitude();
    expect(() => layer.forward(scattered(3, 1, 1, 1))).toThrow(
      'Expected an even number of channels for the input of Magnitude but received 3',
    );
    expect(() => layer.backward(scattered(1, 1, 1, 1))).toThrow(
      'Expected a forward before it for backward of Magnitude',
    );
    layer.forward(scattered(4, 1, 1, 1));
    expect(() => layer.backward(scattered(4, 1, 1, 1))).toThrow(
      "Expected planes of 2×1×1, its output's shape, for the gradient of Magnitude but received 4×1×1",
    );
  });
});
