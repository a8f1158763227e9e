import { channelsWanted } from '../kernels/kernel.ts';
import { type PictureShape, type Room, samplesBytes } from '../planes/picture.ts';
import { fitted } from './channels.ts';
import type { Filtering } from './filtering.ts';
import { bytesOfFilterBands, type FilterHow, filterRowsAtOnce, planesOfFilter } from './filterRows.ts';
import { geometry } from './geometry.ts';
import type { StoreOptions } from './pass/storeResponse.ts';

/** Strips leave arrays behind that are not collected at once. */
const LEFT_BEHIND = 1.5;

/** About the bytes that `filteredSamples` takes of a picture. */
export function roomForFilter(
  picture: PictureShape,
  { kernel: k, how: options, leavesRim, alpha }: Filtering,
  { map, depth, linear }: Pick<Required<StoreOptions>, 'map' | 'depth'> & { readonly linear: boolean },
): Room {
  const { height, width, channels, hasAlpha } = picture;
  // One that does not fit is refused where it is applied.
  const taps = channelsWanted(k) === 1 || channelsWanted(k) === channels ? fitted(k, channels) : k;
  const how: FilterHow = { border: 'replicate', ...options };
  const at = geometry(picture, taps, how);
  const result = {
    height: at.rows.output,
    width: at.columns.output,
    stride: taps.outChannels + Number(hasAlpha),
    depth,
  };
  const weighs = hasAlpha && alpha !== 'keep';
  const bands = bytesOfFilterBands({ channels, height, width }, taps, how, weighs);
  const planes = planesOfFilter(channels, taps, hasAlpha);
  const rows = filterRowsAtOnce({ channels }, taps, at, hasAlpha);
  const { stride, dilation, before, input, after } = at.rows;
  const read = Math.min(before + input + after, rows * stride + dilation * (taps.height - 1));
  const strip = 4 * planes * Math.max(at.columns.input, at.columns.output) * read;
  const copies = linear ? 2 : 1;
  const kept = map === 'minmax' && taps.outChannels === 1 && !hasAlpha ? 4 * result.height * result.width : 0;
  // Around other samples than those that are written, a rim is put by planes.
  const isByPlanes = leavesRim && (map !== 'clamp' || picture.depth !== depth);
  const rim = isByPlanes ? 4 * (2 * channels + 3 * result.stride) * height * width : 0;
  return { working: rim + LEFT_BEHIND * copies * (strip + bands) + kept + samplesBytes(result), result };
}
