import { describe, expect, test } from 'vitest';
import {
  Conv2d,
  createPlanes,
  type DetectOptions,
  detectEdges,
  edgeSheet,
  kernel,
  orientation,
  planes,
  type Planes,
  toNested,
} from '../../src/core.ts';
import { turns } from '../../src/edges/gradient/orientation.ts';
import { insideOf } from '../../src/edges/lines/mask.ts';
import { kernelOperatorNames } from '../../src/edges/operators/operators.ts';
import { operatorOf } from '../../src/edges/operators/operators.ts';
import { scaleAt } from '../../src/edges/operators/stepScale.ts';
import { edgesOfSamples } from '../support/ofSamples.ts';

/** Brighter on one side of a line through the middle; `angle` in degrees, downwards from the right, is where it brightens. */
function halfPlane(angle: number, side = 41, white = 255): Planes {
  const picture = createPlanes(1, side, side, white);
  const [x, y] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const middle = (side - 1) / 2;
  for (let i = 0; i < picture.data.length; i++) {
    const across = ((i % side) - middle) * x + (Math.floor(i / side) - middle) * y;
    picture.data[i] = white / (1 + Math.exp(-across));
  }
  return picture;
}

const middle = (p: Planes): number => p.data[((p.height - 1) / 2) * p.width + (p.width - 1) / 2];
const largest = (p: Planes): number => p.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('orientation', () => {
  const directed = ['difference', 'roberts', 'prewitt', 'sobel', 'scharr', 'farid', 'kirsch', 'gaussian-gradient'];
  test.each(directed)('%s points where the picture brightens', (operator) => {
    for (const angle of [0, 45, 90, 135, 180, -135, -90, -45]) {
      const found = detectEdges(halfPlane(angle), { operator, orientation: true }).orientation as Planes;
      const apart = Math.abs(Math.cos((angle * Math.PI) / 180 - middle(found)) - 1);
      expect(apart, `${operator} at ${angle}°`).toBeLessThan(1e-3);
    }
  });

  test('is a turn of 65536 in 16 bits', () => {
    const angles = orientation(planes([[1, 0, -1, 0, 0]]), planes([[0, 1, 0, -1, 0]]));
    expect(toNested(turns(angles))).toEqual([[[0, 16_384, 32_768, 49_152, 0]]]);
    expect(Math.max(...turns(planes([[-1e-9, Math.PI, -Math.PI]])).data)).toBeLessThan(65_536);
  });
});

describe('scales', () => {
  const step = planes(Array.from({ length: 80 }, () => Array.from({ length: 80 }, (_, x) => (x < 40 ? 0 : 1))));
  const named = kernelOperatorNames.filter((name) => name !== 'canny' && !name.endsWith('-y'));
  test.each(named)('%s answers white to a step at every sigma', (operator) => {
    for (const sigma of [0.6, 1, 2.5, 4]) {
      expect(largest(detectEdges(step, { operator, sigma }).map), `sigma ${sigma}`).toBeCloseTo(1, 4);
    }
  });

  test.each([5, 7] as const)('sobel and laplacian of aperture %i answer white to a step', (aperture) => {
    for (const operator of ['sobel', 'sobel-x', 'laplacian']) {
      expect(largest(detectEdges(step, { operator, aperture }).map)).toBeCloseTo(1, 5);
    }
  });

  test('of several scales the strongest response counts, with its direction', () => {
    const picture = halfPlane(30);
    const sigmas = [1, 3];
    const [fine, coarse] = sigmas.map((sigma) => detectEdges(picture, { sigma, orientation: true }));
    const both = detectEdges(picture, { sigma: sigmas, orientation: true });
    for (let i = 0; i < picture.data.length; i++) {
      const stronger = Math.abs(coarse.map.data[i]) > Math.abs(fine.map.data[i]) ? coarse : fine;
      expect(both.map.data[i]).toBe(stronger.map.data[i]);
      expect(both.orientation?.data[i]).toBe(stronger.orientation?.data[i]);
    }
  });

  test('a user’s kernel is taken as it is, smoothed or not', () => {
    expect(scaleAt(operatorOf({ ...operatorOfSobel(), name: 'own' }), 2)).toBe(1);
    expect(scaleAt(operatorOf('sobel', { convention: 'opencv' }), 2)).toBe(1);
  });
});

