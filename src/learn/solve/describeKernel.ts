import type { Kernel } from '../../kernels/kernel.ts';
import { kernelRank } from '../../kernels/rank.ts';
import { recogniseKernel } from '../../kernels/recognise/recogniseKernel.ts';
import { whiteOf } from '../../planes/planes.ts';
import type { FoundProgram } from '../feasible/findProgram.ts';
import type { KernelShape } from '../kernelShape.ts';
import type { Solution } from '../moments/leastSquares.ts';
import type { Example } from '../pairs.ts';
import type { LearnReport } from '../report.ts';
import type { JudgedByTiles } from './heldOutOf.ts';

interface Known {
  /** Whether the taps are the very numbers, not estimates. */
  readonly exact: boolean;
  readonly program: FoundProgram | undefined;
  readonly examples: readonly Example[];
  /** Whether the kernel is what made the afters. */
  readonly explained: boolean;
  readonly moved: JudgedByTiles['moved'];
  readonly shrunk: Float64Array | undefined;
}

type Facts = Pick<LearnReport, 'standardErrors' | 'determined' | 'rank' | 'known' | 'certificate' | 'program'>;

/** What the taps are, how sure they are, and what the pictures tell about the program. */
export function factsOf(
  k: Kernel,
  shape: KernelShape,
  solutions: readonly Solution[],
  { exact, program, examples, explained, moved, shrunk }: Known,
): Facts {
  const least = shrunk === undefined ? 0 : OF_ALL_SHRUNK * medianOf(shrunk);
  const standardErrors = errorsOf(shape, solutions, moved).map((error, i) =>
    Math.max(error, OF_SHRUNK * (shrunk?.[i] ?? 0), least),
  );
  const lossy = examples.some((example) => example.lossy);
  // Least squares of what a coder made coarse gives taps that are too small, by nobody knows how much.
  const isSure = exact || !lossy || shrunk !== undefined;
  const tolerance = exact ? undefined : standardErrors.map((error) => ESTIMATED * error);
  const named = !exact && isFraction(k, examples[0]) ? { ...k, bias: k.bias.map(() => 0) } : k;
  const found = (exact || explained) && isSure ? recogniseKernel(named, tolerance) : undefined;
  // A factor of its own is what is found in taps that losses have changed; one that is nearly 1, in taps of a filter that is not named.
  const { scale } = found?.parameters ?? {};
  const isOfAnother = !exact && scale !== undefined && (lossy || Math.abs(scale - 1) < NEARLY_ONE);
  const known = isOfAnother ? undefined : found;
  const { rounding, borders, certificate } = program ?? {};
  return {
    ...(explained && isSure && { standardErrors: lossy && !exact ? standardErrors.map(ofCoder) : standardErrors }),
    determined: {
      rank: solutions.reduce((sum, { rank }) => sum + rank, 0),
      unknowns: solutions.reduce((sum, { unknowns }) => sum + unknowns.length, 0),
    },
    ...((exact || (explained && !lossy)) && { rank: kernelRank(k, tolerance) }),
    ...(known && { known }),
    ...(certificate && { certificate }),
    program: {
      // Half a level of a bias is what one rounding has more than the other.
      ...(rounding === undefined || (shape.bias && !exact) ? {} : { rounding }),
      ...(borders === undefined ? {} : { borders }),
      ...(known?.orientation === undefined ? {} : { orientation: known.orientation }),
      ...(lossy ? { lossy: true } : {}),
    },
  };
}

/** Biases of no more levels are what programs lose that cut after every pass, and no part of a filter's name. */
const LOST_LEVELS = 1.6;

function isFraction({ bias }: Kernel, { stored, after }: Example): boolean {
  return stored && bias.every((value) => Math.abs(value) * whiteOf(after) <= LOST_LEVELS);
}

/** Nobody multiplies a filter by so little. */
const NEARLY_ONE = 0.02;

/** Standard errors that an estimated tap may be away from the filter's. */
const ESTIMATED = 4;

/** Of what intervals have added to taps that least squares made too small: how far that may be off. */
const OF_SHRUNK = 0.15;
/** And of what they have moved half of the taps by. */
const OF_ALL_SHRUNK = 1.5;

function medianOf(values: Float64Array): number {
  return values.toSorted()[values.length >> 1];
}

/**
 * Errors of coders hang together beyond parts of pictures: with so many times what parts tell, the worst tap of 15 of 16 estimates was within it
 * (blurs and masks at quality 90, four photographs, grey and in colour).
 */
const BY_CODER = 2.75;

function ofCoder(error: number): number {
  return BY_CODER * error;
}

/** Of all taps, then of all biases. */
function errorsOf({ bias }: KernelShape, solutions: readonly Solution[], moved: JudgedByTiles['moved']): number[] {
  const errors = solutions.map((solution, o) =>
    withMoves(solution, moved && { errors: moved.errors[o], samples: moved.samples }),
  );
  const taps = (all: Float64Array): Float64Array => (bias ? all.subarray(0, -1) : all);
  return [...errors.flatMap((all) => [...taps(all)]), ...(bias ? errors.map((all) => all[all.length - 1]) : [])];
}

/**
 * Standard errors were the errors independent of each other, as often more as taps move more from one part of the pictures to the
 * other (errors of coders, of masks and of filters that are not linear hang together). Never less.
 */
function withMoves(
  { standardErrors, samples }: Solution,
  moved: { readonly errors: Float64Array; readonly samples: number } | undefined,
): Float64Array {
  if (moved === undefined) return standardErrors;
  // Moves are those of fewer samples where pictures are large.
  const fewer = Math.sqrt(Math.min(1, moved.samples / Math.max(1, samples)));
  let [own, other] = [0, 0];
  standardErrors.forEach((error, i) => {
    if (!Number.isFinite(error)) return;
    own += error ** 2;
    other += (moved.errors[i] * fewer) ** 2;
  });
  const more = own > 0 ? Math.max(1, Math.sqrt(other / own)) : 1;
  return standardErrors.map((error, i) => Math.max(error * more, moved.errors[i] * fewer * ONE_OF_FIVE));
}

/** A tap's own moves, of five parts, are known to about half of themselves: of many taps the largest is too large. */
const ONE_OF_FIVE = 0.5;
