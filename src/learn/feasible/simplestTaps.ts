import { whiteOf } from '../../planes/planes.ts';
import { biasesBetween } from './biasesBetween.ts';
import { type FeasibleOutput } from './feasibleTaps.ts';
import { scan } from './slacks.ts';
import { tapsOf } from './targets.ts';
import { areNear, haveNeighbours } from './wholeNumbers.ts';

interface SimplestTaps {
  /** Of each output channel. */
  readonly unknowns: readonly Float64Array[];
  /** All taps of all channels are whole numbers over this. */
  readonly denominator: number;
}

/**
 * The simplest taps that keep every interval which the given ones keep: all of them whole numbers over one denominator, which is
 * a power of 2 or of 10 where there is one (integers, n/256, decimals of few digits), else any up to 2048 (n/sum), else a larger
 * power of 2 or of 10. A bias is the shortest number that goes with them, in units of white or in levels.
 *
 * @param outputs with taps that are feasible
 * @param pause awaited between parts of the work
 * @returns nothing where no such taps keep every interval, or others as short would do as well: then the pictures do not tell
 */
export async function simplestTaps(
  outputs: readonly FeasibleOutput[],
  pause: () => Promise<void>,
): Promise<SimplestTaps | undefined> {
  let tried = 0;
  for (const [place, denominator] of DENOMINATORS.entries()) {
    const candidates = outputs.map((output) => snapped(output, denominator));
    if (!candidates.every((values) => values !== undefined)) continue;
    // Where there is room for steps as long as these, there is for shorter ones.
    if (haveNeighbours(outputs, candidates, denominator)) return undefined;
    if (!areNear(outputs, candidates, denominator, place + 1)) continue;
    const unknowns: Float64Array[] = [];
    for (const [o, output] of outputs.entries()) {
      const kept = await keeping(output, candidates[o], pause);
      if (kept === undefined) break;
      unknowns.push(kept);
    }
    if (unknowns.length === outputs.length) return { unknowns, denominator };
    if (++tried === MOST_TRIED) break;
  }
  return undefined;
}

const DENOMINATORS: readonly number[] = denominators();

/** The program's rows are the tightest of the windows: what they let pass fails in others so seldom that more would not help. */
const MOST_TRIED = 20;

function denominators(): number[] {
  const powers = (base: number, from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => base ** (from + i));
  const short = [...powers(2, 0, 10), ...powers(10, 1, 3)].sort((a, b) => a - b);
  const any = Array.from({ length: 2048 }, (_, i) => i + 1).filter((n) => !short.includes(n));
  const long = [...powers(2, 12, 16), ...powers(10, 4, 7)].sort((a, b) => a - b);
  return [...short, ...any, ...long];
}

/** The taps as whole numbers over the denominator, and a bias where one is learned, if they keep the program's rows. */
function snapped({ slacks, found }: FeasibleOutput, denominator: number): Float64Array | undefined {
  const taps = tapsOf(slacks.shape);
  // Added to −0, 0 makes 0 of it.
  const over = (value: number): number => Math.round(value * denominator) / denominator + 0;
  const values = found.unknowns.map((value, i) => (i < taps ? over(value) : value));
  const range = biasesBetween(slacks, found, values);
  if (range === undefined) return undefined;
  if (slacks.shape.bias) values[taps] = Math.min(Math.max(values[taps], range[0]), range[1]);
  return values;
}

/** The taps, with the shortest bias where one is learned, if they keep every interval. */
async function keeping(
  { slacks, found: { tolerated } }: FeasibleOutput,
  values: Float64Array,
  pause: () => Promise<void>,
): Promise<Float64Array | undefined> {
  const { outside, room } = await scan(slacks, values, { tolerated, pause });
  if (!slacks.shape.bias) return outside > 0 ? undefined : values;
  const taps = tapsOf(slacks.shape);
  const white = whiteOf(slacks.targets[0].after);
  const least = values[taps] - room[0] - tolerated / white;
  const most = values[taps] + room[1] + tolerated / white;
  if (least > most) return undefined;
  const kept = values.slice();
  kept[taps] = shortestBetween([least, most], white, slacks.reach[0] === 0);
  return kept;
}

/**
 * 0 where that goes; else the number with the smallest denominator in units of white or, where shorter, in levels, but for those
 * at the ends, where a response would be rounded either way (at the lower end of truncation only one way); the middle where none
 * is short.
 */
function shortestBetween([least, most]: readonly [number, number], white: number, truncated: boolean): number {
  if (least <= 0 && most >= 0) return 0;
  const margin = (most - least) / 10;
  for (const unit of biasUnits(white)) {
    const first = Math.ceil((truncated ? least : least + margin) * unit);
    const last = Math.floor((most - margin) * unit);
    if (first <= last) return (first > 0 ? first : last) / unit;
  }
  return (least + most) / 2;
}

/** Of what a bias is a whole number, shortest first: shares of white, levels, and parts of them. */
function biasUnits(white: number): readonly number[] {
  return [1, 2, 10, white, 100, 2 * white, 1000, 10_000, 10 * white, 100 * white];
}

/** How far down the list of short numbers a bias stands: 0 for none at all. */
export function lengthOfBias(bias: number, white: number): number {
  if (bias === 0) return 0;
  const units = biasUnits(white);
  const at = units.findIndex((unit) => Math.abs(bias * unit - Math.round(bias * unit)) < 1e-9);
  return 1 + (at === -1 ? units.length : at);
}
