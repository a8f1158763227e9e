import type { InterleavedPicture } from '../../src/planes/picture.ts';
import fc from './fc.ts';

/** Stored pictures of every layout, told by a few numbers; samples are drawn from the seed. */
export const anySamples: fc.Arbitrary<InterleavedPicture> = fc
  .record({
    depth: fc.constantFrom(8 as const, 16 as const),
    /** Whether samples are Float32, of some other white. */
    isFloat: fc.constantFrom(false, false, false, true),
    layout: fc.constantFrom<[channels: number, stride: number, alphaAt: number | undefined]>(
      [1, 1, undefined],
      [3, 3, undefined],
      [3, 4, 3],
      [1, 2, 1],
      [1, 3, undefined],
      [1, 4, 3],
      [3, 4, undefined],
      [1, 2, undefined],
    ),
    size: fc.oneof(
      { weight: 5, arbitrary: fc.tuple(between(1, 20), between(1, 20)) },
      { weight: 3, arbitrary: fc.tuple(between(1, 40), between(20, 80)) },
      { weight: 1, arbitrary: fc.tuple(between(1, 3), between(900, 3200)) },
      { weight: 1, arbitrary: fc.tuple(between(200, 2000), between(1, 9)) },
    ),
    /** How many samples are 0 or white, in 16ths. */
    extremes: fc.constantFrom(0, 2, 16),
    /** How many alphas are opaque, in 16ths, whatever else is drawn. */
    opaque: fc.constantFrom(0, 14, 16),
    seed: fc.nat(),
  })
  .map(({ depth, isFloat, layout, size, extremes, opaque, seed }) => {
    const [channels, stride, alphaAt] = layout;
    const [height, width] = size;
    const picture = samplesOf({ depth, channels, stride, alphaAt, height, width, extremes, opaque, seed });
    const white = depth === 8 ? 1 : 300;
    const toFloat = (sample: number): number => (sample / picture.white) * white;
    return isFloat ? { ...picture, samples: Float32Array.from(picture.samples, toFloat), white } : picture;
  });

export interface SamplesShape {
  readonly depth: 8 | 16;
  readonly channels: number;
  readonly stride: number;
  readonly alphaAt?: number | undefined;
  readonly height: number;
  readonly width: number;
  readonly extremes?: number;
  readonly opaque?: number;
  readonly seed?: number;
}

export function samplesOf(shape: SamplesShape): InterleavedPicture {
  const { depth, channels, stride, alphaAt, height, width, extremes = 2, opaque = 0, seed = 1 } = shape;
  const white = 2 ** depth - 1;
  // In the middle of a larger array, at an odd place.
  const guard = 3;
  const length = height * width * stride;
  const all = depth === 8 ? new Uint8Array(length + 2 * guard) : new Uint16Array(length + 2 * guard);
  let state = seed >>> 0;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 8;
  for (let i = 0; i < all.length; i++) {
    const extreme = next() % 16 < extremes;
    all[i] = extreme ? (next() % 2) * white : next() % (white + 1);
  }
  if (alphaAt !== undefined && opaque > 0) {
    for (let i = guard + alphaAt; i < guard + length; i += stride) if (next() % 16 < opaque) all[i] = white;
  }
  return {
    samples: all.subarray(guard, guard + length),
    height,
    width,
    stride,
    channels,
    white,
    ...(alphaAt === undefined ? {} : { alphaAt }),
  };
}

function between(least: number, most: number): fc.Arbitrary<number> {
  return fc.integer({ min: least, max: most });
}
