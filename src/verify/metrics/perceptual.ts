import compare from 'pixelmatch';
import { expected } from '../../planes/expected.ts';
import type { InterleavedPicture } from '../../planes/picture.ts';
import { roundSample } from '../../planes/samples.ts';
import type { Band } from '../bands.ts';
import { MARK } from '../marks.ts';
import { type Layout, unitRow } from '../rows.ts';
import { COUNTING, type ComparablePair, type Metric, type MetricRun, type MetricSettings } from './metric.ts';

/** To tell smoothed steps from edges pixelmatch looks at a pixel's neighbours, and at theirs. */
const HALO = 2;

/**
 * Marks the pixels that pixelmatch finds to look different. It works on 8-bit RGBA, to which deeper samples are rounded.
 *
 * Given a picture in parts it comes to the same answers, but for half transparent pixels of large pictures: it lays them over a
 * pattern that begins anew with each part.
 *
 * @throws ExpectationError for pictures of other than one or three channels
 */
export const pixelmatch: Metric = {
  compares: 'what people can see',
  threshold: 0.1,
  options: ['ignoreAntialiasing', ...COUNTING],
  ofSame: {},
  begin,
};

function begin({ layout }: ComparablePair, how: MetricSettings): MetricRun {
  if (layout.channels !== 1 && layout.channels !== 3) {
    throw expected('pictures of 1 or 3 channels', 'the metric pixelmatch', layout.channels);
  }
  return {
    halo: HALO,
    mark(band) {
      if (!band.identical) markBand(band, layout, how);
    },
    figures: () => ({}),
  };
}

function markBand(
  { top, bottom, from, actual, golden, marks }: Band,
  layout: Layout,
  { threshold, ignoreAntialiasing }: { readonly threshold: number; readonly ignoreAntialiasing: boolean },
): void {
  const { height, width } = marks.common;
  const first = rgbaOf(actual, layout, marks.common);
  const second = rgbaOf(golden, layout, marks.common);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (marks.data[y * marks.width + x] !== MARK.ignored) continue;
      const at = 4 * (y * width + x);
      second.set(first.subarray(at, at + 4), at);
    }
  }
  const drawn = new Uint8Array(first.length);
  compare(first, second, drawn, width, height, {
    threshold,
    includeAA: !ignoreAntialiasing,
    diffColor: [255, 0, 0],
    aaColor: [255, 255, 0],
  });
  for (let y = top - from; y < Math.min(height, bottom - from); y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      // All that is neither red nor yellow is drawn grey.
      if (drawn[at] === drawn[at + 2]) continue;
      marks.data[y * marks.width + x] = drawn[at + 1] === 0 ? MARK.differs : MARK.excused;
    }
  }
}

/** The top left corner of a picture as 8-bit RGBA. */
function rgbaOf(
  picture: InterleavedPicture,
  layout: Layout,
  { height, width }: { readonly height: number; readonly width: number },
): Uint8Array {
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const row = new Float64Array(picture.width * step);
  const rgba = new Uint8Array(4 * height * width);
  for (let y = 0; y < height; y++) {
    unitRow(picture, y, layout, row);
    for (let x = 0; x < width; x++) {
      const to = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) rgba[to + c] = toByte(row[x * step + (layout.channels < 3 ? 0 : c)]);
      rgba[to + 3] = layout.alpha ? toByte(row[x * step + layout.channels]) : 255;
    }
  }
  return rgba;
}

function toByte(unit: number): number {
  return roundSample(unit * 255, 255);
}
