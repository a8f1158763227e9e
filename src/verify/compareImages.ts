import { expected } from '../planes/expected.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { markAbsolute } from './absolute.ts';
import { markBoundary } from './boundary.ts';
import { type ImageComparison } from './comparison.ts';
import { describeComparison } from './describeComparison.ts';
import { drawDifference } from './drawDifference.ts';
import { createMarks, markAll, type Marks, summarise } from './marks.ts';
import { type ImageSource, openImage } from './openImage.ts';
import { type CompareOptions, type Comparator, comparatorOf, type Metric } from './options.ts';
import { markPerceptual } from './perceptual.ts';
import { bytesOf, commonLayout, isStoredAlike, type Layout, unitRow } from './rows.ts';
import { markDissimilar } from './similarity.ts';

/**
 * Compares a picture with its golden. What counts is the picture, not how it is stored: grey as RGB, an alpha channel that is opaque,
 * 8 bits stored as 16 (times 257), other compression and a turn by EXIF that shows the same are no difference; alpha is one like
 * any other. Profiles and other metadata are not compared.
 *
 * - `absolute`: every sample at the depth it is stored in, 16 bit and Float32 too.
 * - `pixelmatch`: what people would see, by pixelmatch on 8 bits.
 * - `boundary`: edge maps: every edge pixel has one of the other picture within `distance`. Where neither picture has an edge pixel,
 *   they must be the same samples.
 * - `ssim`: structural similarity, by ssim.js; the limits on pixels do not apply.
 *
 * Pictures of different sizes never match, nor do pictures of which every pixel is ignored. Verdicts come from stored samples and
 * Float64 arithmetic alone, so they are the same on every processor.
 *
 * @throws PictureError where a file cannot be read; ExpectationError where options are out of range or of no use to the metric
 * @example
 * (await compareImages(planes([[0, 1]], 255), planes([[0, 1]], 255))).match // true
 * (await compareImages(planes([[0, 9]], 255), planes([[0, 1]], 255))).message // '1 of 2 pixels (50 %) differs, within 1×1 pixels from column 1, row 0; largest difference 0.03137 of white (8 of 255), mean 0.01569'
 */
export async function compareImages(
  actual: ImageSource,
  golden: ImageSource,
  options: CompareOptions = {},
): Promise<ImageComparison> {
  const comparator = comparatorOf(options);
  const { limitPixels, ignoreMask } = options;
  const [first, second, mask] = await Promise.all([
    openImage(actual, 'the picture', limitPixels),
    openImage(golden, 'the golden', limitPixels),
    ignoreMask === undefined ? undefined : openImage(ignoreMask, 'ignoreMask', limitPixels),
  ]);
  const { draw, ...comparison } = compareOpened(first, second, comparator, mask);
  return options.diff && draw && comparison.diffPixels > 0 ? { ...comparison, diff: draw() } : comparison;
}

/** What {@link compareImages} does once all pictures are open. */
export function compareOpened(
  actual: InterleavedPicture,
  golden: InterleavedPicture,
  comparator: Comparator,
  mask: InterleavedPicture | undefined,
): ImageComparison & { readonly draw?: () => InterleavedPicture } {
  if (!mask && comparator.ignore.length === 0 && isSame(actual, golden))
    return sameComparison(golden, comparator.metric);
  const marks = createMarks(actual, golden, comparator.ignore, mask && maskOf(mask, golden, actual));
  const { height, width, compared } = marks;
  const sameSize = actual.height === golden.height && actual.width === golden.width;
  const layout = commonLayout(actual, golden);
  const measured = layout && measure(actual, golden, layout, comparator, marks);
  if (!layout) markAll(marks);
  const found = summarise(marks);
  const facts = {
    metric: comparator.metric,
    height,
    width,
    sameSize,
    diffPixels: found.pixels,
    diffRatio: compared === 0 ? 0 : found.pixels / compared,
    comparedPixels: compared,
    ...(found.region ? { region: found.region } : {}),
    ...measured?.figures,
  };
  const allowed = allowedPixels(comparator, compared);
  const match = sameSize && compared > 0 && measured !== undefined && (measured.verdict ?? found.pixels <= allowed);
  const message = describeComparison({ ...facts, match }, { actual, golden, comparator, allowed });
  return { match, ...facts, message, draw: () => drawDifference(golden, marks) };
}

