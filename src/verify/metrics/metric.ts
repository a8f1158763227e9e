import type { Band } from '../bands.ts';
import type { ImageComparison } from '../comparison.ts';
import type { Comparator } from '../options.ts';
import type { PictureRows } from '../pictureRows.ts';
import type { Layout } from '../rows.ts';

/** Two pictures whose channels can be compared. */
export interface ComparablePair {
  readonly actual: PictureRows;
  readonly golden: PictureRows;
  readonly layout: Layout;
}

export type Figures = Pick<ImageComparison, 'largest' | 'mean' | 'precision' | 'recall' | 'f' | 'similarity' | 'worst'>;

/** One comparison by a metric, band after band. */
export interface MetricRun {
  /** Rows above and below a band that it looks at too. */
  readonly halo: number;
  /** Marks the pixels of a band that differ. */
  mark(band: Band): void;
  /** What it measured, once all bands are marked. */
  figures(): Figures;
  /** The verdict, where the metric does not decide by the number of pixels that differ. */
  verdict?(): boolean;
  /** Whether it found nothing in either picture that it measures. */
  sawNothing?(): boolean;
}

/**
 * Begins a comparison.
 *
 * @throws ExpectationError where the pictures are none that the metric compares
 */
export type Metric = (pair: ComparablePair, comparator: Comparator) => MetricRun;
