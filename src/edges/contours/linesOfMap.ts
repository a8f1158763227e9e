import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { NetSettings } from '../detection.ts';
import { linkEdges } from '../lines/linkEdges.ts';
import { clearOutside, insideOf } from '../lines/mask.ts';
import { suppressRidges } from '../lines/suppressRidges.ts';
import type { Edges } from '../options.ts';
import { orderedThresholds } from '../thresholds/orderedThresholds.ts';
import { binarise, valueOf } from '../thresholds/threshold.ts';
import { valuesOf } from '../thresholds/values.ts';

/** What is made of a map of contours: lines, a part of it, black and white. */
type LineSettings = Pick<NetSettings, 'thin' | 'mask' | 'threshold' | 'hysteresis'>;

/** A map of contours as lines where those were asked for, cut where thresholds were. It may be written over. */
export function linesOfMap(found: Planes, { thin, mask, threshold, hysteresis }: LineSettings): Edges {
  const map = thin ? suppressRidges(found) : found;
  if (mask !== undefined) clearOutside(map, insideOf(mask, map, true)(0, map.height));
  if (hysteresis === undefined && threshold === undefined) return { map };
  const values = valuesOf(map.data);
  const white = whiteOf(map);
  if (hysteresis !== undefined) {
    const { low, high, notes } = orderedThresholds(hysteresis, (form) => valueOf(values, white, form));
    return { map: linkEdges(map, low, high), thresholds: { low, high }, ...(notes.length > 0 && { notes }) };
  }
  const high = valueOf(values, white, threshold as NonNullable<typeof threshold>);
  return { map: binarise(map, high), thresholds: { high } };
}

/** Planes that lines and thresholds take beside the map. */
const PLANES_OF_LINES = 5;

/** About the planes that {@link linesOfMap} takes beside the map. */
export function planesOfLines({ thin, threshold, hysteresis }: LineSettings): number {
  const isCut = threshold !== undefined || hysteresis !== undefined;
  return (thin ? PLANES_OF_LINES : 0) + (isCut ? 2 : 0);
}
