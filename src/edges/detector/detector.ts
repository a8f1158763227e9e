import type { Border } from '../../planes/border.ts';
import type { NamedOptions } from '../namedOptions.ts';
import type { Threshold } from '../thresholds/threshold.ts';

/** An edge detector that says everything about itself: from a picture's samples to those of its map, step by step. */
export type Detector = KernelDetector | NamedDetector;

/**
 * Kernels, what becomes of their correlations, and how that is stored. The steps, in this order: samples, colour, smoothing,
 * correlation, parts, response, scale, thin lines, thresholds, rounding, inversion. All arithmetic is Float64 unless it says otherwise,
 * sums in the order input channel, row, column of taps that are not 0: the same bytes everywhere.
 */
export interface KernelDetector extends DetectorCommon {
  /**
   * `unit`: samples are multiplied by 1/white first, and results by white last, as programs do that work from 0 to 1; `sixteen-bit`: they are
   * multiplied by 65535/white first, and what is rounded becomes whole samples of 16 bits, as in ImageMagick. `stored` by default.
   */
  readonly samples?: DetectorSamples;
  /** How colours become what the kernels see, or what becomes of their responses; our own luma by default. */
  readonly color?: DetectorColor;
  /** What is done to the picture (its grey, or each of its channels) first; of a list, one after the other. */
  readonly smoothing?: DetectorSmoothing | readonly DetectorSmoothing[];
  /** All of one channel or all of three. */
  readonly kernels: readonly DetectorKernel[];
  /** What each correlation becomes before they are joined. */
  readonly parts?: DetectorParts;
  readonly response: DetectorResponse;
  /** What responses are multiplied by; `largest` makes white of the picture's largest, `range` 0 of its smallest as well; 1 by default. */
  readonly scale?: number | 'largest' | 'range';
  /** What they are divided by first: a division is not rounded as a multiplication is; 1 by default. */
  readonly divisor?: number;
  /** What is added last, in units of white; 0 by default. */
  readonly offset?: number;
  /** `float32`: each product, sum and root is rounded to Float32; `float64` by default. */
  readonly arithmetic?: DetectorArithmetic;
  /** Responses that are not the largest along their gradient, which two kernels (across and down) give, become 0. */
  readonly thin?: ThinRule;
  /** White above it, 0 elsewhere. Thresholds are compared with scaled responses. */
  readonly threshold?: Threshold;
  /** White above `high`, and above `low` where that is joined to such a sample. */
  readonly low?: Threshold;
  readonly high?: Threshold;
  /** Whether a response that just reaches a threshold counts as above it; false by default. */
  readonly reached?: boolean;
  /**
   * `connected` (the default): through any number of samples above `low`; `adjacent`: one beside a sample above `high`, not at the rim;
   * `traced`: followed as ImageMagick's `-canny` does, which passes over some; `sides`: as `connected`, but never from corner to corner, as
   * scikit-image's `apply_hysteresis_threshold` does.
   */
  readonly link?: DetectorLink;
  /** Whether what is above the thresholds keeps its response rather than become white. */
  readonly strengths?: boolean;
  /** Whether samples are taken from white last: dark edges on white. */
  readonly inverted?: boolean;
  /**
   * What stands outside the picture, on all sides or [above and left, below and right]. `copied`: samples whose windows leave the picture are
   * the picture's own; `black`: they are 0. `replicate` by default.
   */
  readonly border?: DetectorBorder;
  /** So many of the outermost rows and columns of a map are 0, whatever they answered; 0 by default. */
  readonly rim?: number;
}

/** What every detector may say beside its steps. */
export interface DetectorCommon {
  readonly name?: string;
  /** How numbers become samples from 0 to white; by default they stay numbers. */
  readonly rounding?: DetectorRounding;
  /** The program and the call that it stands for. */
  readonly from?: { readonly program: string; readonly call: string };
  /** What learning reported, as JSON. */
  readonly learned?: Readonly<Record<string, unknown>>;
}

/** One of our own operators with its options, its signed responses by their absolute values. */
export interface NamedDetector extends DetectorCommon {
  readonly operator: string;
  readonly options: Readonly<NamedOptions>;
}

/** Taps in Float64: one channel's rows or, of three, all rows of each in turn. An even side is longer above or on the left. */
export interface DetectorKernel {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  readonly taps: Float64Array;
}

export const DETECTOR_LINKS = ['connected', 'adjacent', 'traced', 'sides'] as const;

export type DetectorLink = (typeof DETECTOR_LINKS)[number];

export const DETECTOR_SAMPLES = ['stored', 'unit', 'sixteen-bit'] as const;

type DetectorSamples = (typeof DETECTOR_SAMPLES)[number];

/**
 * `mix`: a weighted sum, rounded where that is stated; `swscale`: the brightness that FFmpeg's converter gives of 8-bit RGB; `max`: the
 * strongest channel's response, and of equals the gradient of the first (`max-bgr`: of the last, as OpenCV has it); `each`: a map for each
 * channel; `length`: the length of all channels' responses together.
 */
export type DetectorColor = ColorMix | (typeof DETECTOR_COLORS)[number];

