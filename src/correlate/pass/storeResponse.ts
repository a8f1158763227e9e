import { expectChoice, expected } from '../../planes/expected.ts';
import { optionNames } from '../../planes/expectOptions.ts';
import type { InterleavedPicture } from '../../planes/picture.ts';
import { type Planes, shapeOf } from '../../planes/planes.ts';
import { type Rounding, ROUNDINGS, type StoredSamples, toInterleaved, whiteOfDepth } from '../../planes/samples.ts';
import { isUint8Array } from '../../planes/typedArrays.ts';
import { mapResponse, RESPONSE_MAPS, type ResponseMap } from '../response.ts';

/** How responses become stored samples. */
export interface StoreOptions {
  /** How signed responses become samples from 0 to white. */
  map?: ResponseMap;
  /** From numbers to samples: `nearest` (where left out; ties to even) or `truncate`. */
  rounding?: Rounding;
  /** Bits of a stored sample; the picture's own where left out, 16 from Float32. */
  depth?: 8 | 16;
}

export const STORE_OPTIONS: readonly string[] = optionNames<StoreOptions>({ map: true, rounding: true, depth: true });

/** The options with what stands for those that are left out, for a picture of such samples. */
export function storing(samples: StoredSamples, options: StoreOptions, fallback: ResponseMap): Required<StoreOptions> {
  return {
    map: expectChoice(options.map ?? fallback, 'map', RESPONSE_MAPS),
    rounding: expectChoice(options.rounding ?? 'nearest', 'rounding', ROUNDINGS),
    depth: depthOf(options.depth ?? (isUint8Array(samples) ? 8 : 16)),
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
  if (response.channels !== 1 && response.channels !== 3) {
    throw expected('a response of 1 or 3 channels', 'stored samples', shapeOf(response));
  }
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

function depthOf(depth: unknown): 8 | 16 {
  if (depth !== 8 && depth !== 16) throw expected('8 or 16', 'depth', depth);
  return depth;
}
