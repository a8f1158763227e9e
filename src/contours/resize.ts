import type { PictureRows } from '../planes/pictureRows.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';

/**
 * The rows of a picture made larger or smaller: bilinear, samples at the centres of their areas, and where it becomes smaller each
 * sample is the mean of those that it covers, weighted by a triangle as wide as two steps (as Pillow's BILINEAR has it).
 */
export function resizedRows(picture: PictureRows, height: number, width: number): PictureRows {
  const down = weightsAlong(picture.height, height);
  const across = weightsAlong(picture.width, width);
  const { channels, white } = picture;
  return {
    channels,
    height,
    width,
    ...(white === undefined ? {} : { white }),
    read(from, to, lend) {
      const rows = lend(channels, to - from, width, white);
      const first = down[from].first;
      const last = Math.max(...down.slice(from, to).map((one) => one.first + one.weights.length));
      const seen = picture.read(first, last, createPlanes);
      const middle = new Float32Array(picture.width);
      for (let c = 0; c < channels; c++) {
        for (let y = from; y < to; y++) {
          blendRows(seen, c, down[y].first - first, down[y].weights, middle);
          const start = (c * rows.height + y - from) * width;
          blendAlong(middle, across, rows.data.subarray(start, start + width));
        }
      }
      return rows;
    },
  };
}

/** {@link resizedRows} of one plane, row by row. */
export function resizePlane(
  plane: Planes,
  height: number,
  width: number,
  onRow: (row: Float32Array, y: number) => void,
): void {
  const down = weightsAlong(plane.height, height);
  const across = weightsAlong(plane.width, width);
  const middle = new Float32Array(plane.width);
  const row = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    blendRows(plane, 0, down[y].first, down[y].weights, middle);
    blendAlong(middle, across, row);
    onRow(row, y);
  }
}

/** The samples that one of another size is made of. */
interface Blend {
  readonly first: number;
  readonly weights: readonly number[];
}

function weightsAlong(from: number, to: number): Blend[] {
  const step = from / to;
  const reach = Math.max(1, step);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * step;
    const first = Math.max(0, Math.floor(centre - reach));
    const end = Math.min(from, Math.ceil(centre + reach));
    const heights = Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach),
    );
    const sum = heights.reduce((a, b) => a + b, 0);
    return { first, weights: heights.map((one) => one / sum) };
  });
}

function blendRows(planes: Planes, c: number, first: number, weights: readonly number[], into: Float32Array): void {
  const { data, width } = planes;
  into.fill(0);
  weights.forEach((weight, k) => {
    const start = (c * planes.height + first + k) * width;
    if (weight !== 0) for (let x = 0; x < width; x++) into[x] += weight * data[start + x];
  });
}

function blendAlong(row: Float32Array, across: readonly Blend[], into: Float32Array): void {
  for (let x = 0; x < into.length; x++) {
    const { first, weights } = across[x];
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += weights[k] * row[first + k];
    into[x] = sum;
  }
}
