import { readLimits } from '../files/limits.ts';
import { compareFrames } from './compareFrames.ts';
import type { DrawnComparison } from './compareOpened.ts';
import { openFrames } from './openFrames.ts';
import { type ImageSource, openImage } from './openImage.ts';
import { type CompareOptions, comparatorOf } from './options.ts';

/**
 * Opens two pictures and compares them: what `compareImages` does, with the drawing still to be made.
 *
 * @throws FileError where a file cannot be read; ExpectationError where options are out of range or of no use to the metric
 */
export async function compareSources(
  actual: ImageSource,
  golden: ImageSource,
  options: CompareOptions,
): Promise<DrawnComparison> {
  const comparator = comparatorOf(options);
  const { ignoreMask } = options;
  const limits = readLimits(options);
  const [first, second, mask] = await Promise.all([
    openFrames(actual, 'the picture', limits),
    openFrames(golden, 'the golden', limits),
    ignoreMask === undefined ? undefined : openImage(ignoreMask, 'ignoreMask', limits),
  ]);
  return compareFrames(first, second, comparator, mask);
}
