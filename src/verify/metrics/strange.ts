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
    if (!differs(a, b, limit)) continue;
    const most = [windowLargest(a, width, reach), windowLargest(b, width, reach)];
    const least = [a, b].map((samples) => windowLargest(negative(samples), width, reach));
    for (let y = top - from; y < Math.min(height, bottom - from); y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        const isStrange =
          a[at] - most[1][at] > limit ||
          b[at] - most[0][at] > limit ||
          -least[1][at] - a[at] > limit ||
          -least[0][at] - b[at] > limit;
        const mark = y * marks.width + x;
        if (isStrange && marks.data[mark] !== MARK.ignored && marks.data[mark] !== MARK.added) {
          marks.data[mark] = MARK.differs;
        }
      }
    }
  }
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

function differs(a: Float64Array, b: Float64Array, limit: number): boolean {
  return a.some((sample, at) => Math.abs(sample - b[at]) > limit);
}

function negative(samples: Float64Array): Float64Array {
  return samples.map((sample) => -sample);
}
