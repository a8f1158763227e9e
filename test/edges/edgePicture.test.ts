import { describe, expect, test } from 'vitest';
import { decodeSrgb, detectEdges, kernel, mapResponse, parseKernel } from '../../src/core.ts';
import { kernelOperatorNames } from '../../src/edges/operators/operators.ts';
import { operatorOf, seesGrey } from '../../src/edges/operators/operators.ts';
import { hasNorm } from '../../src/edges/settings.ts';
import { type InterleavedPicture, pictureFrom } from '../../src/planes/picture.ts';
import { toInterleaved } from '../../src/planes/samples.ts';
import { anyBorder } from '../support/arbitraries.ts';
import { describeSamples } from '../support/describeSamples.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';
import { type EdgesOfSamplesOptions, edgesOfSamples } from '../support/ofSamples.ts';
import { quarter } from '../support/quarter.ts';
import { anySamples, samplesOf } from '../support/samplesCases.ts';

/** The steps taken one by one, over whole planes. */
function stepByStep(picture: InterleavedPicture, options: EdgesOfSamplesOptions): Uint8Array | Uint16Array {
  const {
    map = 'abs',
    rounding = 'nearest',
    depth = picture.white === 255 ? 8 : 16,
    linear,
    inPlace: _,
    ...how
  } = options;
  // A copy holds planes alone.
  const stored = { ...pictureFrom(picture) };
  const seen = linear ? { ...stored, planes: decodeSrgb(stored.planes), metadata: { linear } } : stored;
  return toInterleaved([mapResponse(detectEdges(seen, how).map, map)], depth, rounding);
}

function expectSteps(picture: InterleavedPicture, options: EdgesOfSamplesOptions): void {
  const before = picture.samples.slice();
  const { map } = edgesOfSamples(picture, options);
  expect(describeSamples(map, stepByStep(picture, options))).toBe('');
  expect(picture.samples).toEqual(before);
}

const fraction = fc.double({ min: -3, max: 3, noNaN: true });
const side = fc.integer({ min: 1, max: 5 });
const anyKernel = fc
  .tuple(side, side)
  .chain(([height, width]) =>
    fc.array(fc.array(fraction, { minLength: width, maxLength: width }), { minLength: height, maxLength: height }),
  )
  .map((taps) => kernel(taps, { bias: 0.125 }));
const acrossChannels = fc.tuple(fc.integer({ min: 1, max: 4 }), side, side).chain(([outputs, height, width]) =>
  fc
    .array(fraction, { minLength: outputs * 3 * height * width, maxLength: outputs * 3 * height * width })
    .map((taps) => ({
      ...kernel([[1]]),
      outChannels: outputs,
      inChannels: 3,
      height,
      width,
      weights: Float32Array.from(taps),
      bias: new Float32Array(outputs),
    })),
);

const anyOptions: fc.Arbitrary<EdgesOfSamplesOptions> = fc
  .record(
    {
      operator: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...kernelOperatorNames) },
        { weight: 1, arbitrary: anyKernel },
        { weight: 1, arbitrary: fc.tuple(anyKernel, anyKernel) },
        { weight: 1, arbitrary: acrossChannels },
      ),
      color: fc.constantFrom('luma', 'max', 'each'),
      magnitude: fc.constantFrom('l1', 'l2'),
      threshold: fc.oneof(fc.double({ min: 0, max: 1.5, noNaN: true }), fc.constantFrom(0, 0.25, '20%', 'otsu')),
      border: anyBorder,
      map: fc.constantFrom('abs', 'clamp', 'offset', 'minmax'),
      rounding: fc.constantFrom('nearest', 'truncate'),
      depth: fc.constantFrom(8, 16),
      alpha: fc.constantFrom('edges', 'drop'),
      linear: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map(applicable);

/** The options without those that have no meaning for the operator, and are refused. */
function applicable({ magnitude, color, ...others }: EdgesOfSamplesOptions): EdgesOfSamplesOptions {
  const operator = operatorOf((others.operator ?? 'sobel') as string);
  return {
    ...others,
    ...(color === undefined || (color === 'luma' && !seesGrey(operator)) ? {} : { color }),
    ...(magnitude === undefined || !hasNorm({ operator, color: color ?? 'luma' }) ? {} : { magnitude }),
  };
}