function operatorOfSobel() {
  const operator = operatorOf('sobel-x');
  return operator.kind === 'kernels' ? operator.kernels[0] : expect.fail('Expected a kernel');
}

describe('colour', () => {
  test('di-zenzo answers as one channel does where all are alike', () => {
    const grey = halfPlane(20);
    const three = { ...grey, channels: 3, data: Float32Array.from([...grey.data, ...grey.data, ...grey.data]) };
    const joined = detectEdges(three, { color: 'di-zenzo', orientation: true });
    const alone = detectEdges(grey, { orientation: true });
    expect(joined.map.channels).toBe(1);
    for (let i = 0; i < grey.data.length; i++) {
      expect(joined.map.data[i]).toBeCloseTo(alone.map.data[i], 3);
      if (alone.map.data[i] < 1) continue;
      expect(joined.orientation?.data[i]).toBeCloseTo(alone.orientation?.data[i] as number, 3);
    }
  });

  test('di-zenzo sees two channels that rise against each other, which their sum does not', () => {
    const x = planes([[[0, 0, 90, 90]], [[90, 90, 0, 0]], [[45, 45, 45, 45]]], 255);
    const { map } = detectEdges(x, { operator: 'sobel', color: 'di-zenzo' });
    expect(toNested(map)[0][0].map(Math.round)).toEqual([0, Math.round(90 * Math.sqrt(2 / 3)), 73, 0]);
  });

  test('canny of each channel is three maps', () => {
    const x = planes([[[0, 0, 9, 9]], [[0, 0, 0, 0]], [[0, 9, 9, 9]]], 9);
    const { map } = detectEdges(x, { operator: 'canny', color: 'each', sigma: 'none' });
    expect(toNested(map).map(([row]) => row)).toEqual([
      [0, 9, 9, 0],
      [0, 0, 0, 0],
      [9, 9, 0, 0],
    ]);
  });
});

describe('a mask', () => {
  const square = (from: number, to: number, side: number): Planes => {
    const mask = createPlanes(1, side, side, 255);
    for (let row = from; row < to; row++) mask.data.fill(255, row * side + from, row * side + to);
    return mask;
  };

  test('keeps pixels whose neighbours are all in it', () => {
    const inside = insideOf(square(1, 6, 6), { height: 6, width: 6 }, true);
    expect(Array.from(inside(0, 6))).toEqual(
      Array.from({ length: 36 }, (_, i) => Number(Math.min(i % 6, Math.floor(i / 6)) >= 2)),
    );
    expect(insideOf(undefined, { height: 3, width: 3 }, false)(0, 3)).toEqual(Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0));
    for (let row = 0; row < 6; row++) expect(inside(row, row + 1)).toEqual(inside(0, 6).subarray(6 * row, 6 * row + 6));
  });

  test.each<[string, DetectOptions]>([
    ['sobel', {}],
    ['canny', { operator: 'canny' }],
    ["OpenCV's canny", { operator: 'canny', convention: 'opencv' }],
    ["scikit-image's canny", { operator: 'canny', convention: 'skimage' }],
    ['a threshold', { threshold: 'q50' }],
  ])('leaves nothing outside: %s', (_, options) => {
    const picture = halfPlane(90);
    const stored = { ...picture, data: picture.data.map(Math.round) };
    const mask = square(0, 20, 41);
    const { map } = detectEdges(stored, { ...options, mask });
    const inside = insideOf(mask, mask, true)(0, mask.height);
    expect(map.data.every((value, i) => value === 0 || inside[i] === 1)).toBe(true);
    expect(largest(detectEdges(stored, options).map)).toBeGreaterThan(0);
  });

  test('of nothing leaves nothing', () => {
    const mask = createPlanes(1, 41, 41);
    expect(largest(detectEdges(halfPlane(0), { operator: 'canny', mask }).map)).toBe(0);
  });
});

