import { describe, expect, test } from 'vitest';
import {
  decodeSrgb,
  encodeSrgb,
  filterPicture,
  type Kernel,
  kernel,
  mapResponse,
  parseKernel,
} from '../../src/core.ts';
import { type InterleavedPicture, pictureFrom } from '../../src/planes/picture.ts';
import { toInterleaved } from '../../src/planes/samples.ts';
import { anyBorder, anySides, asked } from '../support/arbitraries.ts';
import { describeSamples } from '../support/describeSamples.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';
import { type FilteredSamplesOptions, filteredSamples } from '../support/ofSamples.ts';
import { quarter } from '../support/quarter.ts';
import { anySamples, samplesOf } from '../support/samplesCases.ts';

/** The steps taken one by one, over whole planes. */
function stepByStep(picture: InterleavedPicture, k: Kernel, options: FilteredSamplesOptions): Uint8Array | Uint16Array {
  const { map = 'clamp', rounding = 'nearest', depth, inPlace: _, linear, ...how } = options;
  // A copy holds planes alone.
  const stored = { ...pictureFrom(picture) };
  const { planes, alpha } = filterPicture(linear ? { ...stored, planes: decodeSrgb(stored.planes) } : stored, k, how);
  return toInterleaved(
    [mapResponse(linear ? encodeSrgb(planes) : planes, map), ...(alpha ? [alpha] : [])],
    depth ?? (picture.white === 255 ? 8 : 16),
    rounding,
  );
}

function expectSteps(picture: InterleavedPicture, k: Kernel, options: FilteredSamplesOptions): void {
  const wanted = stepByStep(picture, k, options);
  const before = picture.samples.slice();
  expect(describeSamples(filteredSamples(picture, k, options), wanted)).toBe('');
  if (options.inPlace !== true) expect(picture.samples).toEqual(before);
}

const side = fc.integer({ min: 1, max: 6 });
const tap = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -2, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, -1, 2, -2) },
);

interface Shape {
  readonly outChannels: number;
  readonly inChannels: number;
  readonly groups: number;
}

const anyKernel = (shapes: fc.Arbitrary<Shape>): fc.Arbitrary<Kernel> =>
  fc.tuple(shapes, side, side).chain(([shape, height, width]) => {
    const taps = shape.outChannels * shape.inChannels * height * width;
    return fc
      .tuple(
        fc.array(tap, { minLength: taps, maxLength: taps }),
        fc.array(fc.constantFrom(0, 0.25, -0.5), { minLength: shape.outChannels, maxLength: shape.outChannels }),
      )
      .map(([weights, bias]) => ({
        ...kernel([[1]]),
        ...shape,
        height,
        width,
        weights: Float32Array.from(weights),
        bias: Float32Array.from(bias),
      }));
  });

const forGrey = fc.constantFrom(
  { outChannels: 1, inChannels: 1, groups: 1 },
  { outChannels: 3, inChannels: 1, groups: 1 },
);
const forColour = fc.constantFrom(
  { outChannels: 1, inChannels: 1, groups: 1 },
  { outChannels: 3, inChannels: 3, groups: 1 },
  { outChannels: 1, inChannels: 3, groups: 1 },
  { outChannels: 3, inChannels: 1, groups: 3 },
);

const anyOptions: fc.Arbitrary<FilteredSamplesOptions> = fc
  .record(
    {
      padding: fc.oneof(fc.constantFrom('same', 'same-upper', 'valid', 'full'), fc.nat(4), anySides),
      dilation: fc.integer({ min: 1, max: 3 }),
      stride: fc.constantFrom(1, 1, 1, 2),
      border: anyBorder,
      map: fc.constantFrom('abs', 'clamp', 'offset', 'minmax'),
      rounding: fc.constantFrom('nearest', 'truncate'),
      depth: fc.constantFrom(8, 16),
      inPlace: fc.boolean(),
      alpha: fc.constantFrom('premultiplied', 'keep'),
      linear: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map((options) => asked(options, options.padding ?? 'same'));

describe('filteredSamples', () => {
  test('gives the bytes of the steps taken one by one', { tags: ['slow'], timeout: 120_000 }, () => {
    const anyCase = anySamples.chain((picture) =>
      fc.tuple(fc.constant(picture), anyKernel(picture.channels === 1 ? forGrey : forColour), anyOptions),
    );
    fc.assert(
      fc.property(anyCase, ([picture, k, options]) => {
        const { dilation = 1, padding } = options;
        const large = picture.height > 6 * (dilation as number) && picture.width > 6 * (dilation as number);
        fc.pre(large || padding === undefined || padding === 'same' || padding === 'full');
        expectSteps(picture, k, options);
      }),
      numRuns(1500),
    );
  });

  test.each(quarter([8, 16] as const))('gives them for every width, in %i bits', (depth) => {
    for (let width = 1; width <= 40; width++) {
      for (const [channels, stride, alphaAt] of [
        [1, 1, undefined],
        [1, 2, 1],
        [3, 3, undefined],
        [3, 4, 3],
      ] as const) {
        const picture = samplesOf({ depth, channels, stride, alphaAt, height: 15, width, seed: width });
        for (const name of ['sharpen', 'box:3', 'gaussian:1'] as const) expectSteps(picture, parseKernel(name), {});
      }
    }
  });

  test('takes the memory of a picture that may be lost, where a strip is all that has to be kept', () => {
    const give = (border: 'replicate' | 'wrap'): boolean => {
      const picture = samplesOf({ depth: 8, channels: 1, stride: 1, height: 500, width: 300, seed: 1 });
      expectSteps({ ...picture, samples: picture.samples.slice() }, parseKernel('gaussian:1'), {
        border,
        inPlace: true,
      });
      return (
        filteredSamples(picture, parseKernel('gaussian:1'), { border, inPlace: true }).samples.buffer ===
        picture.samples.buffer
      );
    };
    expect(give('replicate')).toBe(true);
    expect(give('wrap')).toBe(false);
  });

  test('takes Float32 samples', () => {
    const samples = Float32Array.of(0.5, 0.25, 1, 0);
    const picture = { samples, height: 2, width: 2, stride: 1, channels: 1, white: 1 };
    expect(filteredSamples(picture, kernel([[1]])).samples).toEqual(Uint16Array.of(32768, 16384, 65535, 0));
  });
});