export const DETECTOR_COLORS = ['swscale', 'max', 'max-bgr', 'each', 'length'] as const;

/** Whether a colour rule lets the kernels see each channel by itself. */
export function seesApart(color: DetectorColor | undefined): color is Exclude<DetectorColor, ColorMix | 'swscale'> {
  return typeof color === 'string' && color !== 'swscale';
}

export interface ColorMix {
  readonly mix: readonly [red: number, green: number, blue: number];
  readonly rounding?: DetectorRounding;
  /** Whether channels are smoothed before they are mixed; false by default. */
  readonly smoothed?: boolean;
  /** Whether grey is then weighted again, as three channels that are alike: ImageMagick's brightness of grey, off by its last bits. */
  readonly weighted?: boolean;
}

/** How a picture is smoothed before it is correlated. */
export type DetectorSmoothing = TwoPasses | OnePass;

interface SmoothingCommon {
  /** `inside`: the weighted mean of the samples under the taps that are in the picture; `copied`: where taps leave it samples stay; `replicate` by default. */
  readonly border?: Border | 'inside' | 'copied';
  /** Where stated, what is smoothed becomes whole samples again. */
  readonly rounding?: DetectorRounding;
}

/**
 * Taps that are alike on both sides of the middle, down columns and then along rows: of each pass the sum begins with the middle and adds
 * pairs from the outside in, as SciPy does.
 */
export interface TwoPasses extends SmoothingCommon {
  readonly column: readonly number[];
  readonly row: readonly number[];
}

/** Rows of taps of odd sides, and what their sum is divided by; 1 by default. */
export interface OnePass extends SmoothingCommon {
  readonly taps: readonly (readonly number[])[];
  readonly divisor?: number;
}

/** Each correlation times `scale`, rounded; `saturated`: its absolute value, at most white. */
export interface DetectorParts {
  readonly scale?: number;
  readonly rounding: DetectorRounding;
  readonly saturated?: boolean;
}

export const DETECTOR_RESPONSES = ['clamp', 'abs', 'l2', 'hypot', 'l1', 'max', 'strongest'] as const;

/**
 * `clamp`: one kernel's response, 0 where it is below; `abs`: its absolute value; `l2`, `l1`, `max`: the length, the sum and the largest of
 * several absolute values; `hypot`: the length of two as C's `hypot` gives it, whose last bit may be another; `strongest`: the largest of several signed responses, 0 where all are below.
 */
export type DetectorResponse = (typeof DETECTOR_RESPONSES)[number];

export const DETECTOR_ARITHMETICS = ['float64', 'float32'] as const;

type DetectorArithmetic = (typeof DETECTOR_ARITHMETICS)[number];

export const DETECTOR_ROUNDINGS = ['nearest', 'truncate', 'half-up'] as const;

/** Ties to even, cut towards zero, or ties up. */
export type DetectorRounding = (typeof DETECTOR_ROUNDINGS)[number];

export type DetectorBorder = Border | readonly [near: Border, far: Border] | 'copied' | 'black';

export const THIN_RULES = ['interpolated', 'sectors', 'strict', 'weak'] as const;

/**
 * Which neighbours a response is compared with: `interpolated`, as scikit-image does; `sectors`, as OpenCV; `strict`: it must exceed both in
 * the nearest of four directions, as FFmpeg has it; `weak`: reach both.
 */
export type ThinRule = (typeof THIN_RULES)[number];

/** Whether an operator is a detector rather than a name, kernels or layers. */
export function isDetector(operator: unknown): operator is Detector {
  return typeof operator === 'object' && operator !== null && ('response' in operator || 'operator' in operator);
}

/** Whether a detector is one of our own operators by its name. */
export function isNamed(detector: Detector): detector is NamedDetector {
  return 'operator' in detector;
}

/** A kernel of one channel from its rows. */
export function detectorKernel(rows: readonly (readonly number[])[]): DetectorKernel {
  return { channels: 1, height: rows.length, width: rows[0].length, taps: Float64Array.from(rows.flat()) };
}

/** The white of the samples that a detector works with, of a picture's. */
export function innerWhite({ samples }: KernelDetector, white: number): number {
  if (samples === 'sixteen-bit') return 65_535;
  return samples === 'unit' ? 1 : white;
}

/** Passes of smoothing, in order. */
export function passesOf({ smoothing }: KernelDetector): readonly DetectorSmoothing[] {
  if (smoothing === undefined) return [];
  return Array.isArray(smoothing) ? (smoothing as readonly DetectorSmoothing[]) : [smoothing as DetectorSmoothing];
}

/** How many rows above, below, left and right of a sample the largest of the kernels reaches. */
export function reachOfKernels(kernels: readonly DetectorKernel[]): {
  top: number;
  bottom: number;
  left: number;
  right: number;
} {
  const most = (of: (k: DetectorKernel) => number): number => Math.max(...kernels.map(of));
  return {
    top: most((k) => Math.ceil((k.height - 1) / 2)),
    bottom: most((k) => Math.floor((k.height - 1) / 2)),
    left: most((k) => Math.ceil((k.width - 1) / 2)),
    right: most((k) => Math.floor((k.width - 1) / 2)),
  };
}
