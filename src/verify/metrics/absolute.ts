import type { Band } from '../bands.ts';
import { MARK, type Marks } from '../marks.ts';
import { bytesOf, isStoredAlike, type Layout, storedRow, unitRow } from '../rows.ts';
import { COUNTING, type Metric, type MetricRun, type MetricSettings, type ComparablePair } from './metric.ts';

/** A quotient of two whole numbers may miss its threshold by its rounding; two samples never differ by so little. */
const SLACK = 1 + 2 ** -30;

/**
 * Marks the pixels of which a sample differs by more than the threshold, alpha like colour. Samples are compared at the depth they
 * are stored in. A sample that is not a number equals only another such.
 */
export const absolute: Metric = {
  compares: 'every sample',
  threshold: 0,
  options: COUNTING,
  ofSame: { largest: 0, mean: 0 },
  begin,
};

function begin({ layout, golden }: ComparablePair, { threshold }: MetricSettings): MetricRun {
  const step = layout.channels + (layout.alpha ? 1 : 0);
  let unit = 1;
  let largest = 0;
  let sum = 0;
  let samples = 0;
  return {
    halo: 0,
    mark(band) {
      samples += step * countCommon(band.marks);
      if (band.identical) return;
      unit = isStoredAlike(band.actual, band.golden) ? golden.white : 1;
      const found = markRows(band, layout, threshold * unit * SLACK);
      largest = Math.max(largest, found.largest);
      sum += found.sum;
    },
    figures: () => ({ largest: largest / unit, mean: samples === 0 ? 0 : sum / samples / unit }),
  };
}

/** @returns the largest difference of two samples and the sum of all */
function markRows({ actual: a, golden: b, marks }: Band, layout: Layout, limit: number): Differences {
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const length = marks.common.width * step;
  const room = isStoredAlike(a, b) ? undefined : [new Float64Array(a.width * step), new Float64Array(b.width * step)];
  const all = { largest: 0, sum: 0 };
  for (let y = 0; y < marks.common.height; y++) {
    const first = room ? unitRow(a, y, layout, room[0]) : storedRow(a, y).subarray(0, length);
    const second = room ? unitRow(b, y, layout, room[1]) : storedRow(b, y).subarray(0, length);
    // Most rows of most pictures are the same bytes.
    if (Buffer.compare(bytesOf(first), bytesOf(second)) === 0) continue;
    const found = markRow(first, second, marks, y, step, limit);
    all.largest = Math.max(all.largest, found.largest);
    all.sum += found.sum;
  }
  return all;
}

interface Differences {
  readonly largest: number;
  readonly sum: number;
}

function markRow(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { width, common, data }: Marks,
  y: number,
  step: number,
  limit: number,
): Differences {
  let largest = 0;
  let sum = 0;
  for (let x = 0, at = y * width; x < common.width; x++, at++) {
    if (data[at] === MARK.ignored) continue;
    let ofPixel = 0;
    for (let i = x * step; i < (x + 1) * step; i++) {
      const difference = distance(a[i], b[i]);
      sum += difference;
      if (difference > ofPixel) ofPixel = difference;
    }
    if (ofPixel > limit) data[at] = MARK.differs;
    else if (ofPixel > 0) data[at] = MARK.excused;
    if (ofPixel > largest) largest = ofPixel;
  }
  return { largest, sum };
}

function distance(a: number, b: number): number {
  if (a === b) return 0;
  const difference = Math.abs(a - b);
  if (!Number.isNaN(difference)) return difference;
  return Number.isNaN(a) && Number.isNaN(b) ? 0 : Number.POSITIVE_INFINITY;
}

function countCommon({ data }: Marks): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== MARK.ignored && data[i] !== MARK.outside) count++;
  return count;
}
