import type { InterleavedPicture } from '../../planes/picture.ts';
import { isFloat32Array } from '../../planes/typedArrays.ts';
import type { Band } from '../bands.ts';
import { MARK, type Marks } from '../marks.ts';
import { type Layout, unitRow } from '../rows.ts';
import { COUNTING, type ComparablePair, type Metric, type MetricRun, type MetricSettings } from './metric.ts';
import { markStrange } from './strange.ts';

/**
 * Marks edge pixels of either picture from which no edge pixel of the other is within `distance`, as the crow flies. An edge pixel is
 * one whose strongest colour sample, times its alpha, is above the threshold. One edge pixel may stand for several of the other picture.
 * Marks, too, what no edge that moved explains, by more than half of the threshold; see {@link markStrange}.
 *
 * `precision` is the share of the picture's edge pixels that have one of the golden's near, `recall` that of the golden's; 1 where there
 * are none.
 *
 * @see D. Martin, C. Fowlkes, J. Malik: Learning to detect natural image boundaries using local brightness, color, and texture cues.
 *   IEEE PAMI 26 (2004): precision and recall of boundaries, there with each pixel matched to one other
 */
export const boundary: Metric = {
  compares: 'edges that may move',
  threshold: 0.5,
  options: ['distance', ...COUNTING],
  ofSame: { precision: 1, recall: 1, f: 1 },
  begin,
};

function begin({ layout }: ComparablePair, { threshold, distance }: MetricSettings): MetricRun {
  const found = { edges: 0, near: 0 };
  const wanted = { edges: 0, near: 0 };
  return {
    halo: Math.floor(distance),
    mark(band) {
      const inActual = edgesOf(band.actual, layout, band.marks, threshold);
      const inGolden = band.identical ? inActual : edgesOf(band.golden, layout, band.marks, threshold);
      markLonely(inActual, inGolden, band, distance, MARK.added, found);
      markLonely(inGolden, inActual, band, distance, MARK.differs, wanted);
      if (!band.identical) markStrange(band, layout, STRANGE * threshold, Math.floor(distance));
    },
    figures() {
      const precision = share(found);
      const recall = share(wanted);
      return { precision, recall, f: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
    },
    sawNothing: () => found.edges + wanted.edges === 0,
  };
}

/** What of the threshold a sample may lie outside of what is around it; photographs with a rectangle drawn in pass at twice as much. */
const STRANGE = 0.5;

interface Count {
  edges: number;
  near: number;
}

/** 1 for every edge pixel that is to be compared. */
function edgesOf(
  picture: InterleavedPicture,
  layout: Layout,
  { width, height, data }: Marks,
  threshold: number,
): Uint8Array {
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const edges = new Uint8Array(width * height);
  if (!layout.alpha && !isFloat32Array(picture.samples))
    return edgesOfWhole(picture, edges, { width, data }, threshold);
  const row = new Float64Array(picture.width * step);
  for (let y = 0; y < picture.height; y++) {
    unitRow(picture, y, layout, row);
    for (let x = 0; x < picture.width; x++) {
      let strongest = 0;
      for (let c = 0; c < layout.channels; c++) strongest = Math.max(strongest, row[x * step + c]);
      if (layout.alpha) strongest *= row[x * step + layout.channels];
      const at = y * width + x;
      if (strongest > threshold && data[at] !== MARK.ignored) edges[at] = 1;
    }
  }
  return edges;
}

/** The same of whole numbers, each of which is above the threshold or is not. */
function edgesOfWhole(
  { samples, width: columns, height, stride, channels, white }: InterleavedPicture,
  edges: Uint8Array,
  { width, data }: Pick<Marks, 'width' | 'data'>,
  threshold: number,
): Uint8Array {
  const above = Uint8Array.from({ length: 256 ** samples.BYTES_PER_ELEMENT }, (_, i) => Number(i / white > threshold));
  for (let y = 0; y < height; y++) {
    let from = y * columns * stride;
    for (let at = y * width; at < y * width + columns; at++, from += stride) {
      let isEdge = 0;
      for (let c = 0; c < channels; c++) isEdge |= above[samples[from + c]];
      if (isEdge === 1 && data[at] !== MARK.ignored) edges[at] = 1;
    }
  }
  return edges;
}

/** Marks the edge pixels that have no other near, and counts. */
function markLonely(
  edges: Uint8Array,
  others: Uint8Array,
  { top, bottom, from, marks: { width, data } }: Band,
  distance: number,
  mark: number,
  count: Count,
): void {
  const reach = Math.floor(distance);
  const limit = distance * distance;
  let vertical: Uint16Array | undefined;
  for (let at = (top - from) * width; at < (bottom - from) * width; at++) {
    if (!edges[at]) continue;
    count.edges++;
    if (others[at]) {
      count.near++;
      continue;
    }
    vertical ??= verticalDistances(others, width, reach + 1);
    if (isNear(vertical, at, width, reach, limit)) {
      count.near++;
      if (data[at] === MARK.same) data[at] = MARK.excused;
    } else if (data[at] !== MARK.outside) data[at] = mark;
  }
}

/** From every pixel to the nearest edge pixel straight above or below it, at most `most`. */
function verticalDistances(edges: Uint8Array, width: number, most: number): Uint16Array {
  const distances = new Uint16Array(edges.length);
  for (let at = 0; at < edges.length; at++) {
    distances[at] = edges[at] ? 0 : at < width ? most : Math.min(most, distances[at - width] + 1);
  }
  for (let at = edges.length - width - 1; at >= 0; at--) {
    if (distances[at + width] < distances[at]) distances[at] = distances[at + width] + 1;
  }
  return distances;
}

function isNear(vertical: Uint16Array, at: number, width: number, reach: number, limit: number): boolean {
  const x = at % width;
  for (let dx = -Math.min(reach, x); dx <= Math.min(reach, width - 1 - x); dx++) {
    if (dx * dx + vertical[at + dx] ** 2 <= limit) return true;
  }
  return false;
}

function share({ edges, near }: Count): number {
  return edges === 0 ? 1 : near / edges;
}
