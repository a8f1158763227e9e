import type { Kernel } from '../kernels/kernel.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import type { Corr2dOptions } from './corr2dOptions.ts';
import { type Axis, geometry } from './geometry.ts';

/**
 * What gives rows `from` … `to` (excluded) of a result its alpha, where that is the picture's own.
 *
 * @param alpha its shape
 */
export function alphaSampler(
  alpha: Omit<Planes, 'data'>,
  k: Kernel,
  how: Corr2dOptions,
): (rowAt: (row: number) => Float32Array, from: number, to: number) => Planes {
  const { rows, columns } = geometry(alpha, k, how);
  // An even span has two middles: the one where `same` padding (or `same-upper`) aligns the result with the picture.
  const middle = how.padding === 'same-upper' || how.padding === 'onnx-same-upper' ? Math.floor : Math.ceil;
  const sourceRows = placesOf(rows, middle);
  const sourceColumns = placesOf(columns, middle);
  return (rowAt, from, to) => {
    const sampled = createPlanes(1, to - from, columns.output, alpha.white);
    let at = 0;
    for (const row of sourceRows.subarray(from, to)) {
      const samples = rowAt(row);
      for (const column of sourceColumns) sampled.data[at++] = samples[column];
    }
    return sampled;
  };
}

function placesOf(axis: Axis, middle: (half: number) => number): Int32Array {
  const first = middle((axis.dilation * (axis.taps - 1)) / 2) - axis.before;
  return Int32Array.from({ length: axis.output }, (_, i) =>
    Math.min(Math.max(first + i * axis.stride, 0), axis.input - 1),
  );
}
