import { expected } from '../planes/expected.ts';
import type { PictureRows } from '../planes/pictureRows.ts';
import { createPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import { applyNet, roomForNet } from './applyNet.ts';
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
  const { height, width, white } = picture;
  const map = createPlanes(1, height, width, white);
  eachContourRows(picture, net, scales, (rows, from) => map.data.set(rows.data, from * width));
  return map;
}

/** {@link findContours} some rows at a time, from top to bottom: of one scale without the whole map in memory. */
export function eachContourRows(
  picture: PictureRows,
  net: ContourNet,
  scales: readonly number[],
  visit: (rows: Planes, from: number) => void,
): void {
  const { height, width, white } = picture;
  const rows = createPlanes(1, Math.min(ROWS_AT_ONCE, height), width, white);
  const onRow = (likelihoods: Float32Array, y: number): void => {
    const at = y % ROWS_AT_ONCE;
    strengths(likelihoods, scales.length, whiteOf(rows), rows.data.subarray(at * width, (at + 1) * width));
    if (at + 1 < ROWS_AT_ONCE && y + 1 < height) return;
    visit({ ...rows, height: at + 1, data: rows.data.subarray(0, (at + 1) * width) }, y - at);
  };
  if (scales.length === 1 && isOwnSize(picture, scales[0])) {
    applyNet(net, picture, onRow);
    return;
  }
  const sum = new Float32Array(height * width);
  for (const scale of scales) addLikelihoods(sum, picture, net, scale);
  for (let y = 0; y < height; y++) onRow(sum.subarray(y * width, (y + 1) * width), y);
}

const ROWS_AT_ONCE = 64;

function strengths(likelihoods: Float32Array, scales: number, white: number, to: Float32Array): void {
  for (let x = 0; x < to.length; x++) to[x] = Math.sqrt(Math.fround(likelihoods[x] / scales)) * white;
}

function addLikelihoods(sum: Float32Array, picture: PictureRows, net: ContourNet, scale: number): void {
  const { height, width } = picture;
  const add = (row: Float32Array, y: number): void => {
    for (let x = 0, at = y * width; x < width; x++, at++) sum[at] += row[x];
  };
  if (isOwnSize(picture, scale)) {
    applyNet(net, picture, add);
    return;
  }
  const seen = sizeAt(picture, scale);
  const part = createPlanes(1, seen.height, seen.width);
  const resized = resizedRows(picture, seen.height, seen.width);
  applyNet(net, resized, (row, y) => part.data.set(row, y * seen.width));
  resizePlane(part, height, width, add);
}

/** About the bytes that {@link eachContourRows} takes beside the picture. */
export function roomForContours(
  picture: { readonly height: number; readonly width: number },
  shape: ContourShape,
  scales: readonly number[],
): number {
  const sum = scales.length === 1 && isOwnSize(picture, scales[0]) ? 0 : 4 * picture.height * picture.width;
  const most = Math.max(
    ...scales.map((scale) => {
      const seen = sizeAt(picture, scale);
      return (
        roomForNet(shape, { ...seen, channels: 3 }) + (isOwnSize(picture, scale) ? 0 : 4 * seen.height * seen.width)
      );
    }),
  );
  return sum + most;
}

function isOwnSize(picture: { readonly height: number; readonly width: number }, scale: number): boolean {
  const seen = sizeAt(picture, scale);
  return seen.height === picture.height && seen.width === picture.width;
}

function sizeAt({ height, width }: { height: number; width: number }, scale: number) {
  return { height: Math.max(1, Math.round(height * scale)), width: Math.max(1, Math.round(width * scale)) };
}
