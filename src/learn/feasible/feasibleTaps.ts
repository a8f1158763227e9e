import { whiteOf } from '../../planes/planes.ts';
import { type Budget, type Row, type SlackProgram, slackProgram, solverBudget } from './slackProgram.ts';
import { scan, type Slacks, type TightWindow } from './slacks.ts';
import { noSymmetry, type Symmetry } from './symmetry.ts';
import { coefficientsOf, tapsOf } from './targets.ts';

/** Taps of one output channel whose responses are rounded to the afters' samples. */
export interface Feasible {
  /** In the order of the moments' unknowns. */
  readonly unknowns: Float64Array;
  /** Whether every response is inside its interval, but for what is tolerated. */
  readonly feasible: boolean;
  /** The least distance of a response to the ends of its interval, in levels of the after; below 0 outside. */
  readonly slack: number;
  /** No unknowns have more slack than this. */
  readonly bound: number;
  /** How far outside its interval a response may be, in levels. */
  readonly tolerated: number;
  /** The windows that hold the unknowns where they are, and what each demands. */
  readonly rows: readonly Row[];
  /** Linear programs that were solved. */
  readonly rounds: number;
}

interface FeasibleOptions {
  /** Awaited between parts of the work. */
  readonly pause: () => Promise<void>;
  /** Of all programs of a kernel. */
  readonly budget?: Budget;
  /** Unknowns that are one number, and begin as one; by default, each is its own. */
  readonly symmetry?: Symmetry;
}

/** The slack that a linear program's answer may lack of the best, in levels. */
const EXACT = 1e-6;

/** More are needed where nothing but rounding tells the taps apart; the best so far is returned then. */
const MOST_ROUNDS = 60;

/**
 * The unknowns whose responses stay farthest inside the intervals of rounding: a linear program over the windows that matter.
 * Those are found by cutting planes: the windows that are worst under the last answer are added, until none is worse than the
 * program says. Its slack is then the best that any unknowns have, and where that is below 0 no linear filter gives the afters.
 *
 * @param slacks of the unknowns to start from, such as those of least squares
 * @param zeros which unknowns are 0
 */
export async function feasibleTaps(
  slacks: Slacks,
  { pause, budget = solverBudget(), symmetry = noSymmetry(slacks.start.length) }: FeasibleOptions,
  zeros: readonly boolean[] = [],
): Promise<Feasible> {
  const white = whiteOf(slacks.targets[0].after);
  const fixed = new Array<number | undefined>(symmetry.numbers).fill(undefined);
  slacks.start.forEach((value, i) => {
    if (zeros[i]) fixed[symmetry.of[i]] = -value * white;
  });
  const most = (slacks.reach[0] + slacks.reach[1]) / 2;
  const program = await slackProgram(fixed, most, budget);
  try {
    return await cut(slacks, program, most, symmetry, zeros, pause);
  } finally {
    program.dispose();
  }
}

async function cut(
  slacks: Slacks,
  program: SlackProgram,
  most: number,
  symmetry: Symmetry,
  zeros: readonly boolean[],
  pause: () => Promise<void>,
): Promise<Feasible> {
  const rows: Row[] = [];
  const known = new Set<string>();
  const batch = Math.max(LEAST_BATCH, 4 * slacks.start.length);
  let unknowns = slacks.start.map((value, i) => (zeros[i] ? 0 : value));
  let bound = most;
  let best = { unknowns, slack: Number.NEGATIVE_INFINITY };
  for (let rounds = 0; ; rounds++) {
    const tolerated = toleranceOf(slacks, unknowns, bound);
    const { least, windows } = await scan(slacks, unknowns, {
      tolerated,
      // In the first round whatever is worst, as rows are what tells how far the unknowns can go.
      below: rounds === 0 ? Number.POSITIVE_INFINITY : bound - EXACT,
      most: known.size + batch,
      pause,
    });
    if (least > best.slack) best = { unknowns, slack: least };
    const fresh = windows.filter((window) => !known.has(keyOf(window))).slice(0, batch);
    if (fresh.length === 0 || bound < -tolerated || rounds === MOST_ROUNDS) {
      const allowed = toleranceOf(slacks, best.unknowns, bound);
      return { ...best, bound, feasible: best.slack >= -allowed, tolerated: allowed, rows, rounds };
    }
    const added = fresh.flatMap((window) => rowsOf(slacks, window));
    for (const window of fresh) known.add(keyOf(window));
    rows.push(...added);
    program.add(added.map((row) => tied(row, symmetry)));
    await pause();
    const answer = await program.solve(pause);
    bound = answer.slack;
    unknowns = moved(slacks, symmetry, answer.unknowns).map((value, i) => (zeros[i] ? 0 : value));
  }
}

/** Windows that are added at a time. */
const LEAST_BATCH = 300;

function keyOf({ target, row, column }: TightWindow): string {
  return `${target} ${row} ${column}`;
}

/**
 * What other programs' arithmetic may be off, in levels: Float32 by a few units in the last place of the largest partial sum,
 * and a result that is rounded to 16 bits before it is to 8 by half of 1/257; the latter only where nothing fits without.
 */
function toleranceOf({ targets, shape }: Slacks, unknowns: Float64Array, bound: number): number {
  const white = whiteOf(targets[0].after);
  const sum = unknowns.subarray(0, tapsOf(shape)).reduce((total, tap) => total + Math.abs(tap), 0);
  const arithmetic = white * Math.max(1, sum) * 2 ** -22;
  return bound >= -arithmetic ? arithmetic : arithmetic + 1 / 512;
}

/** Both ends of a window's interval, where it has two: distances from the starting unknowns, in levels, are the program's unknowns. */
function rowsOf({ targets, shape, residuals, reach }: Slacks, { target: t, row, column }: TightWindow): Row[] {
  const target = targets[t];
  const { after, clips, origin, width } = target;
  const sample = after.data[(row + origin[0]) * after.width + column + origin[1]];
  const residual = residuals[t].data[row * width + column];
  const scale = whiteOf(after) / whiteOf(targets[0].after);
  const coefficients = coefficientsOf(target, shape, row, column).map((c) => c * scale);
  const rows: Row[] = [];
  if (!clips || sample < whiteOf(after)) rows.push({ coefficients, bound: residual + reach[1] });
  if (!clips || sample > 0) rows.push({ coefficients: coefficients.map((c) => -c), bound: reach[0] - residual });
  return rows;
}

/** The row of numbers that stand for several unknowns each. */
function tied({ coefficients, bound }: Row, { numbers, of }: Symmetry): Row {
  const sums = new Float64Array(numbers);
  coefficients.forEach((coefficient, i) => (sums[of[i]] += coefficient));
  return { coefficients: sums, bound };
}

function moved({ start, targets }: Slacks, { of }: Symmetry, by: Float64Array): Float64Array {
  const white = whiteOf(targets[0].after);
  return start.map((value, i) => value + by[of[i]] / white);
}

/** One output channel of a kernel: its windows, and taps that keep their intervals. */
export interface FeasibleOutput {
  readonly slacks: Slacks;
  readonly found: Feasible;
}
