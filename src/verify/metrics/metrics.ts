import type { Metric as MetricName } from '../options.ts';
import { absolute } from './absolute.ts';
import { boundary } from './boundary.ts';
import type { Figures, Metric } from './metric.ts';
import { pixelmatch } from './perceptual.ts';
import { ssim } from './similarity.ts';

/** Every metric, by its name. */
export const METRIC_RUNS: Readonly<Record<MetricName, Metric>> = { absolute, pixelmatch, boundary, ssim };

/** What each measures of pictures that are the same. */
export const FIGURES_OF_SAME: Readonly<Record<MetricName, Figures>> = {
  absolute: { largest: 0, mean: 0 },
  pixelmatch: {},
  boundary: { precision: 1, recall: 1, f: 1 },
  ssim: { similarity: 1 },
};
