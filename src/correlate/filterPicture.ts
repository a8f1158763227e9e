import type { Kernel } from '../kernels/kernel.ts';
import { expectChoice } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { Picture } from '../planes/picture.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import { filterPremultiplied } from './alpha/filterPremultiplied.ts';
import { mixesAlpha } from './alpha/isTransparent.ts';
import { fitted } from './channels.ts';
import { corr2d } from './corr2d.ts';
import { type Corr2dOptions, CORRELATION_OPTIONS } from './corr2dOptions.ts';
import { type Axis, geometry, readsOutside } from './geometry.ts';
import { copyRim, type FilterBorder, rimOf } from './leaveRim.ts';

/** What a filter does about transparency. */
export type FilteredAlpha = 'premultiplied' | 'keep';

export const FILTERED_ALPHA: readonly FilteredAlpha[] = ['premultiplied', 'keep'];

export interface FilterOptions extends Omit<Corr2dOptions, 'out' | 'border'> {
  /**
   * What stands outside the picture; `replicate` where left out. With `leave-rim`, samples whose window leaves the picture stay as they
   * are, as by Pillow's and openEO's filters: with `same` padding and no stride.
   */
  border?: FilterBorder;
  /**
   * `premultiplied` (where left out): colours count as much as they can be seen, and alpha is filtered with them. `keep`: colours
   * are filtered as they are stored, what is transparent too, and alpha stays as it is.
   */
  alpha?: FilteredAlpha;
}

export const FILTER_OPTIONS: readonly string[] = [...CORRELATION_OPTIONS, 'alpha'];

/**
 * A kernel applied to a picture. A kernel of one channel is applied to each channel by itself. The result's colour is the response
 * as it is, signed and unclamped.
 *
 * Where the picture is transparent somewhere, its colours are multiplied by alpha first, correlated together with alpha, and divided
 * by it again, so that no colour bleeds out of what cannot be seen ({@link FilterOptions.alpha}); ImageMagick and sharp do the same with
 * taps that sum to 1 (1×1 taps mix nothing, and leave alpha and what is hidden as they are). Other sums change the colours, as they do in an opaque picture, and not alpha. Taps that sum to 0 give the response
 * to the picture laid over black, and alpha stays as it is, sampled where the result's samples stand.
 *
 * @param options those of {@link corr2d}; padding is `same` and border `replicate` where left out
 * @throws ExpectationError where the kernel's channels do not fit the picture's
 * @example
 * const white = { planes: planes([[255, 0]], 255), alpha: planes([[255, 0]], 255), depth: 8, lossy: false, metadata: {} }
 * const blurred = filterPicture(white, kernel([[0.25, 0.5, 0.25]]))
 * toNested(blurred.planes) // [[[255, 255]]]
 * toNested(blurred.alpha) // [[[191.25, 63.75]]]
 */
export function filterPicture(picture: Picture, k: Kernel, options: FilterOptions = {}): Picture {
  expectOptions(options, FILTER_OPTIONS, 'filterPicture');
  const { alpha: policy = 'premultiplied', ...others } = options;
  expectChoice(policy, 'alpha', FILTERED_ALPHA);
  if (others.border === 'leave-rim') return filterWithin(picture, k, options);
  const given = others as Omit<Corr2dOptions, 'out'>;
  const how: Corr2dOptions = {
    padding: 'same',
    ...(readsOutside(given.padding ?? 'same') ? { border: 'replicate' } : {}),
    ...given,
  };
  const taps = fitted(k, picture.planes.channels);
  const { planes, alpha } = picture;
  if (alpha === undefined) return { ...picture, planes: corr2d(planes, taps, how) };
  if (policy === 'keep' || !mixesAlpha(k, picture)) {
    return { ...picture, planes: corr2d(planes, taps, how), alpha: sampleAt(alpha, k, how) };
  }
  const filtered = filterPremultiplied({ planes, alpha }, taps, how);
  return { ...picture, planes: filtered.planes, alpha: filtered.alpha ?? sampleAt(alpha, k, how) };
}

/** Filters, and puts the picture's own rim around what comes of it. */
function filterWithin(picture: Picture, k: Kernel, options: FilterOptions): Picture {
  const { planes, alpha } = picture;
  const at = rimOf(planes, fitted(k, planes.channels), options);
  const filtered = filterPicture(picture, k, { ...options, border: 'replicate' });
  copyRim(planes, filtered.planes, at);
  if (alpha && filtered.alpha) copyRim(alpha, filtered.alpha, at);
  return filtered;
}

/** The samples under the middle of the kernel, those of the rim for a middle outside the picture. */
function sampleAt(alpha: Planes, k: Kernel, how: Corr2dOptions): Planes {
  const { width, data } = alpha;
  const { rows } = geometry(alpha, k, how);
  return alphaSampler(alpha, k, how)((row) => data.subarray(row * width, (row + 1) * width), 0, rows.output);
}

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
