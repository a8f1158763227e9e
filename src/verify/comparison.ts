import { type InterleavedPicture } from '../planes/picture.ts';
import { type Metric, type Region } from './options.ts';

/** What a comparison found. */
export interface ImageComparison {
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
  /** Pages or frames of the golden, where either picture has several; where both have not as many, they never match. */
  readonly frames?: number;
  /** Which of them the figures are of, from 1: the first that does not match, else the one that differs most. */
  readonly frame?: number;
  /** The verdict and its reason as one sentence. */
  readonly message: string;
  /** Where the pictures differ, as 8-bit RGB on the union of both; only where it was asked for and something differs. */
  readonly diff?: InterleavedPicture;
}
