import { expectChoice, expected } from '../../planes/expected.ts';
import { optionNames } from '../../planes/expectOptions.ts';
import { type InterleavedPicture, isPicture, type Picture, planesOf } from '../../planes/picture.ts';
import { cutRows } from '../../planes/pictureRows.ts';
import { createPlanes, type Planes, shapeOf, whiteOf } from '../../planes/planes.ts';
import { type Rounding, ROUNDINGS, roundSample, toInterleaved, whiteOfDepth } from '../../planes/samples.ts';
import { mapResponse, mapResponseIn, type Range, rangeOf, RESPONSE_MAPS, type ResponseMap } from '../response.ts';

/** How responses become stored samples. */
export interface StoreOptions {
  /** How signed responses become samples from 0 to white. */
  map?: ResponseMap;
  /** From numbers to samples: `nearest` (the default; ties to even) or `truncate`. */
  rounding?: Rounding;
  /** Bits of a stored sample; the picture's own by default, 16 from Float32. */
  depth?: 8 | 16;
}

export const STORE_OPTIONS: readonly string[] = optionNames<StoreOptions>({ map: true, rounding: true, depth: true });

/** The options with what stands for those that are left out, for what is made of a picture. */
export function storing(x: Planes | Picture, options: StoreOptions, fallback: ResponseMap): Required<StoreOptions> {
  const { depth: own = whiteOf(planesOf(x)) === whiteOfDepth(16) ? 16 : 8 }: Partial<Picture> = isPicture(x) ? x : {};
  return {
    map: expectChoice(options.map ?? fallback, 'map', RESPONSE_MAPS),
    rounding: expectChoice(options.rounding ?? 'nearest', 'rounding', ROUNDINGS),
    depth: depthOf(options.depth ?? (own === 8 ? 8 : 16)),
  };
}

/**
 * Responses as stored samples, and alpha behind them.
 *
 * @throws ExpectationError for other than one or three channels, which no stored picture has
 */
export function storeResponse(
  response: Planes,
  alpha: Planes | undefined,
  { map, rounding, depth }: Required<StoreOptions>,
): InterleavedPicture {
  expectStored(response);
  const colour = mapResponse(response, map);
  const layers = alpha === undefined ? [colour] : [colour, alpha];
  const { channels, height, width } = colour;
  return {
    samples: toInterleaved(layers, depth, rounding),
    height,
    width,
    stride: channels + layers.length - 1,
    channels,
    ...(alpha === undefined ? {} : { alphaAt: channels }),
    white: whiteOfDepth(depth),
  };
}

/** A response that is made some rows at a time, from top to bottom, as often as it is gone through. */
export interface ResponseRows extends Omit<Planes, 'data'> {
  readonly eachRows: (visit: (rows: Planes, from: number, alpha?: Planes) => void) => void;
  /** Whether rows of alpha come with it. */
  readonly hasAlpha?: boolean;
}

/** {@link storeResponse} of rows: only some of them are Float32 at a time, and for `minmax` those of one channel. */
export function storeRows(response: ResponseRows, store: Required<StoreOptions>): InterleavedPicture {
  const { map, rounding, depth } = store;
  const { channels, height, width, white, hasAlpha = false } = response;
  expectStored(response);
  const stride = channels + Number(hasAlpha);
  const size = height * width * stride;
  let { eachRows } = response;
  let range: Range | undefined;
  if (map === 'minmax') {
    const kept = channels === 1 && !hasAlpha ? createPlanes(channels, height, width, white) : undefined;
    eachRows((rows, from) => {
      kept?.data.set(rows.data, from * width);
      range = rangeOf(rows.data, range);
    });
    if (kept !== undefined) {
      eachRows = (visit) => {
        for (let row = 0; row < height; row += ROWS_AT_ONCE) {
          visit(cutRows(kept, row, Math.min(height, row + ROWS_AT_ONCE)), row);
        }
      };
    }
  }
  const samples = depth === 8 ? new Uint8Array(size) : new Uint16Array(size);
  eachRows((rows, from, alpha) => {
    if (alpha === undefined && channels === 1 && (map === 'abs' || map === 'clamp')) {
      storePlane(rows, samples.subarray(from * width), store);
      return;
    }
    for (let row = 0; row < rows.height; row += ROWS_AT_ONCE) {
      const end = Math.min(rows.height, row + ROWS_AT_ONCE);
      const colour = mapResponseIn(cutRows(rows, row, end), map, range);
      const layers = alpha === undefined ? [colour] : [colour, cutRows(alpha, row, end)];
      samples.set(toInterleaved(layers, depth, rounding), (from + row) * width * stride);
    }
  });
  return {
    samples,
    height,
    width,
    stride,
    channels,
    ...(hasAlpha ? { alphaAt: channels } : {}),
    white: whiteOfDepth(depth),
  };
}

const ROWS_AT_ONCE = 64;

/** What the steps give, without planes between them. */
function storePlane(
  { data, white = 1 }: Planes,
  samples: Uint8Array | Uint16Array,
  { map, rounding, depth }: Required<StoreOptions>,
): void {
  const storedWhite = whiteOfDepth(depth);
  const isAbsolute = map === 'abs';
  if (depth === 8 && rounding === 'nearest') {
    // Such an array itself rounds to the nearest, ties to even, and cuts.
    const clamped = new Uint8ClampedArray(samples.buffer, samples.byteOffset, data.length);
    for (let i = 0; i < data.length; i++) {
      const value = isAbsolute ? Math.abs(data[i]) : data[i];
      clamped[i] = white === storedWhite ? value : (value * storedWhite) / white;
    }
    return;
  }
  for (let i = 0; i < data.length; i++) {
    const value = isAbsolute ? Math.abs(data[i]) : data[i];
    samples[i] = roundSample(white === storedWhite ? value : (value * storedWhite) / white, storedWhite, rounding);
  }
}

/** @throws ExpectationError for other than one or three channels, which no stored picture has */
export function expectStored(response: Omit<Planes, 'data'>): void {
  if (response.channels !== 1 && response.channels !== 3) {
    throw expected('a response of 1 or 3 channels', 'stored samples', shapeOf(response));
  }
}

function depthOf(depth: unknown): 8 | 16 {
  if (depth !== 8 && depth !== 16) throw expected('8 or 16', 'depth', depth);
  return depth;
}
