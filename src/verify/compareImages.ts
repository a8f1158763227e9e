import { expectOptions } from '../planes/expectOptions.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import type { Drawing } from './compareOpened.ts';
import { compareSources } from './compareSources.ts';
import type { ImageComparison } from './comparison.ts';
import type { ImageSource } from './openImage.ts';
import { COMPARE_OPTIONS, type CompareOptions } from './options.ts';

/**
 * Compares a picture with its golden. What counts is the picture, not how it is stored: grey as RGB, an alpha channel that is opaque,
 * 8 bits stored as 16 (times 257), other compression and a turn by EXIF that shows the same are no difference; alpha is one like
 * any other. Profiles and other metadata are not compared, nor are the delays of an animation.
 *
 * - `absolute`: every sample at the depth it is stored in, 16 bit and Float32 too. Above its threshold it misses nothing.
 * - `pixelmatch`: what people would see, by pixelmatch on 8 bits. It does not see faint changes, however large the area.
 * - `boundary`: edge maps: every edge pixel has one of the other picture within `distance`, and no sample lies outside of what the other
 *   has within that distance by more than half of the threshold. It does not see edges that moved as far, and strengths that changed by
 *   less on one side of the threshold. Where neither picture has an edge pixel, they must be the same samples.
 * - `ssim`: structural similarity, with the answers of ssim.js: in the mean as the threshold asks, and in no window of 11×11 pixels lower
 *   than 0.5, or than ten times the threshold below 1. It does not see light that changed evenly, nor faint noise. The limits on pixels
 *   do not apply.
 *
 * Of files of several pages or frames each is compared with its like, under the same limits; as many have to be there.
 *
 * Pictures of different sizes never match, nor do pictures of which every pixel is ignored. Verdicts come from stored samples and
 * Float64 arithmetic alone, so they are the same on every processor.
 *
 * @throws FileError where a file cannot be read; ExpectationError where options are out of range or of no use to the metric
 * @example
 * (await compareImages(planes([[0, 1]], 255), planes([[0, 1]], 255))).match // true
 * (await compareImages(planes([[0, 9]], 255), planes([[0, 1]], 255))).message // '1 of 2 pixels (50 %) differs, within 1×1 pixels from column 1, row 0; largest difference 0.03137 of white (8 of 255), mean 0.01569'
 */
export async function compareImages(
  actual: ImageSource,
  golden: ImageSource,
  options: CompareOptions = {},
): Promise<ImageComparison> {
  expectOptions(options, COMPARE_OPTIONS, 'compareImages');
  const { draw, ...comparison } = await compareSources(actual, golden, options);
  return options.diff && draw && comparison.diffPixels > 0 ? { ...comparison, diff: await drawn(draw()) } : comparison;
}

async function drawn({ height, width, strips }: Drawing): Promise<InterleavedPicture> {
  const samples = new Uint8Array(3 * height * width);
  let at = 0;
  for await (const strip of strips) {
    samples.set(strip, at);
    at += strip.length;
  }
  return { samples, height, width, stride: 3, channels: 3, white: 255 };
}
