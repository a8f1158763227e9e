import { expected } from '../../planes/expected.ts';
import type { InterleavedPicture } from '../../planes/picture.ts';
import type { Band } from '../bands.ts';
import { MARK } from '../marks.ts';
import { placeOf, shortened } from '../region.ts';
import { type Layout, unitRow } from '../rows.ts';
import type { ComparablePair, Metric, MetricRun, MetricSettings, Told } from './metric.ts';
import { similarityMap, WINDOW } from './similarityMap.ts';

const HALF = (WINDOW - 1) / 2;

/** How far the similarity of one window may be below 1 in any case. */
const LOCAL = 0.5;

/** And how many times as far as that of the whole picture may be. */
const LOCAL_SHARE = 10;

/** Below which similarity a window by itself is a difference: what was drawn into a picture hardly changes the mean. */
export function leastLocal(threshold: number): number {
  return 1 - Math.max(LOCAL, LOCAL_SHARE * threshold);
}

/**
 * The mean structural similarity, at full size, of that channel (alpha is one) in which the pictures are least alike; ssim.js gives the
 * same. Pixels are marked where it is locally below 1 − threshold. Samples that are ignored count as the golden's.
 *
 * A picture does not match where the mean is below 1 − threshold, nor where one window by itself is below {@link leastLocal}.
 *
 * @throws ExpectationError where a side is smaller than the window, 11 pixels
 * @see Z. Wang, A. Bovik, H. Sheikh, E. Simoncelli: Image quality assessment: from error visibility to structural similarity.
 *   IEEE TIP 13 (2004)
 */
export const ssim: Metric = {
  compares: 'structure whatever the lighting',
  threshold: 0.01,
  options: [],
  ofSame: { similarity: 1 },
  reason,
  begin,
};

function begin({ layout, actual, golden }: ComparablePair, { threshold }: MetricSettings): MetricRun {
  const height = Math.min(actual.height, golden.height);
  const width = Math.min(actual.width, golden.width);
  if (height < WINDOW || width < WINDOW) {
    throw expected(`pictures of at least ${WINDOW}×${WINDOW} pixels`, 'the metric ssim', `${height}×${width}`);
  }
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const across = width - WINDOW + 1;
  const sums = new Float64Array(step);
  let worst = { similarity: 1, left: 0, top: 0 };
  const mean = (): number => Math.min(...sums) / ((height - WINDOW + 1) * across);
  return {
    halo: HALF,
    mark(band) {
      const lines = linesOf(band, height);
      if (lines.last <= lines.first) return;
      for (let c = 0; c < step; c++) {
        sums[c] += (lines.last - lines.first) * across;
        if (band.identical) continue;
        const found = markChannel(band, layout, c, lines, 1 - threshold);
        sums[c] -= found.missing;
        if (found.worst.similarity < worst.similarity) worst = found.worst;
      }
    },
    figures: () => ({ similarity: mean(), worst }),
    verdict: () => mean() >= 1 - threshold && worst.similarity >= leastLocal(threshold),
  };
}

function reason({ similarity = 0, worst, match, region }: Told, { threshold }: MetricSettings): string {
  const wanted = 1 - threshold;
  const mean = `structural similarity ${similarity.toFixed(6)}, at least ${wanted} is asked for`;
  if (match) return mean;
  if (!(similarity >= wanted) || worst === undefined) return `${mean}, least alike within ${placeOf(region)}`;
  const place = placeOf({ ...worst, width: WINDOW, height: WINDOW });
  const least = shortened(leastLocal(threshold));
  return `structural similarity ${similarity.toFixed(6)}, but ${worst.similarity.toFixed(3)} within ${place}, where at least ${least} is asked for`;
}

/** The rows of a band that are the middle of windows, in the picture. */
interface Lines {
  readonly first: number;
  readonly last: number;
}

function linesOf({ top, bottom }: Band, height: number): Lines {
  return { first: Math.max(top, HALF), last: Math.min(bottom, height - HALF) };
}

interface Found {
  /** What is missing to 1, over all windows. */
  readonly missing: number;
  readonly worst: { readonly similarity: number; readonly left: number; readonly top: number };
}

function markChannel(band: Band, layout: Layout, channel: number, { first, last }: Lines, limit: number): Found {
  const { from, marks } = band;
  const rows = last - first + WINDOW - 1;
  const begin = first - HALF - from;
  const a = planeOf(band.actual, layout, channel, begin, rows, marks.common.width);
  const b = planeOf(band.golden, layout, channel, begin, rows, marks.common.width);
  ignore(a, b, band, begin);
  const span = spanOf(a, b, marks.common.width);
  let missing = 0;
  let worst = { similarity: 1, left: 0, top: 0 };
  if (span === undefined) return { missing, worst };
  // Windows beside it hold the same samples on both sides: their similarity is 1.
  const left = Math.max(0, span.left - WINDOW + 1);
  const width = Math.min(marks.common.width, span.right + WINDOW) - left;
  const map = similarityMap(cut(a, marks.common.width, left, width), cut(b, marks.common.width, left, width), width);
  const across = width - WINDOW + 1;
  for (let start = 0, y = first; start < map.length; start += across, y++) {
    const at = (y - from) * marks.width + left + HALF;
    for (let x = 0; x < across; x++) {
      const similarity = map[start + x];
      missing += 1 - similarity;
      if (similarity >= limit || marks.data[at + x] === MARK.ignored) continue;
      marks.data[at + x] = MARK.differs;
      if (!(similarity >= worst.similarity)) worst = { similarity, left: left + x, top: y - HALF };
    }
  }
  return { missing, worst };
}

/** Rows of one channel, white at 255: the measure takes any numbers, at whatever precision. */
function planeOf(
  picture: InterleavedPicture,
  layout: Layout,
  channel: number,
  begin: number,
  rows: number,
  width: number,
): Float64Array {
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const row = new Float64Array(picture.width * step);
  const data = new Float64Array(rows * width);
  for (let y = 0; y < rows; y++) {
    unitRow(picture, begin + y, layout, row);
    for (let x = 0; x < width; x++) data[y * width + x] = 255 * row[x * step + channel];
  }
  return data;
}

function ignore(actual: Float64Array, golden: Float64Array, { marks }: Band, begin: number): void {
  const { width } = marks.common;
  for (let start = 0, y = begin; start < actual.length; start += width, y++) {
    const at = y * marks.width;
    for (let x = 0; x < width; x++) {
      if (marks.data[at + x] === MARK.ignored) actual[start + x] = golden[start + x];
    }
  }
}

/** The columns from the first to the last in which two planes differ; nothing where they are the same. */
function spanOf(a: Float64Array, b: Float64Array, width: number): { left: number; right: number } | undefined {
  let left = width;
  let right = -1;
  for (let start = 0; start < a.length; start += width) {
    let x = 0;
    while (x < left && Object.is(a[start + x], b[start + x])) x++;
    left = Math.min(left, x);
    let end = width - 1;
    while (end > right && Object.is(a[start + end], b[start + end])) end--;
    right = Math.max(right, end);
  }
  return right < 0 ? undefined : { left, right };
}

function cut(plane: Float64Array, width: number, left: number, across: number): Float64Array {
  if (across === width) return plane;
  const rows = plane.length / width;
  const part = new Float64Array(rows * across);
  for (let y = 0; y < rows; y++) {
    part.set(plane.subarray(y * width + left, y * width + left + across), y * across);
  }
  return part;
}
