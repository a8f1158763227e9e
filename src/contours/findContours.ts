import { expected } from '../planes/expected.ts';
import type { PictureRows } from '../planes/pictureRows.ts';
import { createPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import { applyNet, roomForNet } from './applyNet.ts';
import { colourRows } from './colourRows.ts';
import type { ContourNet, ContourShape } from './contourNet.ts';
import { resizedRows, resizePlane } from './resize.ts';

/** What a picture may be resized by before a net sees it, and how many times. */
const SCALES = { least: 0.25, most: 4, count: 8 };

/** @throws ExpectationError for other than one to eight numbers from ¼ to 4 */
export function expectScales(scales: unknown, where = 'scales'): readonly number[] {
  const { least, most, count } = SCALES;
  if (!Array.isArray(scales) || scales.length === 0 || scales.length > count) {
    throw expected(`a list of 1 to ${count} scales`, where, scales);
  }
  return scales.map((scale: unknown, i) => {
    if (typeof scale === 'number' && scale >= least && scale <= most) return scale;
    throw expected(`a number from ${least} to ${most}`, `${where}[${i}]`, scale);
  });
}

/**
 * How strong contours are at each sample of a picture: √p of the likelihood p that a net gives, in the picture's white. Of several
 * scales the mean likelihood counts.
 *
 * @param picture of one channel (grey) or three, as stored: the net learned from stored samples
 * @param scales what the picture is resized by before the net sees it
 * @returns 1×H×W, from 0 to white
 */
export function findContours(picture: PictureRows, net: ContourNet, scales: readonly number[] = [1]): Planes {
  const { height, width } = picture;
  const map = createPlanes(1, height, width, picture.white);
  for (const scale of scales) {
    const seen = sizeAt(picture, scale);
    if (seen.height === height && seen.width === width) {
      applyNet(net, colourRows(picture), (row, y) => addRow(map.data, row, y * width));
    } else {
      const part = createPlanes(1, seen.height, seen.width);
      const resized = resizedRows(picture, seen.height, seen.width);
      applyNet(net, colourRows(resized), (row, y) => part.data.set(row, y * seen.width));
      resizePlane(part, height, width, (row, y) => addRow(map.data, row, y * width));
    }
  }
  const white = whiteOf(map);
  const { data } = map;
  for (let i = 0; i < data.length; i++) data[i] = Math.sqrt(Math.fround(data[i] / scales.length)) * white;
  return map;
}

/** About the bytes that {@link findContours} takes beside the picture and its map. */
export function roomForContours(
  picture: { readonly height: number; readonly width: number },
  shape: ContourShape,
  scales: readonly number[],
): number {
  return Math.max(
    ...scales.map((scale) => {
      const seen = sizeAt(picture, scale);
      const own = seen.height === picture.height && seen.width === picture.width ? 0 : 4 * seen.height * seen.width;
      return roomForNet(shape, seen) + own;
    }),
  );
}

function sizeAt({ height, width }: { height: number; width: number }, scale: number) {
  return { height: Math.max(1, Math.round(height * scale)), width: Math.max(1, Math.round(width * scale)) };
}

function addRow(sum: Float32Array, row: Float32Array, at: number): void {
  for (let x = 0; x < row.length; x++) sum[at + x] += row[x];
}
