import type { Kernel } from '../../kernels/kernel.ts';
import { isExplained } from '../diagnosis/explained.ts';
import { roundingOf } from '../diagnosis/order.ts';
import { hasTails } from '../diagnosis/tails.ts';
import type { FoundProgram } from '../feasible/findProgram.ts';
import type { KernelShape } from '../kernelShape.ts';
import type { Fit } from '../moments/fit.ts';
import type { Solution } from '../moments/leastSquares.ts';
import type { Residual } from '../moments/residual.ts';
import type { Example } from '../pairs.ts';
import { factsOf } from './describeKernel.ts';
import type { JudgedByTiles } from './heldOutOf.ts';
import type { ExactMethod, LearnedPairs } from './solved.ts';

/** What was found of a kernel, before it is judged. */
interface FoundKernel {
  readonly kernel: Kernel;
  readonly shape: KernelShape;
  readonly method: ExactMethod;
  /** Whether the taps are the very numbers, not estimates. */
  readonly exact: boolean;
  /** Of each output channel, with a standard error for each unknown. */
  readonly solutions: readonly Solution[];
  readonly fit: Fit;
  /** Σ (after − before)², in units of white; undefined where they have other channels. */
  readonly change: number | undefined;
  readonly heldOut?: Residual | undefined;
  readonly moved?: JudgedByTiles['moved'];
  readonly program: FoundProgram | undefined;
  /** Why the very numbers were not found, where they were looked for without end. */
  readonly ended?: string;
  /** How far taps are from those of least squares, where those are known to be too small. */
  readonly shrunk?: Float64Array;
  /** Levels, root mean square, by which coefficients of a coder are beyond what it rounded them to. */
  readonly outside?: number;
  readonly examples: readonly Example[];
  /** The pairs that were learned from: those of coders with losses without what may have been clipped. */
  readonly fitted: readonly Example[];
}

/** A kernel with what is told of it: whether it explains the pairs, its name, its program. */
export function reportedPairs(found: FoundKernel): LearnedPairs {
  const { kernel, shape, solutions, fit, heldOut, moved, change, program, examples, fitted } = found;
  const leftOfChange = change === undefined ? undefined : leftOf(change, fit);
  const judged = { ...fit, ...(leftOfChange !== undefined && { leftOfChange }) };
  const explained =
    isExplained(judged, fitted) &&
    (found.outside ?? 0) <= MOST_OUTSIDE &&
    !(examples.every(isPlain) && fit.rms > MORE_THAN_ONE * roundingOf(examples) && hasTails(examples, kernel));
  // A program that cuts loses the last bits of its sums too.
  const cut = program?.rounding === 'truncate' ? program.instead : undefined;
  const ties = program?.instead;
  return {
    kernel: cut === undefined ? kernel : { ...kernel, bias: kernel.bias.map((own) => own + cut.bias) },
    method: found.method,
    ...(found.ended !== undefined && { ended: found.ended }),
    ...(cut === undefined && ties && { ties }),
    report: {
      ...fit,
      ...(leftOfChange === undefined ? {} : { leftOfChange }),
      explained,
      size: [shape.height, shape.width],
      channels: shape.sharing,
      ...(heldOut && { heldOut }),
      ...factsOf(kernel, shape, solutions, {
        exact: found.exact,
        program,
        examples,
        moved,
        explained,
        shrunk: found.shrunk,
      }),
      ...(cut && { certificate: cut.certificate }),
      ...(cut === undefined && ties && { certificate: { ...ties.certificate, bias: ties.bias } }),
    },
  };
}

/** Levels by which coefficients may be beyond what a coder rounded them to: samples were rounded and clipped first. */
const MOST_OUTSIDE = 1;

/** Times what one rounding leaves: what leaves more may be several of them, or no kernel. */
const MORE_THAN_ONE = 1.15;

/** Where nothing was changed, nothing is left of it. */
function leftOf(change: number, { rms, samples }: Fit): number {
  const squares = rms * rms * samples;
  return change > 0 ? squares / change : squares > 0 ? 1 : 0;
}

/** Whether samples are what a program rounded, and no more was lost. */
export function isPlain({ stored, lossy }: Example): boolean {
  return stored && !lossy;
}
