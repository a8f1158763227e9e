import { findContours, roomForContours } from '../../contours/findContours.ts';
import { expected } from '../../planes/expected.ts';
import type { PictureRows } from '../../planes/pictureRows.ts';
import type { ContourDetection } from '../detection.ts';
import type { Edges } from '../options.ts';
import { linesOfMap, planesOfLines } from './linesOfMap.ts';

/** The contours of a picture by a net: their strength, as lines where those were asked for, cut where thresholds were. */
export function contourEdges(picture: PictureRows, detection: ContourDetection): Edges {
  return linesOfMap(findContours(picture, detection.net, detection.scales), detection);
}

/** Whether only strengths are asked for, which need not be in memory all at once. */
export function isStrengthAlone({ thin, mask, threshold, hysteresis }: ContourDetection): boolean {
  return !thin && mask === undefined && threshold === undefined && hysteresis === undefined;
}

/** About the bytes that {@link contourEdges} takes beside the picture. */
export function roomForContourEdges(
  picture: { readonly height: number; readonly width: number },
  detection: ContourDetection,
): number {
  const plane = 4 * picture.height * picture.width;
  const planes = isStrengthAlone(detection) ? 0 : 2 + planesOfLines(detection);
  return roomForContours(picture, detection.net, detection.scales) + plane * planes;
}

/** Nets see three colours, or grey as three that are alike. */
export function expectColours(channels: number): void {
  if (channels !== 1 && channels !== 3) throw expected('a picture of one channel or three', 'contours', channels);
}
