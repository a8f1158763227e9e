import { findContours, roomForContours } from '../../contours/findContours.ts';
import { expected } from '../../planes/expected.ts';
import type { PictureRows } from '../../planes/pictureRows.ts';
import { whiteOf } from '../../planes/planes.ts';
import type { ContourDetection } from '../detection.ts';
import { linkEdges } from '../lines/linkEdges.ts';
import { clearOutside, insideOf } from '../lines/mask.ts';
import { suppressRidges } from '../lines/suppressRidges.ts';
import type { Edges } from '../options.ts';
import { orderedThresholds } from '../thresholds/orderedThresholds.ts';
import { binarise, valueOf } from '../thresholds/threshold.ts';
import { valuesOf } from '../thresholds/values.ts';

/** The contours of a picture by a net: their strength, as lines where those were asked for, cut where thresholds were. */
export function contourEdges(picture: PictureRows, detection: ContourDetection): Edges {
  const { net, scales, thin, mask, threshold, hysteresis } = detection;
  const found = findContours(picture, net, scales);
  const map = thin ? suppressRidges(found) : found;
  if (mask !== undefined) clearOutside(map, insideOf(mask, map, true)(0, map.height));
  const values = valuesOf(map.data);
  const white = whiteOf(map);
  if (hysteresis !== undefined) {
    const { low, high, notes } = orderedThresholds(hysteresis, (form) => valueOf(values, white, form));
    return { map: linkEdges(map, low, high), thresholds: { low, high }, ...(notes.length > 0 && { notes }) };
  }
  if (threshold === undefined) return { map };
  const high = valueOf(values, white, threshold);
  return { map: binarise(map, high), thresholds: { high } };
}

/** Whether only strengths are asked for, which need not be in memory all at once. */
export function isStrengthAlone({ thin, mask, threshold, hysteresis }: ContourDetection): boolean {
  return !thin && mask === undefined && threshold === undefined && hysteresis === undefined;
}

/** Planes that lines and thresholds take beside the map. */
const PLANES_OF_LINES = 5;

/** About the bytes that {@link contourEdges} takes beside the picture. */
export function roomForContourEdges(
  picture: { readonly height: number; readonly width: number },
  detection: ContourDetection,
): number {
  const { net, scales, thin, threshold, hysteresis } = detection;
  const plane = 4 * picture.height * picture.width;
  const isCut = threshold !== undefined || hysteresis !== undefined;
  const planes = isStrengthAlone(detection) ? 0 : 2 + (thin ? PLANES_OF_LINES : 0) + (isCut ? 2 : 0);
  return roomForContours(picture, net, scales) + plane * planes;
}

/** Nets see three colours, or grey as three that are alike. */
export function expectColours(channels: number): void {
  if (channels !== 1 && channels !== 3) throw expected('a picture of one channel or three', 'contours', channels);
}
