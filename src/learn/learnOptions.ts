import { type Kernel } from '../kernels/kernel.ts';
import { type Optimizer } from './descent/optimizers.ts';
import { type ShapeOptions } from './kernelShape.ts';
import { type Reduction } from './options.ts';
import { type LearnReport } from './report.ts';

export const LEARN_METHODS = ['auto', 'least-squares', 'feasible', 'gradient-descent'] as const;

export type LearnMethod = Exclude<(typeof LEARN_METHODS)[number], 'auto'>;

export interface LearnOptions extends ShapeOptions {
  /**
   * `least-squares`: the taps of least squared error. `feasible`: the simplest taps under which every response is rounded to the
   * sample that is stored, where there are any; of pictures stored without loss. `auto` (the default) takes the second where
   * rounding explains all of the error, else the first; and `gradient-descent` where an option of that is given.
   */
  method?: 'auto' | LearnMethod;
  /** Of least squares: added to the mean squared error for every unit of Σ tap², in units of white squared; 0 by default. */
  ridge?: number;
  /** Of gradient descent, as all that follow: steps; by default, until the taps are at rest, at most 50,000. */
  epochs?: number;
  /** By default, one that suits the optimizer and the pictures. Adam's falls linearly, to 0 after the last epoch. */
  learningRate?: number;
  /** `momentum` by default. */
  optimizer?: Optimizer;
  /** Whether the loss is the sum of the squared errors or (the default) their mean: a learning rate depends on it. */
  reduction?: Reduction;
  /** Which random taps to start from, 0 to 2^32 − 1: those of a {@link Conv2d} of the same seed; 0 by default. */
  seed?: number;
  /** Called with every epoch's place in `history`, its loss and its kernel, before its step. */
  onEpoch?: (epoch: number, loss: number, kernel: Kernel) => void;
  /** Ends the work at its next pause. */
  signal?: AbortSignal;
}

export interface LearnResult {
  readonly kernel: Kernel;
  readonly method: LearnMethod;
  /** The loss of every epoch of gradient descent, before its step: squared errors in units of white. */
  readonly history: number[];
  readonly report: LearnReport;
}
