import type { Band } from '../bands.ts';
import type { PictureRows } from '../pictureRows.ts';
import type { Region } from '../region.ts';
import type { Layout } from '../rows.ts';

/** Two pictures whose channels can be compared. */
export interface ComparablePair {
  readonly actual: PictureRows;
  readonly golden: PictureRows;
  readonly layout: Layout;
}

/** What metrics measure. */
export interface ComparisonFigures {
  /** `absolute`: the largest difference of one sample, in units of white; infinite where one side alone is not a number. */
  readonly largest?: number;
  /** `absolute`: the mean difference of a sample, in units of white. */
  readonly mean?: number;
  /** `boundary`: the share of the picture's edge pixels that the golden has too. */
  readonly precision?: number;
  /** `boundary`: the share of the golden's edge pixels that the picture has too. */
  readonly recall?: number;
  /** `boundary`: the harmonic mean of precision and recall. */
  readonly f?: number;
  /** `ssim`: the mean structural similarity of the channel that is least alike. */
  readonly similarity?: number;
  /** `ssim`: the window of 11×11 pixels that is least alike: its similarity and its top left corner. */
  readonly worst?: { readonly similarity: number; readonly left: number; readonly top: number };
}

/** One comparison by a metric, band after band. */
export interface MetricRun {
  /** Rows above and below a band that it looks at too. */
  readonly halo: number;
  /** Marks the pixels of a band that differ. */
  mark(band: Band): void;
  /** What it measured, once all bands are marked. */
  figures(): ComparisonFigures;
  /** The verdict, where the metric does not decide by the number of pixels that differ. */
  verdict?(): boolean;
  /** Whether it found nothing in either picture that it measures. */
  sawNothing?(): boolean;
}

/** How two pictures are compared by any metric. */
export interface MetricSettings {
  readonly threshold: number;
  readonly distance: number;
  readonly ignoreAntialiasing: boolean;
}

/** Options that some metrics alone have. */
type MetricOption = 'distance' | 'ignoreAntialiasing' | 'maxDiffPixels' | 'maxDiffPixelRatio';

/** A way to compare two pictures. */
export interface Metric {
  /** What it compares, in the words of help. */
  readonly compares: string;
  /** What stands for a threshold that is left out. */
  readonly threshold: number;
  readonly options: readonly MetricOption[];
  /** What it measures of pictures that are the same. */
  readonly ofSame: ComparisonFigures;
  /** The verdict's reason in one clause, where the metric does not decide by the number of pixels that differ. */
  readonly reason?: (found: Told, settings: MetricSettings) => string;
  /**
   * Begins a comparison.
   *
   * @throws ExpectationError where the pictures are none that the metric compares
   */
  readonly begin: (pair: ComparablePair, settings: MetricSettings) => MetricRun;
}

/** What a reason is told of. */
export interface Told extends ComparisonFigures {
  readonly match: boolean;
  readonly region?: Region;
}

/** Options of metrics that count pixels. */
export const COUNTING = ['maxDiffPixels', 'maxDiffPixelRatio'] as const;
