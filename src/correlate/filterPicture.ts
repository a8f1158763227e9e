import type { Kernel } from '../kernels/kernel.ts';
import { expected } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import {
  expectPicture,
  type InterleavedPicture,
  isLinear,
  isPicture,
  metadataOf,
  type Picture,
  pictureFrom,
  type PictureOfSamples,
} from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { whiteOfDepth } from '../planes/samples.ts';
import { encodeSrgb } from '../planes/srgb.ts';
import { DEFAULT_PRECISION } from './algorithm.ts';
import { alphaTapsOf } from './alpha/alphaTaps.ts';
import { filterPremultiplied } from './alpha/filterPremultiplied.ts';
import { mixesAlpha } from './alpha/isTransparent.ts';
import { alphaSampler } from './alphaSampler.ts';
import { fitted } from './channels.ts';
import { corr2d } from './corr2d.ts';
import type { Corr2dOptions } from './corr2dOptions.ts';
import { FILTER_OPTIONS, type Filtering, filteringOf, type FilterOptions } from './filtering.ts';
import { filterRows } from './filterRows.ts';
import { geometry, pairOf } from './geometry.ts';
import { copyRim, copyRimOfSamples, rimOf } from './leaveRim.ts';
import { type InPlaceOption, runPass } from './pass/pass.ts';
import {
  type ResponseRows,
  STORE_OPTIONS,
  type StoreOptions,
  storeResponse,
  storeRows,
  storing,
} from './pass/storeResponse.ts';
import { alphaRowsOfPicture, rowsOfPicture } from './rowsOfPicture.ts';

/** How a result is stored: `map` is `clamp` by default. */
export interface StoreFilteredOptions extends StoreOptions, InPlaceOption {}

/**
 * A kernel applied to a picture. A kernel of one channel is applied to each channel by itself. The result's colour is the response
 * as it is, signed and unclamped.
 *
 * Where the picture is transparent somewhere, its colours are multiplied by alpha first, correlated together with alpha, and divided
 * by it again, so that no colour bleeds out of what cannot be seen ({@link FilterOptions.alpha}); ImageMagick and sharp do the same with
 * taps that sum to 1 (1×1 taps mix nothing, and leave alpha and what is hidden as they are). Other sums change the colours, as they do in an opaque picture, and not alpha. Taps that sum to 0 give the response
 * to the picture laid over black, and alpha stays as it is, sampled where the result's samples stand.
 *
 * With `store` the result is a picture of stored samples, alpha last: the bytes of {@link mapResponse} (`clamp` by default), of the
 * sRGB curve where the picture is linear, and of rounding. Of a picture that was read it is made in one pass, strip by strip, where
 * that can be: neither is then ever whole in Float32.
 *
 * @param options those of {@link corr2d}; padding is `same` and border `replicate` by default
 * @throws ExpectationError where the kernel's channels do not fit the picture's, or an option is out of range
 * @example
 * const white = { planes: planes([[255, 0]], 255), alpha: planes([[255, 0]], 255), depth: 8, lossy: false, metadata: {} }
 * const blurred = filterPicture(white, kernel([[0.25, 0.5, 0.25]]))
 * toNested(blurred.planes) // [[[255, 255]]]
 * toNested(blurred.alpha) // [[[191.25, 63.75]]]
 * const row = pictureFrom({ samples: Uint8Array.of(9, 9, 90), height: 1, width: 3, stride: 1, channels: 1, white: 255 })
 * Array.from(filterPicture(row, kernel([[1, 1, 1]]), { store: {} }).stored.samples) // [27, 108, 189]
 */
export function filterPicture(
  picture: Picture,
  k: Kernel,
  options: FilterOptions & { store: StoreFilteredOptions },
): PictureOfSamples;
export function filterPicture(picture: Picture, k: Kernel, options?: FilterOptions & { store?: undefined }): Picture;
export function filterPicture(
  picture: Picture,
  k: Kernel,
  options: FilterOptions & { store?: StoreFilteredOptions | undefined } = {},
): Picture {
  expectOptions(options, [...FILTER_OPTIONS, 'store'], 'filterPicture');
  if (!isPicture(picture)) throw expected('a picture ({ planes, depth, lossy, metadata })', 'filterPicture', picture);
  expectPicture(picture, 'filterPicture');
  const { store, ...how } = options;
  const filtering = filteringOf(k, how);
  if (store === undefined) return filtered(picture, filtering);
  expectOptions(store, [...STORE_OPTIONS, 'inPlace'], 'store');
  return filteredSamples(picture, filtering, store);
}

