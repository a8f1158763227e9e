import { type Values, valuesOf } from './values.ts';

const BINS = 256;

/**
 * Otsu's threshold (1979) of the absolute values: the one that parts them into two classes with the largest variance
 * between their means. From a histogram of 256 bins between the smallest and the largest value, the centre of the best
 * bin, as scikit-image's `threshold_otsu` has it; samples above it are the upper class.
 *
 * @returns the value itself where all values are equal
 * @example
 * otsu(new Float32Array([0, 0, 0, 1, 1])) // 0.001953125
 */
export function otsu(values: Float32Array): number {
  return otsuOf(valuesOf(values));
}

/** {@link otsu} of numbers in several lists; 0 of none. */
export function otsuOf(values: Values): number {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  values((list) => {
    for (let i = 0; i < list.length; i++) {
      const size = Math.abs(list[i]);
      if (size < least) least = size;
      if (size > most) most = size;
    }
  });
  const width = (most - least) / BINS;
  if (!(width > 0)) return most;
  const counts = new Float64Array(BINS);
  values((list) => {
    for (let i = 0; i < list.length; i++) {
      counts[Math.min(BINS - 1, Math.floor((Math.abs(list[i]) - least) / width))]++;
    }
  });
  return least + (bestSplit(counts) + 0.5) * width;
}

/** The bin after which a cut maximises n₀·n₁·(μ₀ − μ₁)², the variance between the classes; the first of equals. */
function bestSplit(counts: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const moment = counts.reduce((sum, count, bin) => sum + count * bin, 0);
  let best = 0;
  let bestVariance = -1;
  let below = 0;
  let momentBelow = 0;
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += counts[bin];
    momentBelow += counts[bin] * bin;
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const variance = below * above * (momentBelow / below - (moment - momentBelow) / above) ** 2;
    if (variance > bestVariance) {
      bestVariance = variance;
      best = bin;
    }
  }
  return best;
}
