import { whiteOf } from '../../planes/planes.ts';
import { type Rounding, ROUNDINGS } from '../../planes/samples.ts';
import type { KernelShape } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';
import { type Feasible, feasibleTaps } from './feasibleTaps.ts';
import { type FeasibleOutput } from './feasibleTaps.ts';
import { lengthOfBias, simplestTaps } from './simplestTaps.ts';
import { type Budget, solverBudget, SolverEnded } from './slackProgram.ts';
import { slacksFrom } from './slacks.ts';
import { averaged, noSymmetry, type Symmetry } from './symmetry.ts';
import { tapsOf, targetsOf } from './targets.ts';

/** Taps whose responses are rounded to the afters' samples, for a whole kernel. */
export interface FeasibleKernel {
  /** Of each output channel, in the order of the moments' unknowns; with a bias where the shape has one. */
  readonly unknowns: readonly Float64Array[];
  /** Under which they are feasible. Where they are under both, `nearest`; what the pictures tell is up to the samples reproduced. */
  readonly rounding: Rounding;
  /** All taps are whole numbers over this; absent where no short numbers are sure. */
  readonly denominator?: number;
  /** The least distance of a response to the ends of its interval before taps were made short, in levels; below 0 only by what is tolerated. */
  readonly slack: number;
}

/** Why there is no such kernel. */
interface Infeasible {
  /** How far outside its interval the worst response stays at the least, in levels, under each rounding. */
  readonly miss: Readonly<Record<Rounding, number>>;
}

/**
 * The simplest kernel, or where none is simple the one in the middle of all, that gives the afters under one of the roundings.
 * Tried in turn: no bias, then one where the shape has it; of two roundings that go, the one with the shorter numbers.
 *
 * @param examples with afters of whole samples from 0 to white, none of them lossy
 * @param start of each output channel, the taps to start from, such as those of least squares, and a bias, learned or not
 * (truncation is one of half a level to least squares)
 * @param symmetry unknowns that are one number, biases included
 * @param budget of all linear programs; several searches may share one
 * @throws SolverEnded where that cannot be found out
 */
export async function feasibleKernel(
  examples: readonly Example[],
  shape: KernelShape,
  start: readonly Float64Array[],
  pause: () => Promise<void>,
  symmetry: Symmetry = noSymmetry(start[0].length),
  budget: Budget = solverBudget(),
): Promise<FeasibleKernel | Infeasible> {
  const miss = { nearest: 0, truncate: 0 };
  if (symmetry.numbers > MOST_NUMBERS) {
    throw new SolverEnded(
      `its ${symmetry.numbers} numbers are more than the ${MOST_NUMBERS} that linear programs are tried with`,
    );
  }
  for (const bias of shape.bias ? [false, true] : [false]) {
    const found: FeasibleKernel[] = [];
    for (const rounding of ROUNDINGS) {
      const outputs = await outputsOf(examples, { ...shape, bias }, start, rounding, { budget, symmetry, pause });
      miss[rounding] = Math.max(0, ...outputs.map((output) => -output.found.bound));
      if (outputs.every((output) => output.found.feasible)) {
        const slack = Math.min(...outputs.map((output) => output.found.slack));
        found.push({ rounding, slack, ...(await simplified(outputs, { budget, symmetry, pause })) });
      }
    }
    if (found.length === 0) continue;
    const white = whiteOf(examples[0].after);
    const biasAt = bias ? tapsOf(shape) : undefined;
    const [best] = found.toSorted((a, b) => lengthOf(a, biasAt, white) - lengthOf(b, biasAt, white));
    return shape.bias && !bias ? { ...best, unknowns: best.unknowns.map((taps) => Float64Array.of(...taps, 0)) } : best;
  }
  return { miss };
}

/** More numbers take a linear program minutes. */
const MOST_NUMBERS = 160;

interface Search {
  readonly budget: Budget;
  readonly symmetry: Symmetry;
  readonly pause: () => Promise<void>;
}

/** With or without the bias, which is the last unknown. */
function ofLength({ numbers, of }: Symmetry, length: number): Symmetry {
  return length === of.length ? { numbers, of } : { numbers: numbers - 1, of: of.subarray(0, length) };
}

/** The feasible taps of every output channel; no more of them once one has none. */
async function outputsOf(
  examples: readonly Example[],
  shape: KernelShape,
  start: readonly Float64Array[],
  rounding: Rounding,
  { budget, symmetry, pause }: Search,
): Promise<FeasibleOutput[]> {
  const taps = tapsOf(shape);
  const outputs: FeasibleOutput[] = [];
  for (let o = 0; o < shape.outChannels; o++) {
    const from = averaged(start[o], symmetry).slice(0, taps + (shape.bias ? 1 : 0));
    if (shape.bias && rounding === 'truncate') from[taps] += 0.5 / whiteOf(examples[0].after);
    const slacks = await slacksFrom(targetsOf(examples, shape, o), shape, from, rounding, pause);
    const found = await feasibleTaps(slacks, { budget, pause, symmetry: ofLength(symmetry, from.length) });
    outputs.push({ slacks, found });
    if (!found.feasible) break;
  }
  return outputs;
}

/** The simplest taps; where none are, the ones that were found, with 0 for the faintest if the rest can do without. */
async function simplified(
  outputs: readonly FeasibleOutput[],
  search: Search,
): Promise<Pick<FeasibleKernel, 'unknowns' | 'denominator'>> {
  const simple = await simplestTaps(outputs, search.pause);
  if (simple !== undefined) return simple;
  const without = await withoutFaint(outputs, search);
  if (without === undefined) return { unknowns: outputs.map(({ found }) => found.unknowns) };
  return (await simplestTaps(without, search.pause)) ?? { unknowns: without.map(({ found }) => found.unknowns) };
}

/** A tap below this share of the largest may be 0. */
const FAINT = 1e-3;

/** The outputs solved again with 0 for their faint taps, if there are such and the rest keeps every interval without them. */
async function withoutFaint(
  outputs: readonly FeasibleOutput[],
  { budget, symmetry, pause }: Search,
): Promise<FeasibleOutput[] | undefined> {
  const solved: FeasibleOutput[] = [];
  let faint = 0;
  for (const { slacks, found } of outputs) {
    const taps = tapsOf(slacks.shape);
    const largest = found.unknowns.subarray(0, taps).reduce((most, tap) => Math.max(most, Math.abs(tap)), 0);
    const zeros = Array.from(found.unknowns, (tap, i) => i < taps && Math.abs(tap) < FAINT * largest);
    faint += zeros.filter(Boolean).length;
    const again: Feasible = zeros.includes(true)
      ? await feasibleTaps(slacks, { budget, pause, symmetry: ofLength(symmetry, zeros.length) }, zeros)
      : found;
    if (!again.feasible) return undefined;
    solved.push({ slacks, found: again });
  }
  return faint === 0 ? undefined : solved;
}

/** Of two kernels that with the smaller length is the likelier: first by its biases, then by its taps. */
function lengthOf(
  { unknowns, denominator = LONGEST }: FeasibleKernel,
  biasAt: number | undefined,
  white: number,
): number {
  const biases = biasAt === undefined ? [0] : unknowns.map((values) => lengthOfBias(values[biasAt], white));
  return Math.max(...biases) * 2 * LONGEST + denominator;
}

/** Beyond every denominator that is tried. */
const LONGEST = 1e8;
