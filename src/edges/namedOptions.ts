import type { Aperture } from '../kernels/aperture.ts';
import { type Border } from '../planes/border.ts';
import { optionNames } from '../planes/expectOptions.ts';
import { type EdgeColor } from './edgeColor.ts';
import { type MagnitudeNorm } from './gradient/magnitudeNorm.ts';
import { type SuppressionRule } from './lines/suppress.ts';
import { type Convention } from './operators/convention.ts';
import { type Threshold } from './thresholds/threshold.ts';

/** Of the options of {@link detectEdges} those that belong to an operator by its name: what a detector file may state. */
export interface NamedOptions {
  /** Whose scale, border and rules; `corr2d` by default. */
  convention?: Convention;
  /** Side of Sobel's window (in `canny` too), or of a smoothed `laplacian`; 3 by default, and the plain Laplacian. */
  aperture?: Aperture;
  /**
   * The scale in samples at which edges are looked for: the picture is smoothed by a Gaussian first, or the operator is a derivative
   * of one. Of several, the strongest response counts. By default: 1.4 for `canny` and `log`, 1 for `dog` and
   * `gaussian-gradient`, `none` for the others.
   */
  sigma?: number | readonly number[] | 'none';
  /** `luma` by default; `max` of kernels and layers of several input channels, which see the colour planes themselves. */
  color?: EdgeColor;
  /** How two directions become one response; `l2` by default (`l1` for OpenCV's `canny`). Refused where one kernel or a stack of layers gives one response. */
  magnitude?: MagnitudeNorm;
  /** Whether responses that are not the largest along their gradient become 0, so that lines are thin. `canny` always does that. */
  thin?: boolean;
  /** How thin lines are found; `interpolated` by default, `sectors` under OpenCV's convention. */
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
  /** `replicate` by default: a rim of its own would be an edge. */
  border?: Border;
}

export const NAMED_OPTIONS: readonly string[] = optionNames<NamedOptions>({
  convention: true,
  aperture: true,
  sigma: true,
  color: true,
  magnitude: true,
  thin: true,
  suppression: true,
  zeroCrossings: true,
  threshold: true,
  low: true,
  high: true,
  border: true,
});
