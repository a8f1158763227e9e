import { expectChoice } from '../planes/expected.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { type Rounding, type StoredSamples, toInterleaved, whiteOfDepth } from '../planes/samples.ts';
import { mapResponse, RESPONSE_MAPS, type ResponseMap } from './response.ts';

/** How responses become stored samples. */
export interface StoreOptions {
  /** How signed responses become samples from 0 to white. */
  map?: ResponseMap;
  /** From numbers to samples: `nearest` (where left out; ties to even) or `truncate`. */
  rounding?: Rounding;
  /** Bits of a stored sample; the picture's own where left out, 16 from Float32. */
  depth?: 8 | 16;
}

/** The options with what stands for those that are left out, for a picture of such samples. */
export function storing(samples: StoredSamples, options: StoreOptions, fallback: ResponseMap): Required<StoreOptions> {
  return {
    map: expectChoice(options.map ?? fallback, 'map', RESPONSE_MAPS),
    rounding: expectChoice(options.rounding ?? 'nearest', 'rounding', ['nearest', 'truncate']),
    depth: options.depth ?? (samples instanceof Uint8Array ? 8 : 16),
  };
}

/** Responses of one or three channels as stored samples, and alpha behind them. */
export function storeResponse(
  response: Planes,
  alpha: Planes | undefined,
  { map, rounding, depth }: Required<StoreOptions>,
): InterleavedPicture {
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
