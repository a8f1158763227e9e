import type { Kernel } from '../kernels/kernel.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { Picture } from '../planes/picture.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import { fitted } from './channels.ts';
import { corr2d } from './corr2d.ts';
import { CORR2D_OPTIONS, type Corr2dOptions } from './corr2dOptions.ts';
import { type Axis, geometry } from './geometry.ts';

export const FILTER_OPTIONS: readonly string[] = CORR2D_OPTIONS.filter((name) => name !== 'out');

/**
 * A kernel applied to a picture's colour planes; alpha is not filtered, only sampled where the result's samples stand.
 * A kernel of one channel is applied to each channel by itself. The result is the response as it is, signed and unclamped.
 *
 * @param options those of {@link corr2d}; padding is `same` and border `replicate` where left out
 * @throws ExpectationError where the kernel's channels do not fit the picture's
 */
export function filterPicture(picture: Picture, k: Kernel, options: Omit<Corr2dOptions, 'out'> = {}): Picture {
  expectOptions(options, FILTER_OPTIONS, 'filterPicture');
  const how: Corr2dOptions = { padding: 'same', border: 'replicate', ...options };
  const planes = corr2d(picture.planes, fitted(k, picture.planes.channels), how);
  if (picture.alpha === undefined) return { ...picture, planes };
  return { ...picture, planes, alpha: sampleAt(picture.alpha, k, how) };
}

/** The samples under the middle of the kernel, those of the rim for a middle outside the picture. */
function sampleAt(alpha: Planes, k: Kernel, how: Corr2dOptions): Planes {
  const { rows, columns } = geometry(alpha, k, how);
  // An even span has two middles: the one where `same` padding (or `same-upper`) aligns the result with the picture.
  const middle = how.padding === 'same-upper' ? Math.floor : Math.ceil;
  const sourceColumns = placesOf(columns, middle);
  const sampled = createPlanes(1, rows.output, columns.output, alpha.white);
  let to = 0;
  for (const row of placesOf(rows, middle)) {
    for (const column of sourceColumns) sampled.data[to++] = alpha.data[row * alpha.width + column];
  }
  return sampled;
}

function placesOf(axis: Axis, middle: (half: number) => number): Int32Array {
  const first = middle((axis.dilation * (axis.taps - 1)) / 2) - axis.before;
  return Int32Array.from({ length: axis.output }, (_, i) =>
    Math.min(Math.max(first + i * axis.stride, 0), axis.input - 1),
  );
}
