import type { ContourNet, ContourSize } from '../contours/contourNet.ts';
import { type Precision } from '../correlate/corr2d.ts';
import { type Kernel } from '../kernels/kernel.ts';
import { type Layer } from '../layers/layer.ts';
import { type Planes } from '../planes/planes.ts';
import { type Detector } from './detector/detector.ts';
import { type NamedOptions } from './namedOptions.ts';

export const EDGE_ALPHAS = ['edges', 'drop'] as const;

/** What is done about transparency: its edges count beside those of colours as they show, or it is left out. */
export type EdgeAlpha = (typeof EDGE_ALPHAS)[number];

export interface DetectOptions extends NamedOptions {
  /**
   * An operator's name, a kernel, a pair of kernels whose magnitude is taken, a detector that says everything by itself, a learned
   * stack of layers, or a net that finds contours; `sobel` by default.
   */
  operator?: string | Kernel | readonly [Kernel, Kernel] | Detector | Layer | ContourNet;
  /** Of the operator `contours` which net; `small` by default. */
  size?: ContourSize;
  /** Of a net: what the picture is resized by before the net sees it; of several the mean likelihood counts; `[1]` by default. */
  scales?: readonly number[];
  /** 1×H×W: where edges may be, from half of white on. Pixels beside what is outside are left out too. */
  mask?: Planes;
  /** Whether the gradients' directions are wanted beside the map. */
  orientation?: boolean;
  /**
   * Of a picture that is transparent somewhere. `edges` (the default): colours count as much as they show, and alpha's own edges beside
   * theirs, the strongest of them; a kernel of several input channels and layers see the picture over white. `drop`: colours as they
   * are stored, hidden ones too.
   */
  alpha?: EdgeAlpha;
  /** `deterministic` by default; refused beside layers, which always correlate so. */
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
