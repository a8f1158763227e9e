import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import { parseBorder } from '../planes/border.ts';
import { expectChoice } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import { expectInterleaved, type InterleavedPicture, pictureFrom } from '../planes/picture.ts';
import { whiteOfDepth } from '../planes/samples.ts';
import { decodeSrgb, encodeSrgb } from '../planes/srgb.ts';
import { PRECISIONS } from './algorithm.ts';
import { alphaTapsOf } from './alpha/alphaTaps.ts';
import { mixesAlpha } from './alpha/isTransparent.ts';
import { fitted } from './channels.ts';
import { FILTER_OPTIONS, FILTERED_ALPHA, type FilterOptions, filterPicture } from './filterPicture.ts';
import { filterRows } from './filterRows.ts';
import { expectBorderRead, pairOf } from './geometry.ts';
import { copyRimOfSamples, rimOf } from './leaveRim.ts';
import { type InPlaceOption, runPass } from './pass/pass.ts';
import { type PassSpecification, servesPass } from './pass/passPlan.ts';
import {
  type ResponseRows,
  STORE_OPTIONS,
  type StoreOptions,
  storeResponse,
  storeRows,
  storing,
} from './pass/storeResponse.ts';
import { alphaRowsOfSamples, linearRows, rowsOfSamples } from './rowsOfSamples.ts';

export interface FilterSamplesOptions extends StoreOptions, InPlaceOption, Omit<FilterOptions, 'algorithm'> {
  /** Work on samples in proportion to light: decode the sRGB curve first, encode it last; false where left out. */
  linear?: boolean;
}

const OPTIONS = [...FILTER_OPTIONS.filter((name) => name !== 'algorithm'), ...STORE_OPTIONS, 'inPlace', 'linear'];

/**
 * A kernel applied to stored samples: {@link filterPicture}, {@link mapResponse} (`clamp` where left out) and rounding in one
 * pass, strip by strip, so that no whole picture is ever held in Float32. The bytes are those of these steps.
 *
 * @returns interleaved samples, alpha last
 * @throws ExpectationError where the kernel's channels do not fit the picture's, or an option is out of range
 * @example
 * const row = { samples: Uint8Array.of(9, 9, 90), height: 1, width: 3, stride: 1, channels: 1, white: 255 }
 * Array.from(filterSamples(row, kernel([[1, 1, 1]])).samples) // [27, 108, 189]
 */
export function filterSamples(
  picture: InterleavedPicture,
  k: Kernel,
  options: FilterSamplesOptions = {},
): InterleavedPicture {
  expectOptions(options, OPTIONS, 'filterSamples');
  expectInterleaved(picture, 'the picture');
  checkKernel(k);
  const { map: wanted, ...stored } = storing(picture.samples, options, 'clamp');
  if (options.border === 'leave-rim' && wanted === 'clamp' && isOfDepth(picture, stored.depth)) {
    const at = rimOf(picture, fitted(k, picture.channels), options);
    const { inPlace: _, ...how } = options;
    const filtered = filterSamples(picture, k, { ...how, border: 'replicate' });
    copyRimOfSamples(picture, filtered, at);
    return filtered;
  }
  const { padding = 'same', border = 'replicate', dilation = 1, precision = 'deterministic' } = options;
  expectBorderRead(options.border, padding);
  const policy = expectChoice(options.alpha ?? 'premultiplied', 'alpha', FILTERED_ALPHA);
  const { linear = false } = options;
  if (border === 'leave-rim') return byPlanes(picture, k, options, { map: wanted, ...stored });
  if (!linear && wanted !== 'minmax' && pairOf(options.stride, 'stride', 1, 1).every((step) => step === 1)) {
    const taps = fitted(k, picture.channels);
    const weighs = policy === 'premultiplied' && mixesAlpha(k, picture);
    const pass: PassSpecification = {
      kernels: [taps],
      magnitude: 'l2',
      scale: 1,
      strongest: false,
      alpha: !weighs ? 'kept' : alphaTapsOf(taps) === undefined ? 'weighing' : 'filtered',
      map: wanted,
      ...stored,
      padding,
      dilation,
      border: parseBorder(border),
      precision: expectChoice(precision, 'precision', PRECISIONS),
    };
    if (servesPass(picture, pass)) return runPass(picture, pass, options.inPlace);
  }
  const rows = {
    colours: linear ? linearRows(picture) : rowsOfSamples(picture),
    alpha: picture.alphaAt === undefined ? undefined : alphaRowsOfSamples(picture),
    weighs: policy === 'premultiplied' && mixesAlpha(k, picture),
  };
  const { stride = 1 } = options;
  const response = filterRows(rows, fitted(k, picture.channels), { padding, border, dilation, stride, precision });
  return storeRows(linear ? encoded(response) : response, { map: wanted, ...stored });
}

/** By planes of the whole picture. */
function byPlanes(
  stored: InterleavedPicture,
  k: Kernel,
  options: FilterSamplesOptions,
  store: Required<StoreOptions>,
): InterleavedPicture {
  const { map: _, rounding: __, depth: ___, inPlace: ____, linear = false, ...how } = options;
  const picture = pictureFrom(stored);
  const seen = linear ? { ...picture, planes: decodeSrgb(picture.planes) } : picture;
  const { planes, alpha } = filterPicture(seen, k, how);
  return storeResponse(linear ? encodeSrgb(planes) : planes, alpha, store);
}

/** Colours coded by the sRGB curve again. */
function encoded(response: ResponseRows): ResponseRows {
  return {
    ...response,
    eachRows: (visit) => response.eachRows((rows, from, alpha) => visit(encodeSrgb(rows), from, alpha)),
  };
}

/** Whether samples are written as they are read, so that those of a rim can be copied. */
function isOfDepth({ samples, white }: InterleavedPicture, depth: 8 | 16): boolean {
  return samples.BYTES_PER_ELEMENT * 8 === depth && white === whiteOfDepth(depth);
}