describe('thresholds', () => {
  test('are swapped where low is above high, with a note', () => {
    const picture = halfPlane(10);
    const right = detectEdges(picture, { operator: 'canny', low: 0.1, high: 0.2 });
    const wrong = detectEdges(picture, { operator: 'canny', low: 0.2, high: 0.1 });
    expect(wrong.map.data).toEqual(right.map.data);
    expect(right.notes).toBeUndefined();
    expect(wrong).toMatchObject({
      thresholds: { low: 0.1, high: 0.2 },
      notes: ['low 0.2 is above high 0.1: taken the other way round'],
    });
  });

  test('are 0.4 apart where one is left out, and fractions are read', () => {
    const picture = halfPlane(10);
    expect(detectEdges(picture, { operator: 'canny', high: '51/255' }).thresholds).toEqual({
      low: expect.closeTo(0.08, 12),
      high: 0.2,
    });
    expect(detectEdges(picture, { low: 0.1 }).thresholds).toEqual({ low: 0.1, high: 0.25 });
    expect(() => detectEdges(picture, { threshold: '1/0' })).toThrow(/for threshold but received 1\/0$/);
  });
});

describe('flat pictures', () => {
  const flat = createPlanes(1, 9, 9, 255);
  flat.data.fill(77);
  test.each<DetectOptions>([
    { operator: 'canny' },
    { operator: 'canny', convention: 'opencv' },
    { operator: 'canny', convention: 'skimage' },
    { operator: 'farid', thin: true, low: 'otsu', high: 'q90' },
    { operator: 'log', zeroCrossings: true },
    { operator: 'dog', zeroCrossings: true, sigma: [1, 2] },
    { operator: 'sobel', color: 'di-zenzo', threshold: 'otsu' },
    { operator: 'gaussian-gradient', sigma: 3, threshold: '50%' },
  ])('have no edges: %j', (options) => {
    expect(detectEdges(flat, options).map.data.every((value) => value === 0)).toBe(true);
  });

  test('make an empty sheet of numbers', () => {
    expect(edgeSheet(flat).data.every((value) => value >= 0 && value <= 255)).toBe(true);
  });
});