/** Whether two pictures are stored alike and of the same bytes: then no pixel has to be looked at. */
function isSame(a: InterleavedPicture, b: InterleavedPicture): boolean {
  if (a.height !== b.height || a.width !== b.width || !isStoredAlike(a, b)) return false;
  return Buffer.compare(bytesOf(a.samples), bytesOf(b.samples)) === 0;
}

/** What is found where two pictures are the same, whatever the metric. */
export function sameComparison(
  { height, width }: Pick<InterleavedPicture, 'height' | 'width'>,
  metric: Metric,
): ImageComparison {
  return {
    match: true,
    metric,
    height,
    width,
    sameSize: true,
    diffPixels: 0,
    diffRatio: 0,
    comparedPixels: height * width,
    ...FIGURES_OF_SAME[metric],
    message: 'no pixel differs',
  };
}

const FIGURES_OF_SAME: Readonly<Record<Metric, Measured['figures']>> = {
  absolute: { largest: 0, mean: 0 },
  pixelmatch: {},
  boundary: { precision: 1, recall: 1, f: 1 },
  ssim: { similarity: 1 },
};

interface Measured {
  readonly figures: Pick<ImageComparison, 'largest' | 'mean' | 'precision' | 'recall' | 'f' | 'similarity'>;
  /** Where the metric does not decide by the number of pixels that differ. */
  readonly verdict?: boolean;
}

function measure(
  actual: InterleavedPicture,
  golden: InterleavedPicture,
  layout: Layout,
  comparator: Comparator,
  marks: Marks,
): Measured {
  const { metric, threshold } = comparator;
  switch (metric) {
    case 'absolute':
      return { figures: markAbsolute(actual, golden, layout, marks, threshold) };
    case 'pixelmatch':
      markPerceptual(actual, golden, layout, marks, comparator);
      return { figures: {} };
    case 'boundary': {
      const { edges, ...figures } = markBoundary(actual, golden, layout, marks, comparator);
      // No edge pixel would mean no difference, whatever the pictures show.
      if (edges === 0) markAbsolute(actual, golden, layout, marks, 0);
      return { figures };
    }
    case 'ssim': {
      const similarity = markDissimilar(actual, golden, layout, marks, threshold);
      return { figures: { similarity }, verdict: similarity >= 1 - threshold };
    }
  }
}

/** The stricter of both limits, in pixels; 0 where there is none. */
function allowedPixels({ maxDiffPixels, maxDiffPixelRatio }: Comparator, compared: number): number {
  if (maxDiffPixels === undefined && maxDiffPixelRatio === undefined) return 0;
  const byRatio = maxDiffPixelRatio === undefined ? Infinity : maxDiffPixelRatio * compared;
  return Math.min(maxDiffPixels ?? Infinity, byRatio);
}

/** 1 for pixels of the union that the mask ignores. */
function maskOf(mask: InterleavedPicture, golden: InterleavedPicture, actual: InterleavedPicture): Uint8Array {
  if (mask.height !== golden.height || mask.width !== golden.width) {
    throw expected(
      `a mask of the golden's ${golden.width}×${golden.height} pixels`,
      'ignoreMask',
      `${mask.width}×${mask.height}`,
    );
  }
  const width = Math.max(golden.width, actual.width);
  const ignored = new Uint8Array(width * Math.max(golden.height, actual.height));
  const layout: Layout = { channels: mask.channels, alpha: false };
  const row = new Float64Array(mask.width * mask.channels);
  for (let y = 0; y < mask.height; y++) {
    unitRow(mask, y, layout, row);
    for (let x = 0; x < mask.width; x++) {
      if (row.subarray(x * mask.channels, (x + 1) * mask.channels).some((sample) => sample > 0.5))
        ignored[y * width + x] = 1;
    }
  }
  return ignored;
}
