import type { InterleavedPicture } from '../planes/picture.ts';
import type { ImageComparison } from './comparison.ts';
import type { Comparator } from './options.ts';

interface Compared {
  readonly actual: InterleavedPicture;
  readonly golden: InterleavedPicture;
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
    found.metric === 'ssim' ? similarity(found, comparator) : pixels(found, allowed),
    ...figures(found, actual, golden),
    ...(ignored > 0 ? [`${ignored} ignored`] : []),
  ].join('; ');
}

function channels({ channels }: InterleavedPicture): string {
  return `${channels} channel${channels === 1 ? '' : 's'}`;
}

function similarity({ similarity = 0, match, region }: Partial<ImageComparison>, { threshold }: Comparator): string {
  const at = match ? '' : `, least alike within ${placeOf(region)}`;
  return `structural similarity ${similarity.toFixed(6)}, at least ${1 - threshold} is asked for${at}`;
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

function placeOf(region: ImageComparison['region']): string {
  if (!region) return 'the whole picture';
  const { left, top, width, height } = region;
  return `${width}×${height} pixels from column ${left}, row ${top}`;
}

function figures(
  found: Omit<ImageComparison, 'message'>,
  actual: InterleavedPicture,
  golden: InterleavedPicture,
): string[] {
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

function shortened(value = 0): number {
  return Number(value.toPrecision(4));
}