describe('refusals', () => {
  const x = planes([
    [1, 2],
    [3, 4],
  ]);
  const model = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 1, seed: 1 });
  const ofColours = Conv2d({ inChannels: 3, outChannels: 1, kernelSize: 1, seed: 1 });
  const repeated = kernel([[[1]], [[2]], [[3]]]);
  test.each<[DetectOptions, RegExp]>([
    [{ sigma: 0 }, /^Expected a number from 0.2 in samples, or none for sigma but received 0$/],
    [{ sigma: -1 }, /for sigma but received -1$/],
    [{ sigma: [1, Number.NaN] }, /for sigma\[1\] but received NaN$/],
    [{ sigma: [] }, /^Expected 1 to 16 scales for sigma but received 0$/],
    [{ sigma: 1000 }, /radius of a Gaussian/],
    [{ operator: 'log', sigma: 'none' }, /^Expected a number above 0 for sigma of log but received none$/],
    [{ operator: 'prewitt', aperture: 5 }, /^Expected no aperture for operator prewitt but received 5$/],
    [{ aperture: 4 as 5 }, /^Expected an aperture of 3, 5, 7 for operator sobel but received 4$/],
    [{ operator: 'sobel', aperture: 5, convention: 'skimage' }, /^Expected an aperture of 3 for operator sobel/],
    [{ operator: 'laplacian', thin: true }, /^Expected an operator of two directions, such as sobel, for thin lines/],
    [{ operator: 'log', orientation: true }, /two directions.* for orientation but received log$/],
    [{ zeroCrossings: true }, /^Expected an operator of signed responses, such as log, for zero crossings/],
    [{ operator: 'kirsch', color: 'di-zenzo' }, /two directions.* for color di-zenzo but received kirsch$/],
    [{ color: 'di-zenzo', magnitude: 'l1' }, /^Expected magnitude l2 with color di-zenzo/],
    [{ suppression: 'sectors' }, /^Expected no suppression without thin lines/],
    [{ thin: true, suppression: 'six' as 'sectors' }, /^Expected one of interpolated, sectors for suppression/],
    [{ operator: 'canny', threshold: 0.1 }, /^Expected low and high with canny for threshold but received 0.1$/],
    [{ threshold: 0.1, high: 0.2 }, /^Expected either threshold, or low and high for threshold/],
    [{ operator: 'canny', high: 100 }, /beyond which canny never answers .*100\/255\) for high but received 100$/],
    [{ threshold: 255 }, /beyond which sobel never answers .* for threshold but received 255$/],
    [
      { operator: 'kirsch', convention: 'opencv' },
      /^Expected an operator that OpenCV has \(sobel, .*\) for convention/,
    ],
    [{ convention: 'matlab' as 'opencv' }, /^Expected one of corr2d, opencv, skimage for convention/],
    [{ mask: createPlanes(1, 3, 2) }, /^Expected a mask of 1×2×2 for a picture of that size but received 1×3×2$/],
    [{ mask: {} as Planes }, /for mask but received/],
    [{ operator: 'canny', convention: 'opencv', low: 'otsu' }, /^Expected a number for canny under convention opencv/],
    [{ operator: 'canny', convention: 'opencv', border: 'wrap' }, /^Expected no border .* for canny under convention/],
    [{ operator: 'canny', convention: 'skimage', magnitude: 'l1' }, /^Expected magnitude l2 for canny under/],
    [{ operator: model, sigma: 1 }, /^Expected no sigma with a model for sigma but received 1$/],
    [{ operator: model, color: 'di-zenzo' }, /^Expected luma, max or each with a model/],
    [{ operator: model, magnitude: 'l1' }, /^Expected no magnitude with a model for magnitude but received l1$/],
    [{ operator: model, precision: 'fast' }, /^Expected no precision with a model for precision but received fast$/],
    [
      { operator: ofColours, color: 'luma' },
      /^Expected max or each, with a model of several input channels, for color/,
    ],
    [
      { operator: 'laplacian', magnitude: 'l1' },
      /^Expected an operator of two directions, .* for magnitude but received/,
    ],
    [{ operator: 'kirsch', magnitude: 'l2' }, /^Expected an operator of two directions, .* for magnitude but received/],
    [{ operator: kernel([[1]]), magnitude: 'l2' }, /^Expected .* or two kernels, for magnitude but received kernel$/],
    [
      { operator: repeated, color: 'luma' },
      /^Expected max or each, with a kernel of several input channels, for color/,
    ],
  ])('%j', (options, message) => {
    expect(() => detectEdges(x, options)).toThrow(message);
  });

  test('samples that are no numbers, with their place', () => {
    const sentence = 'Expected finite numbers for the picture at row 1, column 0 but received NaN';
    expect(() =>
      detectEdges(
        planes([
          [1, 2],
          [Number.NaN, 4],
        ]),
      ),
    ).toThrow(sentence);
    const samples = Float32Array.of(1, 2, Number.POSITIVE_INFINITY, 4);
    const stored = { samples, height: 2, width: 2, stride: 1, channels: 1, white: 1 };
    expect(() => edgesOfSamples(stored)).toThrow(/row 1, column 0 but received Infinity$/);
  });

  test('options of a sheet that some operators have no use for', () => {
    expect(() => edgeSheet(x, { thin: true } as never)).toThrow('Expected no thin with all operators');
    expect(() => edgeSheet(x, { color: 'di-zenzo' })).toThrow('Expected luma, max or each with all operators');
  });
});

test('a model answers stored samples, too', () => {
  const model = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 1, bias: false, seed: 1 });
  model.parameters[0].values[0] = 2;
  const stored = { samples: Uint8Array.of(1, 2, 3, 4), height: 2, width: 2, stride: 1, channels: 1, white: 255 };
  expect(edgesOfSamples(stored, { operator: model, map: 'clamp' }).map.samples).toEqual(Uint8Array.of(2, 4, 6, 8));
});

describe('edgeSheet', () => {
  const sloped = halfPlane(30, 61);
  const picture = { ...sloped, data: sloped.data.map(Math.round) };

  test.each([
    ['corr2d', 15],
    ['opencv', 7],
    ['skimage', 11],
  ] as const)('shows what %s has, in cells of one size', (convention, cells) => {
    const sheet = edgeSheet(picture, { convention });
    expect(sheet.channels).toBe(1);
    expect(sheet.height * sheet.width).toBeGreaterThanOrEqual(cells * 61 * 61);
    expect(sheet.height * sheet.width).toBeLessThan((cells + 4) * 70 * 90);
  });

  test('shows a large picture smaller, and colours where each channel has its map', () => {
    const large = createPlanes(3, 300, 1000, 255);
    const sheet = edgeSheet(large, { convention: 'opencv', color: 'each' });
    expect([sheet.channels, sheet.width < 3 * 1000]).toEqual([3, true]);
  });
});
