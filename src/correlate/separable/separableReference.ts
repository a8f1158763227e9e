import type { SeparatedKernel } from '../../kernels/separate.ts';
import { type Border, borderConstant, borderMap, OUTSIDE } from '../../planes/border.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { Geometry } from '../geometry.ts';

/**
 * The definition of a correlation in two passes, in loops; never tuned.
 *
 * First every row of the padded picture is correlated with the row of taps, then every column of what came out with the
 * column of taps. In both, accumulators start at +0 and each tap adds its product: a Float32 multiplication, then a Float32
 * addition; across in the order of {@link tapOrder}, down from the first tap to the last. The bias (bias·white) is added
 * last. Taps that are ±0 contribute nothing.
 *
 * @param out planes of the result's shape; every sample of it is written.
 */
export function separableReference(
  x: Planes,
  { column, row }: SeparatedKernel,
  at: Geometry,
  border: Border,
  out: Planes,
): void {
  const { rows, columns } = at;
  const sourceRows = borderMap(border, rows.input, rows.before, rows.after);
  const sourceColumns = borderMap(border, columns.input, columns.before, columns.after);
  const white = whiteOf(x);
  const outside = borderConstant(border, white);
  const order = tapOrder(row.width);
  const outputsOfChannel = row.outChannels / x.channels;
  for (let o = 0; o < row.outChannels; o++) {
    const channel = Math.floor(o / outputsOfChannel) * rows.input * columns.input;
    const across = row.weights.subarray(o * row.width, (o + 1) * row.width);
    const down = column.weights.subarray(o * column.height, (o + 1) * column.height);
    const sample = (i: number, j: number): number =>
      sourceRows[i] === OUTSIDE || sourceColumns[j] === OUTSIDE
        ? outside
        : x.data[channel + sourceRows[i] * columns.input + sourceColumns[j]];

    const responses = new Float32Array(sourceRows.length * columns.output);
    for (let i = 0; i < sourceRows.length; i++) {
      for (let j = 0; j < columns.output; j++) {
        responses[i * columns.output + j] = correlated(across, order, (q) => sample(i, j + q * columns.dilation));
      }
    }
    const bias = Math.fround(row.bias[o] * white);
    for (let i = 0; i < rows.output; i++) {
      for (let j = 0; j < columns.output; j++) {
        const sum = correlated(
          down,
          Array.from(down.keys()),
          (r) => responses[(i + r * rows.dilation) * columns.output + j],
        );
        out.data[(o * rows.output + i) * columns.output + j] = Math.fround(sum + bias);
      }
    }
  }
}

/**
 * The order in which the taps of a row are added up: every fourth tap from the first, then from the second, the third and the
 * fourth. Taps that are four apart read the same vectors of samples, so that machine code loads each once for several taps.
 */
export function tapOrder(width: number): number[] {
  return [0, 1, 2, 3].flatMap((phase) =>
    Array.from({ length: Math.max(0, Math.ceil((width - phase) / 4)) }, (_, i) => phase + 4 * i),
  );
}

/** The sum of products along one axis, one tap after the other. */
export function correlated(taps: Float32Array, order: readonly number[], sampleUnder: (tap: number) => number): number {
  let sum = 0;
  for (const i of order) {
    if (taps[i] !== 0) sum = Math.fround(sum + Math.fround(taps[i] * sampleUnder(i)));
  }
  return sum;
}
