import { whiteOf } from '../../planes/planes.ts';
import type { Rounding } from '../../planes/samples.ts';
import { type FeasibleKernel, feasibleKernel } from '../feasible/feasibleKernel.ts';
import { findProgram, type FoundProgram } from '../feasible/findProgram.ts';
import { hasSolver, solverBudget, SolverEnded } from '../feasible/slackProgram.ts';
import { noSymmetry } from '../feasible/symmetry.ts';
import { jpegTaps } from '../jpeg/jpegTaps.ts';
import type { KernelShape } from '../kernelShape.ts';
import { kernelFrom, unknownsOf } from '../kernelUnknowns.ts';
import { changeOf } from '../moments/changeOf.ts';
import { fitOf } from '../moments/fit.ts';
import { type Example, wholeOf } from '../pairs.ts';
import { fitShape } from './fitShape.ts';
import { heldOutOf } from './heldOutOf.ts';
import { ownTaps } from './ownTaps.ts';
import { isPlain, reportedPairs } from './reportedPairs.ts';
import { roundNumbers } from './roundNumbers.ts';
import { type Solved } from './solved.ts';
import type { ExactMethod, ExactOptions, LearnedPairs } from './solved.ts';

/** What `solveAligned` does once the shape is known. */
export async function solveShape(
  examples: readonly Example[],
  taps: KernelShape,
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<LearnedPairs> {
  const solved = await fitShape(examples, taps, options, pause);
  const { shape, solutions } = solved;
  const numbers = await numbersOf(examples, solved, options, pause);
  const tellsProgram = examples.every(isPlain) && rmsInLevels(examples, solved) < POOR_RMS;
  const { program, ...found } = tellsProgram
    ? await withProgram(examples, shape, numbers, pause)
    : { ...numbers, program: undefined };
  const kernel = kernelFrom(shape, found.unknowns);
  const fit = fitOf(solved.momentsUnder(found.rounding), unknownsOf(kernel, shape));
  const { heldOut, moved } = await heldOutOf(solved.examples, shape, pause);
  return reportedPairs({
    ...found,
    kernel,
    shape,
    solutions,
    fit,
    change: changeOf(solved.moments, shape),
    heldOut,
    moved,
    program,
    examples,
    fitted: solved.examples,
  });
}

/**
 * What a program made of the taps; of taps that sum to nearly 1, what gives more samples: they, or as they are over their sum. Where
 * pictures are mostly black and white, 256/255 of a kernel keeps the bounds of truncated samples as well as the kernel does.
 */
async function withProgram(
  examples: readonly Example[],
  shape: KernelShape,
  numbers: Numbers,
  pause: () => Promise<void>,
): Promise<Numbers & { readonly program: FoundProgram }> {
  const whole = wholeOf(examples);
  const given = await findProgram(kernelFrom(shape, numbers.unknowns), whole, pause, numbers.method === 'feasible');
  const isFound = numbers.exact || numbers.method === 'feasible';
  const evened = isFound && given.certificate.first ? overSums(numbers.unknowns, shape) : undefined;
  if (evened === undefined) return { ...numbers, program: given };
  const program = await findProgram(kernelFrom(shape, evened), whole, pause, true);
  const rounding = program.certificate.rounding;
  return program.certificate.reproduced > given.certificate.reproduced
    ? { ...numbers, unknowns: evened, rounding, exact: true, program }
    : { ...numbers, program: given };
}

/** Nobody multiplies a filter by so little. */
const NEARLY_ONE = 0.01;

/** Undefined where the taps of no output sum to nearly 1. */
function overSums(
  unknowns: readonly Float64Array[],
  { inChannels, height, width }: KernelShape,
): readonly Float64Array[] | undefined {
  const taps = inChannels * height * width;
  let isAny = false;
  const evened = unknowns.map((values) => {
    const sum = values.subarray(0, taps).reduce((all, tap) => all + tap, 0);
    const away = Math.abs(sum - 1);
    if (!(away > SAME_SUM && away < NEARLY_ONE)) return values;
    isAny = true;
    return values.map((value, i) => (i < taps ? value / sum : value));
  });
  return isAny ? evened : undefined;
}

/** Sums that are 1 but for the last places of taps in Float32. */
const SAME_SUM = 1e-5;

/** Errors larger than this many levels are not rounding's alone: which samples come out by chance tells nothing of roundings and borders. */
const POOR_RMS = 0.75;

function rmsInLevels(examples: readonly Example[], { solutions, rounding, momentsUnder }: Solved): number {
  const unknowns = solutions.map((solution) => solution.unknowns);
  return fitOf(momentsUnder(rounding), unknowns).rms * whiteOf(examples[0].after);
}

interface Numbers {
  readonly unknowns: readonly Float64Array[];
  readonly method: ExactMethod;
  readonly rounding: Rounding;
  /** Whether they are the very numbers, not estimates. */
  readonly exact: boolean;
  readonly ended?: string;
  /** How far taps are from those of least squares, where those are known to be too small. */
  readonly shrunk?: Float64Array;
  /** Levels, root mean square, by which coefficients of a coder are beyond what it rounded them to. */
  readonly outside?: number;
}

/** Errors up to this many levels may be rounding's alone, which leaves √(1/12) of one. */
const ROUNDING_RMS = 0.6;

/** What least squares comes near to: the numbers that give every sample, or that leave no more error. */
async function numbersOf(
  examples: readonly Example[],
  solved: Solved,
  { method, ridge = 0, byPrograms = true }: ExactOptions,
  pause: () => Promise<void>,
): Promise<Numbers> {
  const { shape, rounding, momentsUnder } = solved;
  const unknowns = solved.solutions.map((solution) => solution.unknowns);
  const estimated: Numbers = { unknowns, method: 'least-squares', rounding, exact: false };
  if (ridge > 0) return estimated;
  if (examples.every(isPlain)) {
    const tried =
      byPrograms && method === 'auto' && rmsInLevels(examples, solved) < ROUNDING_RMS && (await hasSolver());
    if (method === 'auto' && rmsInLevels(examples, solved) < ROUNDING_RMS) {
      const errors = solved.solutions.map(({ standardErrors }) => standardErrors);
      const own = await ownTaps(examples, shape, unknowns, errors, pause);
      if (own !== undefined) {
        const { unknowns: taps, rounding: applied, feasible } = own;
        return { unknowns: taps, rounding: applied, method: feasible ? 'feasible' : 'least-squares', exact: true };
      }
    }
    if (method !== 'feasible' && !tried) return estimated;
    try {
      const found = await feasibleNumbers(examples, solved, pause);
      return found === undefined ? estimated : { ...found, method: 'feasible', exact: found.denominator !== undefined };
    } catch (error) {
      if (error instanceof SolverEnded) return { ...estimated, ended: error.message };
      throw error;
    }
  }
  if (method === 'least-squares') return estimated;
  if (examples.some(({ stored, lossy }) => stored && lossy)) {
    // Taps that come out as short numbers are the very ones. Others leave a little more error than least squares, whose taps are too small.
    const coded = jpegTaps(examples, shape);
    if (coded === undefined) return estimated;
    const { taps, outside } = coded;
    if (taps === undefined) return { ...estimated, outside };
    const shrunk = taps.unknowns.map((value, i) => Math.abs(value - unknowns[0][i]));
    return { ...estimated, unknowns: [taps.unknowns], exact: taps.denominator !== undefined, shrunk, outside };
  }
  if (examples.some(({ clips }) => clips)) return estimated;
  return { ...estimated, unknowns: roundNumbers(momentsUnder(rounding), unknowns) };
}

/** The numbers of a kernel as symmetric as the estimate, or where that cannot be, of any. */
async function feasibleNumbers(
  examples: readonly Example[],
  { shape, free, symmetry }: Solved,
  pause: () => Promise<void>,
): Promise<FeasibleKernel | undefined> {
  const all = free[0].length;
  const likely = symmetry();
  const budget = solverBudget();
  const found = await feasibleKernel(examples, shape, free, pause, likely, budget);
  if ('unknowns' in found) return found;
  const other =
    likely.numbers === all ? found : await feasibleKernel(examples, shape, free, pause, noSymmetry(all), budget);
  return 'unknowns' in other ? other : undefined;
}