/** {@link filterPicture} by options that were settled before. */
export function filtered(picture: Picture, filtering: Filtering): Picture {
  const { planes, alpha } = picture;
  const { kernel, how, leavesRim } = filtering;
  const taps = fitted(kernel, planes.channels);
  if (leavesRim) {
    // Puts the picture's own rim around what comes of it.
    const at = rimOf(planes, taps, how);
    const within = filtered(picture, { ...filtering, leavesRim: false });
    copyRim(planes, within.planes, at);
    if (alpha && within.alpha) copyRim(alpha, within.alpha, at);
    return within;
  }
  if (alpha === undefined) return { ...picture, planes: corr2d(planes, taps, how) };
  if (!weighsColours(picture, filtering)) {
    return { ...picture, planes: corr2d(planes, taps, how), alpha: sampleAt(alpha, kernel, how) };
  }
  const premultiplied = filterPremultiplied({ planes, alpha }, taps, how);
  return { ...picture, planes: premultiplied.planes, alpha: premultiplied.alpha ?? sampleAt(alpha, kernel, how) };
}

/** Whether colours count as much as they can be seen. */
function weighsColours(picture: Picture, { kernel, alpha }: Filtering): boolean {
  return alpha === 'premultiplied' && mixesAlpha(kernel, picture);
}

/** The samples under the middle of the kernel, those of the rim for a middle outside the picture. */
function sampleAt(alpha: Planes, k: Kernel, how: Corr2dOptions): Planes {
  const { width, data } = alpha;
  const { rows } = geometry(alpha, k, how);
  return alphaSampler(alpha, k, how)((row) => data.subarray(row * width, (row + 1) * width), 0, rows.output);
}

/** {@link filtered} as stored samples. */
export function filteredSamples(
  picture: Picture,
  filtering: Filtering,
  options: StoreFilteredOptions,
): PictureOfSamples {
  const store = storing(picture, options, 'clamp');
  const { linear: _, ...metadata } = metadataOf(picture);
  const samples =
    withOwnRim(picture, filtering, store) ??
    inOnePass(picture, filtering, store, options) ??
    byRows(picture, filtering, store) ??
    byPlanes(picture, filtering, store);
  return pictureFrom(samples, { lossy: picture.lossy, metadata });
}

/** The picture's own samples around what comes of it; undefined where they are stored otherwise, or all stand. */
function withOwnRim(
  picture: Picture,
  filtering: Filtering,
  store: Required<StoreOptions>,
): InterleavedPicture | undefined {
  const { stored } = picture;
  if (!filtering.leavesRim || stored === undefined || store.map !== 'clamp') return undefined;
  if (stored.samples.BYTES_PER_ELEMENT * 8 !== store.depth || stored.white !== whiteOfDepth(store.depth))
    return undefined;
  const at = rimOf(stored, fitted(filtering.kernel, stored.channels), filtering.how);
  const made = filteredSamples(picture, { ...filtering, leavesRim: false }, store).stored;
  copyRimOfSamples(stored, made, at);
  return made;
}

function inOnePass(
  picture: Picture,
  filtering: Filtering,
  { map, rounding, depth }: Required<StoreOptions>,
  { inPlace }: InPlaceOption,
): InterleavedPicture | undefined {
  const { stored } = picture;
  const { kernel, how, leavesRim } = filtering;
  const { stride, dilation = 1, border = 'replicate', precision = DEFAULT_PRECISION, padding, algorithm } = how;
  if (stored === undefined || isLinear(picture) || leavesRim || algorithm !== undefined || map === 'minmax')
    return undefined;
  if (!pairOf(stride, 'stride', 1, 1).every((step) => step === 1)) return undefined;
  const taps = fitted(kernel, stored.channels);
  const isFiltered = weighsColours(picture, filtering);
  const pass = {
    kernels: [taps],
    magnitude: 'l2',
    scale: 1,
    strongest: false,
    alpha: !isFiltered ? 'kept' : alphaTapsOf(taps) === undefined ? 'weighing' : 'filtered',
    map,
    rounding,
    depth,
    padding,
    dilation,
    border,
    precision,
  } as const;
  return runPass(stored, pass, inPlace);
}

/** Some rows at a time; undefined where an algorithm is asked for, or a rim is left. */
function byRows(picture: Picture, filtering: Filtering, store: Required<StoreOptions>): InterleavedPicture | undefined {
  const { kernel, how, leavesRim } = filtering;
  const { border = 'replicate', algorithm, ...others } = how;
  if (leavesRim || algorithm !== undefined) return undefined;
  const colours = rowsOfPicture(picture);
  const rows = { colours, alpha: alphaRowsOfPicture(picture), weighs: weighsColours(picture, filtering) };
  const response = filterRows(rows, fitted(kernel, colours.channels), { ...others, border });
  return storeRows(isLinear(picture) ? encoded(response) : response, store);
}

function byPlanes(picture: Picture, filtering: Filtering, store: Required<StoreOptions>): InterleavedPicture {
  const { planes, alpha } = filtered(picture, filtering);
  return storeResponse(isLinear(picture) ? encodeSrgb(planes) : planes, alpha, store);
}

/** Colours coded by the sRGB curve again. */
function encoded(response: ResponseRows): ResponseRows {
  return {
    ...response,
    eachRows: (visit) => response.eachRows((rows, from, alpha) => visit(encodeSrgb(rows), from, alpha)),
  };
}
