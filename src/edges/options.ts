import { type Precision } from '../correlate/corr2d.ts';
import { type Kernel } from '../kernels/kernel.ts';
import { type Layer } from '../layers/layer.ts';
import { type Border } from '../planes/border.ts';
import { type Planes } from '../planes/planes.ts';
import { type Detector } from './detector/detector.ts';
import { type EdgeColor } from './edgeColor.ts';
import { type MagnitudeNorm } from './gradient/magnitudeNorm.ts';
import { type SuppressionRule } from './lines/suppress.ts';
import { type Convention } from './operators/convention.ts';
import { type Threshold } from './thresholds/threshold.ts';

export const EDGE_ALPHAS = ['edges', 'drop'] as const;

/** What is done about transparency: its edges count beside those of colours as they show, or it is left out. */
export type EdgeAlpha = (typeof EDGE_ALPHAS)[number];

export interface DetectOptions {
  /**
   * An operator's name, a kernel, a pair of kernels whose magnitude is taken, a detector that says everything by itself, or a learned
   * stack of layers; `sobel` where left out.
   */
  operator?: string | Kernel | readonly [Kernel, Kernel] | Detector | Layer;
  /** Whose scale, border and rules; `corr2d` where left out. */
  convention?: Convention;
  /** Side of Sobel's window (in `canny` too), or of a smoothed `laplacian`; 3 where left out, and the plain Laplacian. */
  aperture?: 3 | 5 | 7;
  /**
   * The scale in samples at which edges are looked for: the picture is smoothed by a Gaussian first, or the operator is a derivative
   * of one. Of several, the strongest response counts. Where left out: 1.4 for `canny` and `log`, 1 for `dog` and
   * `gaussian-gradient`, `none` for the others.
   */
  sigma?: number | readonly number[] | 'none';
  /** `luma` where left out. A kernel of several input channels sees the colour planes themselves. */
  color?: EdgeColor;
  /** How two directions become one response; `l2` where left out (`l1` for OpenCV's `canny`). Of one kernel or a stack of layers there is one response. */
  magnitude?: MagnitudeNorm;
  /** Whether responses that are not the largest along their gradient become 0, so that lines are thin. `canny` always does that. */
  thin?: boolean;
  /** How thin lines are found; `interpolated` where left out, `sectors` under OpenCV's convention. */
  suppression?: SuppressionRule;
  /** Of a signed response, the places where it passes through zero, as strong as it is steep there. */
  zeroCrossings?: boolean;
  /** Where given, the map is binary: 0 and white. */
  threshold?: Threshold;
  /**
   * Where given, the map is binary: white above `high`, and above `low` where that is joined to such a pixel. What is left out of the
   * two is 0.4·high, or low/0.4. `canny` without either takes `q90` for `high`, at most half of the largest; under another convention, that library's
   * defaults.
   */
  low?: Threshold;
  high?: Threshold;
  /** 1×H×W: where edges may be, from half of white on. Pixels beside what is outside are left out too. */
  mask?: Planes;
  /** Whether the gradients' directions are wanted beside the map. */
  orientation?: boolean;
  /** `replicate` where left out: a rim of its own would be an edge. */
  border?: Border;
  /**
   * Of a picture that is transparent somewhere. `edges` (where left out): colours count as much as they show, and alpha's own edges beside
   * theirs, the strongest of them; a kernel of several input channels and layers see the picture over white. `drop`: colours as they
   * are stored, hidden ones too.
   */
  alpha?: EdgeAlpha;
  /** `deterministic` where left out. Of kernels: layers always correlate so. */
  precision?: Precision;
}

export interface Edges {
  /**
   * The picture's size; one channel, or the picture's own number under `color: 'each'`; signed where the operator is one kernel or
   * `log` or `dog`.
   */
  readonly map: Planes;
  /** Where it was asked for: angles as {@link orientation} has them, of as many channels. */
  readonly orientation?: Planes;
  /** What the thresholds came to, in units of white. */
  readonly thresholds?: { readonly low?: number; readonly high: number };
  /** Of a picture that is transparent somewhere, unless alpha was dropped: its edges counted, or it was laid over white. */
  readonly alpha?: 'edges' | 'flattened';
  /** What was not done as it was asked for, in sentences. */
  readonly notes?: readonly string[];
}
