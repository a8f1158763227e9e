import { type InterleavedPicture } from '../planes/picture.ts';
import type { ComparisonFigures } from './metrics/metric.ts';
import type { Metric } from './metrics/metrics.ts';
import type { Region } from './region.ts';

/** What a comparison found. */
export interface ImageComparison extends ComparisonFigures {
  /** The verdict: whether the pictures are the same, within what was allowed. */
  readonly match: boolean;
  readonly metric: Metric;
  /** Rows and columns of the union of both pictures. */
  readonly height: number;
  readonly width: number;
  /** Whether both have the same sides; where not, they never match. */
  readonly sameSize: boolean;
  /** Pixels that differ by the metric; with `ssim`, whose window is below the threshold. */
  readonly diffPixels: number;
  /** The same as a share of the pixels that were compared. */
  readonly diffRatio: number;
  /** Pixels that were compared: all but the ignored. */
  readonly comparedPixels: number;
  /** The smallest rectangle around the pixels that differ. */
  readonly region?: Region;
  /** Pages or frames of the golden, where either picture has several; where both have not as many, they never match. */
  readonly frames?: number;
  /** Which of them the figures are of, from 1: the first that does not match, else the one that differs most. */
  readonly frame?: number;
  /** The verdict and its reason as one sentence. */
  readonly message: string;
  /** Where the pictures differ, as 8-bit RGB on the union of both; only where it was asked for and something differs. */
  readonly diff?: InterleavedPicture;
}
