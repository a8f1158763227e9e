import type { InterleavedPicture } from '../../planes/picture.ts';
import type { Band } from '../bands.ts';
import { MARK } from '../marks.ts';
import { type Layout, unitRow } from '../rows.ts';
import { windowLargest } from './windowLargest.ts';

/**
 * Marks the pixels of either picture that are strange to the other: a sample lies outside of all that the other has within `reach`
 * rows and columns, by more than the tolerance. An edge that moved, or became stronger or weaker, is in that range; what was drawn
 * into a picture, a rectangle say, is not, though its middle may hold no edge.
 */
export function markStrange(band: Band, layout: Layout, tolerance: number, reach: number): void {
  const { top, bottom, from, actual, golden, marks } = band;
  const { height, width } = marks.common;
  const step = layout.channels + (layout.alpha ? 1 : 0);
  for (let c = 0; c < step; c++) {
    const a = channelOf(actual, layout, c, marks.common);
    const b = channelOf(golden, layout, c, marks.common);
    const limit = tolerance + SLACK;
    const shape = { top: top - from, bottom: Math.min(height, bottom - from), height, width };
    eachStrange([a, b], shape, limit, reach, (at) => {
      const mark = Math.floor(at / width) * marks.width + (at % width);
      if (marks.data[mark] !== MARK.ignored && marks.data[mark] !== MARK.added) marks.data[mark] = MARK.differs;
    });
  }
}

/** Rows of two channels of `height` rows. */
interface Shape {
  readonly top: number;
  readonly bottom: number;
  readonly height: number;
  readonly width: number;
}

/** Visits what lies outside of the other's range: that differs from what is at its own place, to begin with. */
function eachStrange(
  pair: readonly [Float64Array, Float64Array],
  shape: Shape,
  limit: number,
  reach: number,
  visit: (at: number) => void,
): void {
  const [a, b] = pair;
  const { top, bottom, width } = shape;
  let isAbove: ((at: number, one: 0 | 1) => boolean) | undefined;
  for (let at = top * width; at < bottom * width; at++) {
    const difference = a[at] - b[at];
    if (!(Math.abs(difference) > limit)) continue;
    isAbove ??= reach > LONG_REACH ? ofWindows(pair, shape, limit, reach) : bySearching(pair, shape, limit, reach);
    if (isAbove(at, difference > 0 ? 0 : 1)) visit(at);
  }
}

/** Up to so many rows and columns a window is searched through where it is asked for. */
const LONG_REACH = 6;

type IsAbove = (at: number, one: 0 | 1) => boolean;

/** Tells whether the larger sample is above all that is around the other, or the other below all that is around it. */
function bySearching(
  pair: readonly [Float64Array, Float64Array],
  { height, width }: Shape,
  limit: number,
  reach: number,
): IsAbove {
  return (at, one) => {
    const [more, less] = [pair[one], pair[1 - one]];
    const [y, x] = [Math.floor(at / width), at % width];
    const [left, right] = [Math.max(0, x - reach), Math.min(width - 1, x + reach)];
    let isAbove = true;
    let isBelow = true;
    for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
      for (let i = row * width + left; i <= row * width + right; i++) {
        isAbove &&= more[at] - less[i] > limit;
        isBelow &&= more[i] - less[at] > limit;
      }
      if (!isAbove && !isBelow) return false;
    }
    return isAbove || isBelow;
  };
}

function ofWindows(
  pair: readonly [Float64Array, Float64Array],
  { width }: Shape,
  limit: number,
  reach: number,
): IsAbove {
  const most = pair.map((samples) => windowLargest(samples, width, reach));
  const least = pair.map((samples) => windowLargest(negative(samples), width, reach));
  return (at, one) => pair[one][at] - most[1 - one][at] > limit || -least[one][at] - pair[1 - one][at] > limit;
}

/** Quotients of whole numbers may miss their difference by their rounding. */
const SLACK = 2 ** -40;

/** Beyond all samples: what is no number is strange to numbers alone. */
const FAR = 2 ** 40;

/** One channel of what both pictures have, in units of white, colour times its alpha. */
function channelOf(
  picture: InterleavedPicture,
  layout: Layout,
  channel: number,
  { height, width }: { readonly height: number; readonly width: number },
): Float64Array {
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const row = new Float64Array(picture.width * step);
  const samples = new Float64Array(height * width);
  const isVeiled = layout.alpha && channel < layout.channels;
  for (let y = 0; y < height; y++) {
    unitRow(picture, y, layout, row);
    for (let x = 0, from = channel; x < width; x++, from += step) {
      const sample = isVeiled ? row[from] * row[from - channel + layout.channels] : row[from];
      samples[y * width + x] = Number.isNaN(sample) ? FAR : Math.max(-FAR, Math.min(FAR, sample));
    }
  }
  return samples;
}

function negative(samples: Float64Array): Float64Array {
  return samples.map((sample) => -sample);
}
