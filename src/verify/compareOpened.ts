import { expected } from '../planes/expected.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { markAbsolute } from './absolute.ts';
import { markBoundary } from './boundary.ts';
import type { ImageComparison } from './comparison.ts';
import { describeComparison } from './describeComparison.ts';
import { drawDifference } from './drawDifference.ts';
import { createMarks, markAll, type Marks, summarise } from './marks.ts';
import type { Comparator, Metric } from './options.ts';
import { markPerceptual } from './perceptual.ts';
import { bytesOf, commonLayout, isStoredAlike, type Layout, unitRow } from './rows.ts';
import { markDissimilar } from './similarity.ts';

/** What was found, and how to draw it. */
export interface DrawnComparison extends ImageComparison {
  /** Where the pictures differ; absent where they are the same samples. */
  readonly draw?: () => InterleavedPicture;
}

/** Compares two pictures: what `compareImages` does once they are open. */
export function compareOpened(
  actual: InterleavedPicture,
  golden: InterleavedPicture,
  comparator: Comparator,
  mask: InterleavedPicture | undefined,
): DrawnComparison {
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
