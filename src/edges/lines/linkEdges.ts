import { createPlanes, type Planes, whiteOf } from '../../planes/planes.ts';
import { EDGE, followWeak, NONE, STRONG, WEAK } from './hysteresis.ts';

/**
 * A binary map by two thresholds: white where the response (its absolute value) is above `high`, or above `low` and joined to
 * such a pixel through others above `low`.
 *
 * @param map C×H×W, each channel by itself
 * @param low in units of white, at most `high`
 * @param high in units of white
 * @example
 * toNested(linkEdges(planes([[0.3, 0.6, 0.3, 0, 0.3]]), 0.2, 0.5)) // [[[1, 1, 1, 0, 0]]]
 */
export function linkEdges(map: Planes, low: number, high: number): Planes {
  const { channels, height, width } = map;
  const white = whiteOf(map);
  const binary = createPlanes(channels, height, width, map.white);
  const pitch = width + 2;
  const marks = new Uint8Array(pitch * (height + 2));
  for (let c = 0; c < channels; c++) {
    const rowAt = (row: number): number => (c * height + row) * width;
    for (let row = 0; row < height; row++) {
      markRow(map.data, rowAt(row), width, low * white, high * white, marks, (row + 1) * pitch + 1);
    }
    followWeak(marks, pitch);
    for (let row = 0; row < height; row++) {
      takeRow(marks, (row + 1) * pitch + 1, width, white, binary.data, rowAt(row));
    }
  }
  return binary;
}

function markRow(
  responses: Float32Array,
  from: number,
  width: number,
  low: number,
  high: number,
  marks: Uint8Array,
  to: number,
): void {
  for (let j = 0; j < width; j++) {
    const response = responses[from + j];
    // Most of a picture of thin lines is 0.
    if (response === 0) {
      marks[to + j] = NONE;
      continue;
    }
    const size = Math.abs(response);
    marks[to + j] = size > low ? (size > high ? STRONG : WEAK) : NONE;
  }
}

function takeRow(
  marks: Uint8Array,
  from: number,
  width: number,
  white: number,
  binary: Float32Array,
  to: number,
): void {
  for (let j = 0; j < width; j++) if (marks[from + j] === EDGE) binary[to + j] = white;
}
