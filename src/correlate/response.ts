import { expectChoice } from '../planes/expected.ts';
import { createPlanes, type Planes, whiteOf } from '../planes/planes.ts';

export const RESPONSE_MAPS = ['clamp', 'abs', 'minmax', 'offset'] as const;

/**
 * How a signed response becomes samples from 0 to white:
 * `clamp` cuts what lies outside, `abs` takes the absolute value first, `minmax` stretches the picture's smallest response
 * to 0 and its largest to white, `offset` puts zero at middle grey, (v + white) / 2.
 */
export type ResponseMap = (typeof RESPONSE_MAPS)[number];

/**
 * A response as samples in [0, white]; what is not a number stays so.
 *
 * @param x C×H×W responses, signed, in units of its white
 * @throws ExpectationError for a map of another name
 * @example
 * toNested(mapResponse(planes([[-0.5, 0, 2]]), 'abs')) // [[[0.5, 0, 1]]]
 * toNested(mapResponse(planes([[-0.5, 0, 1]]), 'offset')) // [[[0.25, 0.5, 1]]]
 */
export function mapResponse(x: Planes, map: ResponseMap): Planes {
  expectChoice(map, 'map', RESPONSE_MAPS);
  return mapResponseIn(x, map, map === 'minmax' ? rangeOf(x.data) : undefined);
}

/** The smallest and the largest of numbers. */
export type Range = readonly [least: number, most: number];

/**
 * {@link mapResponse} of a part of a picture.
 *
 * @param range of the whole picture's responses, for `minmax`
 */
export function mapResponseIn(x: Planes, map: ResponseMap, range: Range | undefined): Planes {
  const white = whiteOf(x);
  const mapped = createPlanes(x.channels, x.height, x.width, x.white);
  const toSample = map === 'minmax' ? stretch(range ?? rangeOf(x.data), white) : TO_SAMPLE[map](white);
  for (let i = 0; i < mapped.data.length; i++) mapped.data[i] = clamp(toSample(x.data[i]), white);
  return mapped;
}

/** Of the numbers, and of those that another range is of. */
export function rangeOf(values: Float32Array, [first, last]: Range = NOTHING): Range {
  let least = first;
  let most = last;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > most) most = values[i];
  }
  return [least, most];
}

const NOTHING: Range = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

const TO_SAMPLE: Readonly<Record<Exclude<ResponseMap, 'minmax'>, (white: number) => (value: number) => number>> = {
  clamp: () => (value) => value,
  abs: () => Math.abs,
  offset: (white) => (value) => Math.fround(value + white) / 2,
};

function stretch([least, most]: Range, white: number): (value: number) => number {
  const range = most - least;
  // A flat picture has nothing to stretch: all of it is its own minimum.
  return range > 0 ? (value) => ((value - least) / range) * white : (value) => value - least;
}

function clamp(value: number, white: number): number {
  if (value < 0) return 0;
  return Math.min(value, white);
}
