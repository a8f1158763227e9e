import type { ImageComparison } from '../verify/comparison.ts';
import { leastLocal } from '../verify/metrics/similarity.ts';
import type { Comparator } from '../verify/options.ts';
import { placeOf, shortened } from '../verify/region.ts';

type Row = readonly [name: string, text: string];

/** What decided over two pictures, in words: the metric, what it allows, and what it found. */
export function decidedBy(found: ImageComparison, comparator: Comparator): Row[] {
  const { sameSize, width, height, diffPixels, comparedPixels, diffRatio, region } = found;
  const ignored = width * height - comparedPixels;
  const share = `${Number((100 * diffRatio).toPrecision(3))} %`;
  return [
    ['rule', ruleOf(comparator)],
    ...(comparator.metric === 'ssim' ? [] : [['allowed', allowedBy(comparator)] satisfies Row]),
    ...(sameSize ? [] : [['size', 'the pictures are of different sizes, which never match'] satisfies Row]),
    [
      'found',
      `${diffPixels} of ${comparedPixels} pixels (${share}) ${diffPixels === 1 ? 'differs' : 'differ'}, within ${placeOf(region)}`,
    ],
    ...figuresOf(found),
    ...(ignored > 0 ? [['ignored', `${ignored} pixels`] satisfies Row] : []),
  ];
}

function ruleOf({ metric, threshold, distance, ignoreAntialiasing }: Comparator): string {
  const level = `${shortened(threshold)} of white`;
  switch (metric) {
    case 'absolute':
      return threshold === 0
        ? 'absolute, threshold 0: a pixel differs where one of its samples is another number'
        : `absolute, threshold ${shortened(threshold)}: a pixel differs where one of its samples differs by more than ${level}`;
    case 'pixelmatch':
      return `pixelmatch: a pixel differs where people would see it, at the threshold ${shortened(threshold)}${
        ignoreAntialiasing ? '; smoothed steps of edges do not count' : ''
      }`;
    case 'boundary':
      return `boundary: edges, stronger than ${level}, may have moved by ${distance} pixel${distance === 1 ? '' : 's'}`;
    case 'ssim':
      return `ssim: the mean structural similarity must be at least ${shortened(1 - threshold)}, that of every window of 11×11 pixels ${shortened(leastLocal(threshold))}`;
  }
}

function allowedBy({ maxDiffPixels, maxDiffPixelRatio }: Comparator): string {
  const limits = [
    ...(maxDiffPixels === undefined ? [] : [`${maxDiffPixels} pixels`]),
    ...(maxDiffPixelRatio === undefined ? [] : [`${shortened(100 * maxDiffPixelRatio)} % of the pixels`]),
  ];
  return limits.length === 0 ? 'no pixel may differ' : `${limits.join(' and ')} may differ`;
}

function figuresOf({ largest, mean, precision, recall, f, similarity, worst }: ImageComparison): Row[] {
  if (largest !== undefined && mean !== undefined) {
    const text = largest === Infinity ? 'one side alone is not a number' : `${shortened(largest)} of white`;
    return [['largest', `${text}, mean ${shortened(mean)}`]];
  }
  if (f !== undefined)
    return [['edges', `precision ${shortened(precision)}, recall ${shortened(recall)}, F ${shortened(f)}`]];
  if (similarity === undefined) return [];
  const least = worst && `; ${shortened(worst.similarity)} in the window from column ${worst.left}, row ${worst.top}`;
  return [['similarity', `${shortened(similarity)} in the mean${least ?? ''}`]];
}
