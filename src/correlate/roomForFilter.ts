import { channelsWanted, type Kernel } from '../kernels/kernel.ts';
import { type PictureShape, type Room, samplesBytes } from '../planes/picture.ts';
import { fitted } from './channels.ts';
import { bytesOfFilterBands, type FilterHow, filterRowsAtOnce, planesOfFilter } from './filterRows.ts';
import type { FilterSamplesOptions } from './filterSamples.ts';
import { geometry } from './geometry.ts';

/** Strips leave arrays behind that are not collected at once. */
const LEFT_BEHIND = 1.5;

/** About the bytes that `filterSamples` takes of a picture. */
export function roomForFilter(
  picture: PictureShape,
  k: Kernel,
  { padding = 'same', border = 'replicate', map = 'clamp', ...options }: FilterSamplesOptions,
  depth: 8 | 16,
): Room {
  const { height, width, channels, hasAlpha } = picture;
  // One that does not fit is refused where it is applied.
  const taps = channelsWanted(k) === 1 || channelsWanted(k) === channels ? fitted(k, channels) : k;
  const how: FilterHow = {
    padding,
    border: border === 'leave-rim' ? 'replicate' : border,
    ...(options.stride === undefined ? {} : { stride: options.stride }),
    ...(options.dilation === undefined ? {} : { dilation: options.dilation }),
    ...(options.precision === undefined ? {} : { precision: options.precision }),
  };
  const at = geometry(picture, taps, how);
  const result = {
    height: at.rows.output,
    width: at.columns.output,
    stride: taps.outChannels + Number(hasAlpha),
    depth,
  };
  const weighs = hasAlpha && options.alpha !== 'keep';
  const bands = bytesOfFilterBands({ channels, height, width }, taps, how, weighs);
  const planes = planesOfFilter(channels, taps, hasAlpha);
  const rows = filterRowsAtOnce({ channels }, taps, at, hasAlpha);
  const { stride, dilation, before, input, after } = at.rows;
  const read = Math.min(before + input + after, rows * stride + dilation * (taps.height - 1));
  const strip = 4 * planes * Math.max(at.columns.input, at.columns.output) * read;
  const linear = options.linear ? 2 : 1;
  const kept = map === 'minmax' && taps.outChannels === 1 && !hasAlpha ? 4 * result.height * result.width : 0;
  // Around other samples than those that are written, a rim is put by planes.
  const isByPlanes = border === 'leave-rim' && (map !== 'clamp' || picture.depth !== depth);
  const rim = isByPlanes ? 4 * (2 * channels + 3 * result.stride) * height * width : 0;
  return { working: rim + LEFT_BEHIND * linear * (strip + bands) + kept + samplesBytes(result), result };
}
