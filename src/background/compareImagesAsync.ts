import { expectOptions } from '../planes/expectOptions.ts';
import { isLinear } from '../planes/picture.ts';
import type { ImageComparison } from '../verify/comparison.ts';
import type { ImageSource } from '../verify/openImage.ts';
import { COMPARE_OPTIONS, type CompareOptions } from '../verify/options.ts';
import { BACKGROUND_OPTIONS, type BackgroundOptions, inBackground } from './pool.ts';

export interface CompareAsyncOptions extends CompareOptions, BackgroundOptions {}

const OPTIONS = [...COMPARE_OPTIONS, ...BACKGROUND_OPTIONS];

/**
 * {@link compareImages} on a thread of the product's own, as {@link detectEdgesAsync}.
 *
 * @throws (as a rejection) what compareImages throws; the signal's reason
 */
export async function compareImagesAsync(
  actual: ImageSource,
  golden: ImageSource,
  options: CompareAsyncOptions = {},
): Promise<ImageComparison> {
  expectOptions(options, OPTIONS, 'compareImagesAsync');
  const { signal, transfer, ...how } = options;
  return (await inBackground(
    { kind: 'compare', actual: sourceOf(actual), golden: sourceOf(golden), options: how },
    { signal, transfer },
  )) as ImageComparison;
}

/** Of a picture that holds its samples these are sent alone. */
function sourceOf(source: ImageSource): ImageSource {
  const isPicture = typeof source === 'object' && source !== null && 'planes' in source;
  return isPicture && !isLinear(source) ? (source.stored ?? source) : source;
}
