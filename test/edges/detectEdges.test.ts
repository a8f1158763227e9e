import { describe, expect, test } from 'vitest';
import {
  detectEdges,
  edgeSheet,
  kernel,
  magnitude,
  type Picture,
  type Planes,
  planes,
  toNested,
} from '../../src/core.ts';
import { kernelOperatorNames } from '../../src/edges/operators/operators.ts';
import fc from '../support/fc.ts';

/** A step from black to white between columns 2 and 3, in the samples of a given white. */
function verticalStep(white: number): Planes {
  return planes(
    Array.from({ length: 6 }, () => [0, 0, 0, white, white, white]),
    white,
  );
}

const transpose = (p: Planes): Planes =>
  planes(
    toNested(p).map((rows) => rows[0].map((_, x) => rows.map((row) => row[x]))),
    p.white,
  );

const largest = (p: Planes): number => p.data.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

describe('detectEdges', () => {
  test.each(kernelOperatorNames.filter((name) => !name.endsWith('-y') && name !== 'roberts-x'))(
    '%s answers white to a straight step from black to white',
    (operator) => {
      for (const white of [1, 255, 65535]) {
        expect(largest(detectEdges(verticalStep(white), { operator }).map) / white).toBeCloseTo(1, 5);
      }
    },
  );

  test.each(kernelOperatorNames.filter((name) => name.endsWith('-y')))('%s finds a step between rows', (operator) => {
    expect(largest(detectEdges(transpose(verticalStep(255)), { operator }).map) / 255).toBeCloseTo(1, 6);
  });

  test.each(['difference-y', 'prewitt-y', 'sobel-y', 'scharr-y'])(
    '%s does not see a step between columns',
    (operator) => {
      expect(largest(detectEdges(verticalStep(255), { operator }).map)).toBe(0);
    },
  );

  test('keeps the sign of a single kernel, and the difference is the chapter’s left minus right', () => {
    const row = toNested(detectEdges(verticalStep(255), { operator: 'difference-x' }).map)[0][0];
    expect(row).toEqual([0, 0, 0, -255, 0, 0]);
  });

  test('gives an empty map for a flat picture, for every operator', () => {
    const flat = planes(
      Array.from({ length: 5 }, () => [7, 7, 7, 7]),
      255,
    );
    for (const operator of kernelOperatorNames) {
      // Of taps that are no whole numbers there is a rest of rounding, which no threshold of the picture's own lets pass.
      expect(largest(detectEdges(flat, { operator }).map), operator).toBeLessThan(255e-6);
      if (operator === 'canny') continue;
      for (const threshold of ['otsu', 'q50', 'q0', '10%', 'median']) {
        expect(largest(detectEdges(flat, { operator, threshold }).map), `${operator} ${threshold}`).toBe(0);
      }
    }
    for (const operator of ['sobel', 'prewitt', 'scharr', 'roberts', 'difference', 'laplacian', 'kirsch', 'canny']) {
      expect(largest(detectEdges(flat, { operator }).map), operator).toBe(0);
    }
  });

  test('takes a user’s kernel, and a pair of kernels as magnitude, as they are', () => {
    const x = planes([[0, 3, 3]]);
    expect(toNested(detectEdges(x, { operator: kernel([[1, -1]]) }).map)).toEqual([[[0, -3, 0]]]);
    const pair = [kernel([[1, -1]]), kernel([[4 / 3, -4 / 3]])] as const;
    expect(toNested(detectEdges(x, { operator: pair }).map)[0][0][1]).toBeCloseTo(5, 6);
    expect(toNested(detectEdges(x, { operator: pair, magnitude: 'l1' }).map)[0][0][1]).toBeCloseTo(7, 6);
  });

  test('sees an edge between colours of one brightness by its strongest channel, not by luma', () => {
    // 0.299 · 587 = 0.587 · 299: red and green of equal luma.
    const x = planes([[[587, 587, 0, 0]], [[0, 0, 299, 299]], [[0, 0, 0, 0]]]);
    expect(largest(detectEdges(x).map)).toBeLessThan(1e-3);
    expect(toNested(detectEdges(x, { color: 'max' }).map)).toEqual([[[0, 587, 587, 0]]]);
    const each = detectEdges(x, { color: 'each' }).map;
    expect(each.channels).toBe(3);
    expect(toNested(each)[1]).toEqual([[0, 299, 299, 0]]);
  });

  test('lets a kernel of three input channels see the colours themselves', () => {
    const x = planes([[[1, 1]], [[10, 20]], [[100, 100]]]);
    const k = kernel([[[1]], [[2]], [[3]]].map((rows) => rows));
    expect(toNested(detectEdges(x, { operator: k }).map)).toEqual([[[321, 341]]]);
  });

  test('makes a binary map of 0 and white, and reports what the threshold came to', () => {
    const x = verticalStep(255);
    for (const threshold of [0.5, '0.5', '50%', 'q50', 'otsu', 'median']) {
      const { map, thresholds } = detectEdges(x, { threshold });
      expect([...new Set(map.data)].sort((a, b) => a - b)).toEqual([0, 255]);
      expect(thresholds?.high).toBeGreaterThanOrEqual(0);
      expect(toNested(map)[0][2]).toEqual([0, 0, 255, 255, 0, 0]);
    }
    expect(detectEdges(x, { threshold: 0.5 }).thresholds).toEqual({ high: 0.5 });
    expect(detectEdges(x, { threshold: 1 }).map.data.every((v) => v === 0)).toBe(true);
  });

  test('answers the same, turned, on a transposed picture', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 7, maxLength: 7 }), {
          minLength: 5,
          maxLength: 5,
        }),
        fc.constantFrom('difference', 'prewitt', 'sobel', 'scharr', 'laplacian'),
        (rows, operator) => {
          const x = planes(rows, 255);
          const turned = detectEdges(transpose(x), { operator }).map;
          const map = transpose(detectEdges(x, { operator }).map);
          for (let i = 0; i < map.data.length; i++) expect(turned.data[i]).toBeCloseTo(map.data[i], 3);
        },
      ),
    );
  });

  test.each([
    [
      { operator: 'sobol' },
      /^Expected one of difference, .*, or a kernel for operator but received sobol; did you mean sobel\?$/,
    ],
    [{ color: 'hue' }, /^Expected one of luma, max, each, di-zenzo for color but received hue$/],
    [{ magnitude: 'l3' }, /^Expected one of l1, l2 for magnitude but received l3; did you mean l1 or l2\?$/],
    [
      { operator: 'laplacian', magnitude: 'l3' },
      /^Expected one of l1, l2 for magnitude but received l3; did you mean l1 or l2\?$/,
    ],
    [{ operator: null }, /^Expected a kernel .* for operator but received null$/],
    [{ operator: [kernel([[1]])] }, /^Expected one kernel or two for operator but received 1$/],
    [{ operator: [kernel([[1]]), {}] }, /^Expected a kernel .* for operator\[1\] but received \{\}$/],
    [{ threshold: 'hot' }, /^Expected a number from 0 .* for threshold but received hot$/],
    [{ threshold: -1 }, /for threshold but received -1$/],
    [{ threshold: '120%' }, /for threshold but received 120%$/],
    [{ border: 'reflect' }, /reflect101 .* or symmetric .* but received reflect, which means both$/],
    [
      { operator: kernel([[[1]], [[1]]]) },
      /^Expected a picture of 2 channels for a kernel of 2 input channels but received 1$/,
    ],
  ])('refuses %j with a sentence', (options, message) => {
    expect(() => detectEdges(planes([[1, 2]]), options as never)).toThrow(message);
  });

  test.each([
    ['detectEdges', (x: never) => detectEdges(x)],
    ['detectEdges that stores', (x: never) => detectEdges(x, { store: {} })],
    ['edgeSheet', (x: never) => edgeSheet(x)],
  ])('%s refuses what is no picture', (_, edges) => {
    for (const x of [undefined, null, {}, { planes: 7 }]) {
      expect(() => edges(x as never)).toThrow(/^Expected planes .* for the picture but received/);
    }
  });

  test('a picture may lack what is known beside its samples', () => {
    const loose = { planes: verticalStep(255) } as Picture;
    expect(detectEdges(loose, { store: {} }).map.stored.samples).toContain(255);
    expect(edgeSheet(loose).channels).toBe(1);
  });
});

describe('magnitude', () => {
  test('refuses pictures of two shapes', () => {
    const sentence = 'Expected planes of one shape for magnitude but received 1×1×2 and 1×2×1';
    expect(() => magnitude(planes([[1, 2]]), planes([[1], [2]]))).toThrow(sentence);
  });
});
