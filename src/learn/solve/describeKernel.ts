import type { Kernel } from '../../kernels/kernel.ts';
import { kernelRank } from '../../kernels/rank.ts';
import { recogniseKernel } from '../../kernels/recognise/recogniseKernel.ts';
import type { FoundProgram } from '../feasible/findProgram.ts';
import type { KernelShape } from '../kernelShape.ts';
import type { Solution } from '../moments/leastSquares.ts';
import type { Example } from '../pairs.ts';
import type { LearnReport } from '../report.ts';

export interface Known {
  /** Whether the taps are the very numbers, not estimates. */
  readonly exact: boolean;
  readonly program: FoundProgram | undefined;
  readonly examples: readonly Example[];
}

type Facts = Pick<LearnReport, 'standardErrors' | 'determined' | 'rank' | 'known' | 'certificate' | 'program'>;

/** What the taps are, how sure they are, and what the pictures tell about the program. */
export function factsOf(
  k: Kernel,
  shape: KernelShape,
  solutions: readonly Solution[],
  { exact, program: found, examples }: Known,
): Facts {
  const standardErrors = errorsOf(shape, solutions);
  const tolerance = exact ? undefined : standardErrors.map((error) => ESTIMATED * error);
  const known = recogniseKernel(k, tolerance);
  const { rounding, borders, certificate } = found ?? {};
  return {
    standardErrors,
    determined: {
      rank: solutions.reduce((sum, { rank }) => sum + rank, 0),
      unknowns: solutions.reduce((sum, { unknowns }) => sum + unknowns.length, 0),
    },
    rank: kernelRank(k, tolerance),
    ...(known && { known }),
    ...(certificate && { certificate }),
    program: {
      ...(rounding === undefined ? {} : { rounding }),
      ...(borders === undefined ? {} : { borders }),
      ...(known?.orientation === undefined ? {} : { orientation: known.orientation }),
      ...(examples.some(({ lossy }) => lossy) ? { lossy: true } : {}),
    },
  };
}

/** Standard errors that an estimated tap may be away from the filter's. */
const ESTIMATED = 4;

/** Of all taps, then of all biases. */
function errorsOf({ bias }: KernelShape, solutions: readonly Solution[]): number[] {
  const taps = (all: Float64Array): Float64Array => (bias ? all.subarray(0, -1) : all);
  return [
    ...solutions.flatMap(({ standardErrors }) => [...taps(standardErrors)]),
    ...(bias ? solutions.map(({ standardErrors }) => standardErrors[standardErrors.length - 1]) : []),
  ];
}
