import { createPlanes, type Planes, whiteOf } from '../../planes/planes.ts';

/** In units of white: responses that differ by less are rounding. */
const LEAST = 2 ** -16;

/**
 * Where a signed response passes through zero: of two neighbours, across or down, whose signs differ, the one that is nearer to
 * zero (both where they are equally near), or a zero between two such pixels. The value there is how far apart the two are, the
 * largest of a pixel's, so that a threshold keeps the steep crossings; 0 elsewhere.
 *
 * @param x C×H×W, signed
 * @returns C×H×W, from 0
 * @example
 * toNested(zeroCrossings(planes([[3, 1, -2, -2]]))) // [[[0, 3, 0, 0]]]
 */
export function zeroCrossings(x: Planes): Planes {
  const { channels, height, width, data } = x;
  const crossings = createPlanes(channels, height, width, x.white);
  const least = LEAST * whiteOf(x);
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < height; row++) {
      const start = (c * height + row) * width;
      for (let i = start; i < start + width; i++) {
        if (i + 1 < start + width) cross(data, i, 1, i + 2 < start + width, least, crossings.data);
        if (row + 1 < height) cross(data, i, width, row + 2 < height, least, crossings.data);
      }
    }
  }
  return crossings;
}

/** Between a pixel and the next one, `step` further; or the one after it, where the next one is 0. */
function cross(data: Float32Array, i: number, step: number, further: boolean, least: number, out: Float32Array): void {
  const a = data[i];
  const b = data[i + step];
  if (b === 0) {
    if (!further) return;
    const after = data[i + 2 * step];
    if (a < 0 ? after > 0 : a > 0 && after < 0) mark(i + step, Math.abs(a - after));
    return;
  }
  if (!(a < 0 ? b > 0 : a > 0 && b < 0)) return;
  const nearness = Math.abs(a) - Math.abs(b);
  if (nearness <= 0) mark(i, Math.abs(a - b));
  if (nearness >= 0) mark(i + step, Math.abs(a - b));

  function mark(at: number, distance: number): void {
    if (distance >= least && distance > out[at]) out[at] = distance;
  }
}
