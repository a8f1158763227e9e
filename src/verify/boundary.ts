import type { InterleavedPicture } from '../planes/picture.ts';
import { MARK, type Marks } from './marks.ts';
import { type Layout, unitRow } from './rows.ts';

export interface BoundaryAgreement {
  /** Share of the picture's edge pixels that have one of the golden's near; 1 where it has none. */
  readonly precision: number;
  /** Share of the golden's edge pixels that have one of the picture's near; 1 where it has none. */
  readonly recall: number;
  /** Their harmonic mean. */
  readonly f: number;
  /** Edge pixels of both pictures together. */
  readonly edges: number;
}

/**
 * Marks edge pixels of either picture from which no edge pixel of the other is within `distance`, as the crow flies. An edge pixel is
 * one whose strongest colour sample, times its alpha, is above the threshold. One edge pixel may stand for several of the other picture.
 *
 * @see D. Martin, C. Fowlkes, J. Malik: Learning to detect natural image boundaries using local brightness, color, and texture cues.
 *   IEEE PAMI 26 (2004): precision and recall of boundaries, there with each pixel matched to one other
 */
export function markBoundary(
  actual: InterleavedPicture,
  golden: InterleavedPicture,
  layout: Layout,
  marks: Marks,
  { threshold, distance }: { readonly threshold: number; readonly distance: number },
): BoundaryAgreement {
  const found = edgesOf(actual, layout, marks, threshold);
  const wanted = edgesOf(golden, layout, marks, threshold);
  const inFound = markLonely(found, wanted, marks, distance, MARK.added);
  const inWanted = markLonely(wanted, found, marks, distance, MARK.differs);
  const precision = share(inFound);
  const recall = share(inWanted);
  const f = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f, edges: inFound.edges + inWanted.edges };
}

/** 1 for every edge pixel of the union that is to be compared. */
function edgesOf(
  picture: InterleavedPicture,
  layout: Layout,
  { width, height, data }: Marks,
  threshold: number,
): Uint8Array {
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const row = new Float64Array(picture.width * step);
  const edges = new Uint8Array(width * height);
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

/** Marks the edge pixels that have no other near, and counts. */
function markLonely(
  edges: Uint8Array,
  others: Uint8Array,
  { width, data }: Marks,
  distance: number,
  mark: number,
): { edges: number; near: number } {
  const vertical = verticalDistances(others, width);
  const reach = Math.floor(distance);
  const limit = distance * distance;
  let count = 0;
  let near = 0;
  for (let at = 0; at < edges.length; at++) {
    if (!edges[at]) continue;
    count++;
    if (others[at] || isNear(vertical, at, width, reach, limit)) {
      near++;
      if (!others[at] && data[at] === MARK.same) data[at] = MARK.excused;
    } else if (data[at] !== MARK.outside) data[at] = mark;
  }
  return { edges: count, near };
}

/** From every pixel to the nearest edge pixel straight above or below it. */
function verticalDistances(edges: Uint8Array, width: number): Float64Array {
  const distances = new Float64Array(edges.length);
  for (let at = 0; at < edges.length; at++) {
    distances[at] = edges[at] ? 0 : at < width ? Number.POSITIVE_INFINITY : distances[at - width] + 1;
  }
  for (let at = edges.length - width - 1; at >= 0; at--) {
    distances[at] = Math.min(distances[at], distances[at + width] + 1);
  }
  return distances;
}

function isNear(vertical: Float64Array, at: number, width: number, reach: number, limit: number): boolean {
  const x = at % width;
  for (let dx = -Math.min(reach, x); dx <= Math.min(reach, width - 1 - x); dx++) {
    if (dx * dx + vertical[at + dx] ** 2 <= limit) return true;
  }
  return false;
}

function share({ edges, near }: { edges: number; near: number }): number {
  return edges === 0 ? 1 : near / edges;
}
