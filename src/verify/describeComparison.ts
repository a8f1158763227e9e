import type { ImageComparison } from './comparison.ts';
import { METRICS } from './metrics/metrics.ts';
import type { Comparator } from './options.ts';
import type { PictureRows } from './pictureRows.ts';
import { placeOf, shortened } from './region.ts';

interface Compared {
  readonly actual: PictureRows;
  readonly golden: PictureRows;
  readonly comparator: Comparator;
  /** Pixels that may differ. */
  readonly allowed: number;
}

/** What a comparison found, as one sentence. */
export function describeComparison(
  found: Omit<ImageComparison, 'message' | 'diff'>,
  { actual, golden, comparator, allowed }: Compared,
): string {
  if (!found.sameSize) {
    return `Expected ${golden.width}×${golden.height} pixels (width × height) but received ${actual.width}×${actual.height}`;
  }
  if (found.comparedPixels === 0) return 'Expected pixels to compare but every one is ignored';
  if (actual.channels !== golden.channels && actual.channels !== 1 && golden.channels !== 1) {
    return `Expected ${channels(golden)} but received ${channels(actual)}`;
  }
  const ignored = found.height * found.width - found.comparedPixels;
  return [
    METRICS[found.metric].reason?.(found, comparator) ?? pixels(found, allowed),
    ...figures(found, actual, golden),
    ...(ignored > 0 ? [`${ignored} ignored`] : []),
  ].join('; ');
}

function channels({ channels }: PictureRows): string {
  return `${channels} channel${channels === 1 ? '' : 's'}`;
}

function pixels(
  { diffPixels, comparedPixels, diffRatio, region }: Omit<ImageComparison, 'message'>,
  allowed: number,
): string {
  if (diffPixels === 0) return 'no pixel differs';
  const share = `${Number((100 * diffRatio).toPrecision(3))} %`;
  const may = allowed > 0 ? `, ${Math.floor(allowed)} may` : '';
  const differ = diffPixels === 1 ? 'differs' : 'differ';
  return `${diffPixels} of ${comparedPixels} pixels (${share}) ${differ}${may}, within ${placeOf(region)}`;
}

function figures(found: Omit<ImageComparison, 'message'>, actual: PictureRows, golden: PictureRows): string[] {
  const { largest, mean = 0, precision, recall, f } = found;
  if (largest !== undefined && largest > 0) {
    if (largest === Infinity) return ['one side alone is not a number'];
    const white = actual.white === golden.white && golden.white > 1 ? golden.white : undefined;
    const levels = white === undefined ? '' : ` (${shortened(largest * white)} of ${white})`;
    return [`largest difference ${shortened(largest)} of white${levels}, mean ${shortened(mean)}`];
  }
  if (f !== undefined)
    return [`edges: precision ${shortened(precision)}, recall ${shortened(recall)}, F ${shortened(f)}`];
  return [];
}