describe('detectEdges of a picture, stored', () => {
  test('gives the bytes of the steps taken one by one', { tags: ['slow'], timeout: 120_000 }, () => {
    fc.assert(
      fc.property(anySamples, anyOptions, (picture, options) => {
        const { operator = 'sobel' } = options;
        const channelsOfOperator = typeof operator === 'object' && 'inChannels' in operator ? operator.inChannels : 1;
        const outputs = typeof operator === 'object' && 'outChannels' in operator ? operator.outChannels : 1;
        fc.pre(channelsOfOperator === 1 || channelsOfOperator === picture.channels);
        fc.pre(options.color !== 'each' || outputs === 1 || outputs === 3);
        fc.pre(operator !== 'canny' || options.threshold === undefined);
        expectSteps(picture, options);
      }),
      numRuns(1500),
    );
  });

  test.each(quarter([8, 16] as const))('gives them for every width, in %i bits', (depth) => {
    for (let width = 1; width <= 70; width++) {
      for (const [channels, stride] of [
        [1, 1],
        [3, 3],
        [3, 4],
      ] as const) {
        const picture = samplesOf({ depth, channels, stride, height: 14, width, seed: width });
        for (const color of ['luma', 'max', 'each'] as const) expectSteps(picture, { color });
      }
    }
  });

  test.each<[string, EdgesOfSamplesOptions]>([
    ['sobel', {}],
    ['the strongest channel', { color: 'max', operator: 'scharr', border: 'wrap' }],
    ['each channel', { color: 'each', operator: 'difference', map: 'offset' }],
    ['a threshold', { threshold: 0.25, rounding: 'truncate' }],
    ['a kernel of many taps', { operator: parseKernel('log:1') }],
    ['thin lines', { alpha: 'drop', thin: true, color: 'max' }],
    ['a smoothed picture', { alpha: 'drop', sigma: 1, color: 'each' }],
    ['all channels together', { alpha: 'drop', color: 'di-zenzo', orientation: false }],
    ['eight kernels', { alpha: 'drop', operator: 'kirsch', low: 0.1, high: 0.2 }],
    ['curvature', { alpha: 'drop', operator: 'log', zeroCrossings: true, threshold: 0.1 }],
    ['canny', { alpha: 'drop', operator: 'canny', low: 0.1, high: 0.2 }],
    ["scikit-image's canny", { alpha: 'drop', operator: 'canny', convention: 'skimage' }],
    ["OpenCV's canny", { alpha: 'drop', operator: 'canny', convention: 'opencv' }],
  ])('holds no whole picture in Float32: %s', (_, options) => {
    const picture = samplesOf({ depth: 8, channels: 3, stride: 4, alphaAt: 3, height: 600, width: 640 });
    const longest = longestFloats(() => void edgesOfSamples(picture, options));
    expect(longest).toBeLessThan(600 * 640 * 0.75);
    expect(longestFloats(() => void stepByStep(picture, options))).toBeGreaterThanOrEqual(600 * 640);
  });

  const anyLines: fc.Arbitrary<EdgesOfSamplesOptions> = fc.record(
    {
      operator: fc.constantFrom('canny', 'sobel', 'roberts', 'gaussian-gradient', 'kirsch', 'laplacian'),
      color: fc.constantFrom('luma', 'max', 'each', 'di-zenzo'),
      sigma: fc.constantFrom(1, 2, [1, 2]),
      low: fc.constantFrom(0.05, 'q50', '20%'),
      high: fc.constantFrom(0.2, 'otsu'),
      thin: fc.constant(true),
      suppression: fc.constantFrom('interpolated', 'sectors'),
      map: fc.constantFrom('abs', 'clamp', 'offset', 'minmax'),
      depth: fc.constantFrom(8, 16),
      alpha: fc.constantFrom('edges', 'drop'),
      linear: fc.boolean(),
    },
    { requiredKeys: ['low'] },
  );

  test('gives the lines of stored samples that the steps give', { tags: ['slow'], timeout: 120_000 }, () => {
    fc.assert(
      fc.property(anySamples, anyLines, (picture, options) => {
        const { operator, color, thin, suppression } = options;
        fc.pre(operator !== 'laplacian' || (thin === undefined && suppression === undefined && color !== 'di-zenzo'));
        fc.pre(operator !== 'kirsch' || color !== 'di-zenzo');
        fc.pre(suppression === undefined || thin === true || operator === 'canny');
        expectSteps(picture, options);
      }),
      numRuns(250),
    );
  });

  test.each(['l1', 'l2'] as const)("gives OpenCV's canny of stored samples as the steps do, %s", (magnitude) => {
    for (let width = 1; width <= 40; width++) {
      for (const [channels, stride] of [
        [1, 1],
        [3, 3],
        [3, 4],
      ] as const) {
        const picture = samplesOf({ depth: 8, channels, stride, height: 9, width, seed: width });
        for (const color of ['luma', 'max', 'each'] as const) {
          expectSteps(picture, { operator: 'canny', convention: 'opencv', color, magnitude, low: 1, high: 2 });
        }
      }
    }
  });

  test('reports the threshold', () => {
    const picture = samplesOf({ depth: 8, channels: 1, stride: 1, height: 9, width: 9 });
    expect(edgesOfSamples(picture, { threshold: '0.25' }).thresholds).toEqual({ high: 0.25 });
    expect(edgesOfSamples(picture, { threshold: '50%' }).thresholds).toEqual(
      detectEdges(pictureFrom(picture), { threshold: '50%' }).thresholds,
    );
    expect(edgesOfSamples(picture)).not.toHaveProperty('thresholds');
  });

  test('compares with a threshold that lies between two Float32 numbers', () => {
    const picture: InterleavedPicture = {
      samples: Uint8Array.of(0, 0, 200, 200),
      height: 1,
      width: 4,
      stride: 1,
      channels: 1,
      white: 255,
    };
    for (const level of [200 - 1e-9, 200, 200 + 1e-9]) expectSteps(picture, { threshold: level / 255 });
    const { map } = edgesOfSamples(picture, { threshold: (200 - 1e-9) / 255 });
    expect(map.samples).toEqual(Uint8Array.of(0, 255, 255, 0));
  });

  const grey = samplesOf({ depth: 8, channels: 1, stride: 2, height: 3, width: 4 });
  test.each<[string, InterleavedPicture, EdgesOfSamplesOptions, string]>([
    [
      'samples that do not fill it',
      { ...grey, height: 4 },
      {},
      'Expected 32 samples for the picture of 4×4 pixels of 2',
    ],
    ['a stride below its channels', { ...grey, channels: 3 }, {}, 'Expected a whole number from 1 to 2'],
    [
      'an alpha among its colours',
      { ...grey, alphaAt: 0 },
      {},
      'Expected a whole number from 1 to 1 for the picture.alphaAt',
    ],
    ['a white of 0', { ...grey, white: 0 }, {}, 'Expected a number above 0 for white'],
    ['a list', [] as unknown as InterleavedPicture, {}, 'Expected interleaved samples'],
    [
      'a kernel of three channels',
      grey,
      { operator: kernel([[[1]], [[1]], [[1]]]) },
      'Expected a picture of 3 channels',
    ],
    ['a depth', grey, { depth: 12 as 16 }, 'Expected 8 or 16 for depth but received 12'],
    ['a map', grey, { map: 'none' as 'abs' }, 'Expected one of clamp, abs, minmax, offset for map but received none'],
    [
      'two channels of edges',
      grey,
      { operator: kernel([[[[1]]], [[[1]]]]), color: 'each' },
      'Expected a response of 1 or 3 channels',
    ],
  ])('refuses %s', (_, picture, options, message) => {
    expect(() => edgesOfSamples(picture, options)).toThrow(message);
  });
});

/** The longest Float32Array that is made by its length meanwhile. */
function longestFloats(work: () => void): number {
  const original = globalThis.Float32Array;
  let longest = 0;
  globalThis.Float32Array = new Proxy(original, {
    construct(target, given: [number]) {
      if (typeof given[0] === 'number') longest = Math.max(longest, given[0]);
      return Reflect.construct(target, given) as Float32Array;
    },
  });
  try {
    work();
  } finally {
    globalThis.Float32Array = original;
  }
  return longest;
}
