import { describe, expect, test } from 'vitest';
import {
  type Border,
  Conv2d,
  detectEdges,
  type DetectOptions,
  kernel,
  type Picture,
  planes,
  Sequential,
  toNested,
} from '../../src/core.ts';
import { kernelOperatorNames } from '../../src/edges/operators/operators.ts';
import { type InterleavedPicture, pictureFrom } from '../../src/planes/picture.ts';
import fc from '../support/fc.ts';
import { edgesOfSamples } from '../support/ofSamples.ts';
import { samplesOf } from '../support/samplesCases.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** A disc of one colour on what is transparent, which hides another. */
function disc(colour: Colour, hidden: Colour = [255, 0, 0]): InterleavedPicture {
  const side = 33;
  const samples = new Uint8Array(4 * side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const share = Math.min(Math.max(10.5 - Math.hypot(row - 16, column - 16), 0), 1);
      samples.set([...(share > 0 ? colour : hidden), Math.round(255 * share)], 4 * (row * side + column));
    }
  }
  return { samples, height: side, width: side, stride: 4, channels: 3, alphaAt: 3, white: 255 };
}

const strongestOf = (options: DetectOptions, picture: InterleavedPicture): number =>
  detectEdges(pictureFrom(picture), options).map.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const anyWay: [string, DetectOptions][] = kernelOperatorNames.flatMap((operator) =>
  (['luma', 'max', 'each'] as const).map((color): [string, DetectOptions] => [
    `${operator} ${color}`,
    { operator, color },
  ]),
);

describe('a drawing on what is transparent', () => {
  test.each(anyWay)('has an edge whatever its colour is: %s', (_, options) => {
    const white = strongestOf(options, disc([255, 255, 255]));
    expect(white).toBeGreaterThan(100);
    for (const colour of [
      [0, 0, 0],
      [128, 128, 128],
      [200, 30, 90],
    ] as const) {
      expect(strongestOf(options, disc(colour))).toBeCloseTo(white, 0);
    }
  });

  test.each([
    ['di-zenzo', { color: 'di-zenzo' }],
    ['canny as OpenCV has it', { operator: 'canny', convention: 'opencv' }],
    ['smoothed canny as OpenCV has it', { operator: 'canny', convention: 'opencv', sigma: 1.4, color: 'max' }],
    ['canny as scikit-image has it', { operator: 'canny', convention: 'skimage' }],
    ['thin lines of several scales', { thin: true, sigma: [1, 2] }],
    ['zero crossings', { operator: 'log', zeroCrossings: true }],
    ['hysteresis', { low: 0.1, high: 0.3, operator: 'scharr' }],
  ] as [string, DetectOptions][])('has one under every rule: %s', (_, options) => {
    const white = strongestOf(options, disc([255, 255, 255]));
    const black = strongestOf(options, disc([0, 0, 0]));
    expect(white).toBeGreaterThan(50);
    expect(black).toBeCloseTo(white, 0);
  });

  test('has lines that do not depend on what is hidden', () => {
    for (const [name, options] of [...anyWay, ['di-zenzo', { color: 'di-zenzo' }]] as [string, DetectOptions][]) {
      const [one, other] = [disc([10, 90, 200]), disc([10, 90, 200], [0, 255, 255])].map((picture) =>
        detectEdges(pictureFrom(picture), options),
      );
      expect(one.alpha, name).toBe('edges');
      expect(other.map, name).toEqual(one.map);
    }
  });

  test('rises into the drawing, as brightness does', () => {
    for (const colour of [0, 255]) {
      const picture = pictureOf([[colour, colour, colour, colour]], [[0, 0, 255, 255]]);
      expect(toNested(detectEdges(picture, { operator: 'difference-x' }).map)).toEqual([[[0, 0, -255, 0]]]);
    }
  });
});

const rest = { depth: 8, lossy: false, metadata: {} } as const;
const pictureOf = (colour: number[][], alpha: number[][]): Picture => ({
  ...rest,
  planes: planes(colour, 255),
  alpha: planes(alpha, 255),
});

test('what is opaque throughout has the edges that it has without alpha', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...anyWay),
      fc.constantFrom<Border>('replicate', 'zero', 'wrap', { constant: 0.5 }),
      fc.nat(),
      ([, options], border, seed) => {
        const stored = samplesOf({
          depth: 8,
          channels: 3,
          stride: 4,
          alphaAt: 3,
          height: 12,
          width: 40,
          opaque: 16,
          seed,
        });
        // One transparent pixel at the left; the right half and its rim do not see it, but for smoothing and canny's lines.
        fc.pre(!/canny|log|dog|gaussian/.test(String(options.operator)));
        stored.samples[4 * (6 * 40 + 10) + 3] = 0;
        const picture = pictureFrom(stored);
        const found = detectEdges(picture, { ...options, border });
        const wanted = detectEdges(picture.planes, { ...options, border });
        for (let i = 0; i < found.map.data.length; i++) {
          const column = i % 40;
          if (column >= 20 && column < 37) expect(found.map.data[i]).toBe(wanted.map.data[i]);
        }
      },
    ),
  );
});

test('alpha that is dropped, or opaque throughout, is not seen', () => {
  const picture = pictureFrom(disc([9, 200, 30], [200, 3, 90]));
  const dropped = detectEdges(picture, { alpha: 'drop' });
  expect(dropped).toEqual(detectEdges(picture.planes));
  expect(dropped).not.toHaveProperty('alpha');
  const opaque = { ...picture, alpha: { ...picture.planes, channels: 1, data: new Float32Array(33 * 33).fill(255) } };
  expect(detectEdges(opaque)).toEqual(detectEdges(picture.planes));
  const { alphaAt: _, ...stored } = disc([9, 200, 30]);
  expect(edgesOfSamples(disc([9, 200, 30]), { alpha: 'drop' })).toEqual(edgesOfSamples(stored));
});

describe('what sees several channels at once sees the picture over white', () => {
  // White · (1 − alpha) + colour · alpha.
  const clear = pictureFrom({
    samples: Uint8Array.of(0, 0, 0, 255, 90, 30, 200, 0, 255, 255, 255, 51),
    height: 1,
    width: 3,
    stride: 4,
    channels: 3,
    alphaAt: 3,
    white: 255,
  });
  const over = planes([[[0, 255, 255]], [[0, 255, 255]], [[0, 255, 255]]], 255);

  test('a kernel', () => {
    const operator = kernel([[[1, -1]], [[1, 0]], [[0, 1]]]);
    expect(detectEdges(clear, { operator })).toEqual({ ...detectEdges(over, { operator }), alpha: 'flattened' });
  });

  test('a stack of layers', () => {
    const operator = Sequential(Conv2d({ inChannels: 3, outChannels: 1, kernelSize: [1, 2], seed: 4 }));
    expect(detectEdges(clear, { operator })).toEqual({ ...detectEdges(over, { operator }), alpha: 'flattened' });
  });
});
