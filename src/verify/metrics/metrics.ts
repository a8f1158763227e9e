import { absolute } from './absolute.ts';
import { boundary } from './boundary.ts';
import { pixelmatch } from './perceptual.ts';
import { ssim } from './similarity.ts';

/** Every metric, by its name. */
export const METRICS = { absolute, pixelmatch, boundary, ssim };

/** How two pictures are compared; see {@link compareImages}. */
export type Metric = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as readonly Metric[];
