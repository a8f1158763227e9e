import { type Kernel } from '../../kernels/kernel.ts';
import { type Rounding } from '../../planes/samples.ts';
import type { ComparedLight } from '../diagnosis/light.ts';
import { type FoundProgram } from '../feasible/findProgram.ts';
import { type Symmetry } from '../feasible/symmetry.ts';
import { type KernelShape } from '../kernelShape.ts';
import { type ShapeOptions } from '../kernelShape.ts';
import { type Solution } from '../moments/leastSquares.ts';
import { type Moments } from '../moments/moments.ts';
import { type Example } from '../pairs.ts';
import { type LearnReport } from '../report.ts';

export type ExactMethod = 'least-squares' | 'feasible';

export interface ExactOptions extends ShapeOptions {
  readonly method: 'auto' | ExactMethod;
  readonly ridge?: number;
  /** Whether a mixture of colours is looked for first; by default, it is. */
  readonly mixes?: boolean;
  /** Whether linear programs look for the very numbers; by default, they do. */
  readonly byPrograms?: boolean;
}

export interface LearnedPairs {
  readonly kernel: Kernel;
  readonly method: ExactMethod;
  /** Of a program that rounds exact halves up: cut instead, with so much more of a bias, more samples come out. */
  readonly ties?: FoundProgram['instead'];
  readonly report: Omit<LearnReport, 'notes'>;
  /** Of a kernel that was learned on linear light: what is left there and of stored samples. */
  readonly light?: ComparedLight;
  /** Why the very numbers were not found, where they were looked for without end; the end of a sentence. */
  readonly ended?: string;
}

/** Least squares of a shape's unknowns. */
export interface Solved {
  /** With a bias where one was asked for or found. */
  readonly shape: KernelShape;
  readonly rounding: Rounding;
  readonly solutions: readonly Solution[];
  /** Taps of least squares with a bias, whether one is learned or not. */
  readonly free: readonly Float64Array[];
  /** Which of these are one number as far as the error tells. */
  readonly symmetry: () => Symmetry;
  /** With a bias. */
  readonly moments: readonly Moments[];
  /** The moments, of the shape's unknowns, under a rounding. */
  readonly momentsUnder: (rounding: Rounding) => readonly Moments[];
  /** The pairs that were learned from: those of coders with losses without what may have been clipped. */
  readonly examples: readonly Example[];
}
