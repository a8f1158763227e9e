import type { EdgeScores, ThresholdScore } from '../evaluate/scoreEdges.ts';
import type { ChangedRegion } from '../verify/changedRegions.ts';
import type { ItemVerdict } from '../verify/verifyReport.ts';

/** What a page shows, as plain data that its script finds in it. */
export type PageData = VerifyPage | PicturesPage | LearnPage | TrainPage | EvaluationPage | PicturePage;

/** What `verify` found. */
export interface VerifyPage {
  readonly kind: 'verify';
  readonly version: string;
  /** The folders as the call named them. */
  readonly actual: string;
  readonly golden: string;
  readonly match: boolean;
  readonly interrupted: boolean;
  /** How pictures were compared: metric, threshold and limits. */
  readonly comparator: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly items: readonly VerifyEntry[];
  /** What accepts pictures, before their names. */
  readonly accept: readonly string[];
}

export interface VerifyEntry {
  readonly path: string;
  readonly verdict: ItemVerdict;
  readonly failed: boolean;
  readonly message: string;
  readonly from?: string;
  /** The share of pixels that differ, which pictures are sorted by. */
  readonly ratio?: number;
  /** What decided: the metric, what it allows and what it found. */
  readonly decided?: readonly (readonly [name: string, text: string])[];
  /** Where pixels differ, the regions of most pixels first. */
  readonly regions?: readonly ChangedRegion[];
  /** Regions that are left out of the page, for there are too many. */
  readonly moreRegions?: number;
  /** The pixel that differs most. */
  readonly largest?: PixelShown;
  readonly expected?: ShownPicture;
  readonly actual?: ShownPicture;
  /**
   * Two bytes a pixel, on the union of both pictures: how much it differs at full depth, as a share of the largest difference, and what
   * the metric found of it (`MARK`).
   */
  readonly difference?: SamplesShown;
}

/** A pixel in both pictures, in the files' own numbers. */
export interface PixelShown {
  readonly row: number;
  readonly column: number;
  readonly expected: readonly number[];
  readonly actual: readonly number[];
}

/** A picture's own samples, or, beside a page that would be too large, its file. */
export type ShownPicture = SamplesShown | FileShown;

export interface SamplesShown {
  readonly kind: 'samples';
  readonly height: number;
  readonly width: number;
  /** Samples from one pixel to the next. */
  readonly stride: number;
  readonly channels: number;
  readonly alphaAt?: number;
  readonly white: number;
  readonly type: 'u8' | 'u16' | 'f32';
  /** The samples, little-endian, compressed by zlib, in base64. */
  readonly data: string;
}

export interface FileShown {
  readonly kind: 'file';
  /** Relative to the page. */
  readonly href: string;
  readonly height: number;
  readonly width: number;
}

/** What `detect` or `filter` made. */
export interface PicturesPage {
  readonly kind: 'pictures';
  readonly version: string;
  readonly command: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly summary: string;
  readonly entries: readonly PictureEntry[];
  readonly failures: readonly { readonly input: string; readonly error: string }[];
  readonly notes: readonly string[];
}

export interface PictureEntry {
  readonly input: string;
  readonly output: string;
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Small pictures of both: data URIs, or files beside the page. Absent where one could not be made. */
  readonly before?: string;
  readonly after?: string;
  /** Where the result itself lies, relative to the page. */
  readonly href?: string;
}

/** What `learn` found, or `inspect` shows of a file. */
export interface LearnPage {
  readonly kind: 'learn';
  readonly version: string;
  readonly command: 'learn' | 'inspect';
  readonly learned: LearnedShown;
  /** The first pair and what was learned makes of it; absent where it is nothing that a page shows. */
  readonly pair?: LearnedPair;
  /** Why there are no pictures, where there are none. */
  readonly without?: string;
}

/** A kernel, a detector or a model, with all that is known of it. */
export interface LearnedShown {
  readonly headline: string;
  readonly facts: readonly (readonly [name: string, lines: readonly string[]])[];
  readonly notes: readonly string[];
  /** The taps, one table for each kernel of one channel. */
  readonly kernels: readonly TapsShown[];
  /** It in other programs' words, or why there is no room for it in them. */
  readonly notations: readonly { readonly name: string; readonly text?: string; readonly refused?: string }[];
  /** What applies it. */
  readonly command: string;
  /** Of every epoch, before its step. */
  readonly losses: readonly LossShown[];
}

export interface LossShown {
  /** The step or epoch, from 1. */
  readonly step: number;
  readonly loss: number;
  /** Of what nothing was learned from. */
  readonly heldOut?: number;
}

/** The taps of one channel. */
export interface TapsShown {
  readonly label: string;
  readonly height: number;
  readonly width: number;
  readonly taps: readonly number[];
  /** The standard error of each, where they are known. */
  readonly errors?: readonly number[];
}

export interface LearnedPair {
  readonly names: readonly [before: string, after: string];
  readonly before: ShownPicture;
  readonly after: ShownPicture;
  readonly made: ShownPicture;
  /** How much each pixel differs, as a share of the largest difference, in bytes. */
  readonly residual: ShownPicture;
  /** How often the after is so many levels above what was made of the before, by rising difference. */
  readonly histogram: readonly (readonly [difference: number, count: number])[];
}

/** What `train` made of photographs and their drawings. */
export interface TrainPage {
  readonly kind: 'train';
  readonly version: string;
  readonly headline: string;
  readonly facts: readonly (readonly [name: string, text: string])[];
  readonly notes: readonly string[];
  /** What applies the net. */
  readonly command: string;
  /** Mean cross-entropies in nats. */
  readonly losses: readonly LossShown[];
}

/** What `inspect` shows of a picture. */
export interface PicturePage {
  readonly kind: 'picture';
  readonly version: string;
  readonly name: string;
  readonly facts: readonly (readonly [name: string, lines: readonly string[]])[];
  readonly picture: ShownPicture;
  readonly histograms: readonly ChannelHistogram[];
}

export interface ChannelHistogram {
  readonly channel: string;
  /** How many samples there are around each value, by rising value, in the file's own numbers. */
  readonly points: readonly (readonly [value: number, count: number])[];
}

/** What `evaluate` found. */
export interface EvaluationPage {
  readonly kind: 'evaluation';
  readonly version: string;
  /** Folders as the call named them. */
  readonly maps: string;
  readonly truth: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** Absent where nothing could be evaluated. */
  readonly scores?: Pick<EdgeScores, 'ods' | 'ois' | 'ap' | 'curve'>;
  readonly pictures: readonly EvaluatedPicture[];
  readonly failures: readonly { readonly map: string; readonly error: string }[];
}

export type { ChangedRegion, ThresholdScore };

interface EvaluatedPicture extends ThresholdScore {
  readonly name: string;
  /** Where the map lies, relative to the page. */
  readonly href: string;
}
