import { whiteOf } from '../planes/planes.ts';
import { heldOutError } from './heldOut.ts';
import type { ChannelSharing, KernelShape } from './kernelShape.ts';
import { leastSquares, type Solution } from './leastSquares.ts';
import { allClipped, MOST_UNKNOWNS, type Moments, momentsOfTiles } from './moments.ts';
import type { Example } from './pairs.ts';
import { addMoments, selectUnknowns } from './partsOfMoments.ts';
import { groupsOfTiles, windowsOf } from './tiles.ts';

/** A rectangle of taps; `top` and `left` count from the tap on the sample itself, and are 0 or less unless the picture was moved. */
export interface TapRectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

export interface ChosenShape {
  readonly sharing: ChannelSharing;
  readonly taps: TapRectangle;
}

export interface ShapeChoice {
  /** Rows and columns where they are stated, or known as an after is a valid response; else they are chosen. */
  readonly size?: readonly [rows: number, columns: number];
  /** Where stated, not chosen. */
  readonly sharing?: ChannelSharing;
}

/** Groups of windows, each judged by what is learned from the others; and where so many unknowns are to be solved for each. */
const GROUPS = 8;
const GROUPS_OF_MANY = 4;
const MANY_UNKNOWNS = 512;

/** Windows that a choice is made from, of all pairs together: 2 megapixels tell taps of some 1e-4 from 0. */
const MOST_WINDOWS = 2 ** 21;

/** Products that are summed for windows by themselves where samples are clipped, a group and an output channel. */
const MOST_PRODUCTS = 2 ** 28;

/** Sides of the windows that taps are looked for in; the next one where they reach the edge of one. */
const SIDES: readonly number[] = [9, 15, 31];

/** Of the sums of all groups and channels. */
const MOST_BYTES = 2 ** 28;

/**
 * The fewest taps that explain the pairs: the smallest rectangle, anywhere within 31×31 taps around the sample (15×15 where
 * channels mix, fewer for small pictures), and whether channels share a kernel, have their own, or mix.
 *
 * Rectangles are compared by Schwarz's criterion (BIC), n·ln(error) + unknowns·ln(n), where the error is over windows that the
 * taps were not fitted to. A bias is fitted along with all of them, so that a program that truncates does not seem to have more
 * taps. Where the errors exceed what rounding to stored samples leaves, they are taken to hang together (a coder's blocks, or a
 * filter that is none), and a smaller gain is not worth a tap.
 *
 * @param pause awaited now and then
 * @throws ExpectationError where every sample is clipped
 */
export async function chooseShape(
  examples: readonly Example[],
  choice: ShapeChoice,
  pause: () => Promise<void>,
): Promise<ChosenShape> {
  const wanted = sharingsFor(examples[0], choice);
  const { size } = choice;
  const sharings =
    size === undefined ? wanted : wanted.filter((one, i) => i === 0 || isAffordable(examples, one, size));
  const richest = sharings[sharings.length - 1];
  const sides = sidesFor(examples, richest);
  const first = size ?? ([sides[0], sides[0]] as const);
  const sums = await sumsFor(examples, richest, first, pause);
  let chosen = searched(narrowed(sums, sharings[0]), size);
  for (const sharing of sharings.slice(1)) {
    await pause();
    const own = narrowed(sums, sharing);
    // A richer sharing is searched where it is better by the taps of a poorer one already.
    const same = judge(own)(chosen.rectangle);
    if (same.score < chosen.score) chosen = searched(own, size, same);
  }
  let window = first;
  if (size === undefined) {
    for (const side of sidesFor(examples, chosen.sharing)) {
      if (side <= window[0]) continue;
      if (!touchesEdge(chosen.rectangle, window)) break;
      window = [side, side];
      chosen = smallestRectangle(await sumsFor(examples, chosen.sharing, window, pause));
      await pause();
    }
  }
  return chosenFrom(chosen, window);
}

/** From the fewest taps to the most. */
function sharingsFor({ before, after }: Example, { sharing }: ShapeChoice): readonly ChannelSharing[] {
  if (sharing !== undefined) return [sharing];
  if (before.channels !== after.channels) return ['full'];
  return before.channels === 1 ? ['shared'] : ['shared', 'per-channel', 'full'];
}

/** Windows there must be for an unknown. */
const WINDOWS_PER_UNKNOWN = 2;

/** The sides that the pictures have windows enough for. */
function sidesFor(examples: readonly Example[], sharing: ChannelSharing): number[] {
  const fitting = new Set(
    SIDES.map((side) => {
      let fits = side;
      while (fits > 1 && !isAffordable(examples, sharing, [fits, fits])) fits -= 2;
      return fits;
    }),
  );
  return [...fitting];
}

function isAffordable(
  examples: readonly Example[],
  sharing: ChannelSharing,
  [height, width]: readonly [number, number],
): boolean {
  const { before, after } = examples[0];
  const unknowns = height * width * (sharing === 'full' ? before.channels : 1) + 1;
  const windows = examples.reduce((sum, example) => {
    const all = windowsOf(example, { height, width });
    return sum + all.height * all.width;
  }, 0);
  const outputs = sharing === 'shared' ? 1 : after.channels;
  return (
    unknowns <= MOST_UNKNOWNS &&
    windows >= WINDOWS_PER_UNKNOWN * unknowns &&
    8 * unknowns ** 2 * GROUPS * outputs <= MOST_BYTES
  );
}

/** Moments of each output channel, with a bias, group by group and of all groups. */
interface GroupedSums {
  readonly sharing: ChannelSharing;
  readonly window: Window;
  /** Input channels of an output. */
  readonly inputs: number;
  readonly outputs: readonly Grouped[];
  /** What a squared error is that is as good as none. */
  readonly floor: number;
  /** Samples whose errors tell something of their own. */
  readonly samples: number;
}

interface Grouped {
  readonly groups: readonly Moments[];
  readonly all: Moments;
  /** By all taps of the window, over all groups. */
  readonly solution: Solution;
}

type Window = readonly [height: number, width: number];

async function sumsFor(
  examples: readonly Example[],
  sharing: ChannelSharing,
  window: Window,
  pause: () => Promise<void>,
): Promise<GroupedSums> {
  const { before, after } = examples[0];
  const outChannels = sharing === 'shared' ? 1 : after.channels;
  const inputs = sharing === 'full' ? before.channels : 1;
  const shape: KernelShape = {
    sharing,
    outChannels,
    inChannels: inputs,
    height: window[0],
    width: window[1],
    groups: sharing === 'per-channel' ? before.channels : 1,
    bias: true,
  };
  const groups: Moments[][] = [];
  const unknowns = inputs * window[0] * window[1];
  const count = unknowns < MANY_UNKNOWNS ? GROUPS : GROUPS_OF_MANY;
  for (const tiles of groupsOfTiles(examples, shape, count, MOST_WINDOWS)) {
    groups.push(await momentsOfTiles(tiles, shape, pause, MOST_PRODUCTS));
  }
  const outputs = Array.from({ length: outChannels }, (_, o) => groupedOf(groups.map((group) => group[o])));
  return { sharing, window, inputs, outputs, ...noiseOf(outputs, examples) };
}

/** Errors beyond this many times what rounding leaves are not rounding's alone. */
const EXCESS = 1.5;

/** Samples whose errors are taken to hang together then: JPEG and its kin code blocks of 8×8. */
const TOGETHER = 64;

/** The error is as good as none below this share of the samples' squares, as sums are rounded too; */
const NOTHING = 1e-12;

/** or below this share of what rounding leaves. */
const EXACT = 1e-3;

function noiseOf(outputs: readonly Grouped[], examples: readonly Example[]): Pick<GroupedSums, 'floor' | 'samples'> {
  let [squares, energy, samples] = [0, 0, 0];
  for (const { all, solution } of outputs) {
    squares += solution.squares;
    energy += all.energy;
    samples += all.samples;
  }
  const rounding = samples * Math.max(...examples.map(roundingVariance));
  const floor = Math.max(NOTHING * energy, EXACT * rounding, Number.MIN_VALUE);
  return { floor, samples: squares > Math.max(EXCESS * rounding, floor) ? samples / TOGETHER : samples };
}

/** Rounding moves a sample by −½ to ½ steps, all as likely: 1/12 of a step squared. */
function roundingVariance({ after, clips }: Example): number {
  return clips ? 1 / (12 * whiteOf(after) ** 2) : 0;
}

function groupedOf(groups: readonly Moments[]): Grouped {
  const all = addMoments(groups);
  if (all.samples === 0) throw allClipped(all.clipped);
  return { groups, all, solution: leastSquares(all, { bias: true }) };
}

/** The sums of channels that do not mix, or share a kernel, out of those of channels that may mix. */
function narrowed(sums: GroupedSums, sharing: ChannelSharing): GroupedSums {
  if (sharing === sums.sharing) return sums;
  const taps = (sums.outputs[0].all.unknowns - 1) / sums.inputs;
  const own = sums.outputs.map(({ groups }, o) => {
    const indices = [...Array.from({ length: taps }, (_, i) => o * taps + i), sums.inputs * taps];
    return groups.map((group) => selectUnknowns(group, indices));
  });
  const outputs =
    sharing === 'shared'
      ? [groupedOf(own[0].map((_, group) => addMoments(own.map((groups) => groups[group]))))]
      : own.map(groupedOf);
  return { ...sums, sharing, inputs: 1, outputs };
}

/** Here from the window's top left corner. */
type Rectangle = TapRectangle;

interface Best {
  readonly sharing: ChannelSharing;
  readonly rectangle: Rectangle;
  readonly score: number;
}

function better(one: Best, other: Best): Best {
  return other.score < one.score ? other : one;
}

/** The rectangle of the stated size, or the smallest that explains the samples, no worse than one that is known. */
function searched(sums: GroupedSums, size: Window | undefined, known?: Best): Best {
  if (size === undefined) return smallestRectangle(sums, known);
  return judge(sums)({ top: 0, left: 0, height: size[0], width: size[1] });
}

/** Scores of rectangles, each worked out once. */
function judge(sums: GroupedSums): (rectangle: Rectangle) => Best {
  const scores = new Map<string, number>();
  return (rectangle) => {
    const { top, left, height, width } = rectangle;
    const key = [top, left, height, width].join();
    const score = scores.get(key) ?? scoreOf(sums, rectangle);
    scores.set(key, score);
    return { sharing: sums.sharing, rectangle, score };
  };
}

/**
 * From the rectangle around the taps that stand out of the noise, one row or column at a time is taken away or added while that
 * betters the score.
 */
function smallestRectangle(sums: GroupedSums, known?: Best): Best {
  const judged = judge(sums);
  let best = judged(outstandingTaps(sums));
  if (known !== undefined) best = better(best, known);
  for (;;) {
    const next = neighboursOf(best.rectangle, sums.window).map(judged).reduce(better, best);
    if (next === best) return withoutTail(best, sums, judged);
    best = next;
  }
}

/** How many times the price of taps their gain must be where they lie farther out on one side than on the other. */
const TAIL = 4;

/**
 * Where a row or column is found on one side alone and hardly stands out, it is the tail of a kernel that fades (a Gaussian) and
 * may as well be found on the other: neither is kept.
 */
function withoutTail(best: Best, sums: GroupedSums, judged: (rectangle: Rectangle) => Best): Best {
  const { top, left, height, width } = best.rectangle;
  const bottom = sums.window[0] - top - height;
  const right = sums.window[1] - left - width;
  const shorter = [
    ...(bottom === top + 1 ? [{ top: top + 1, left, height: height - 1, width }] : []),
    ...(top === bottom + 1 ? [{ top, left, height: height - 1, width }] : []),
    ...(right === left + 1 ? [{ top, left: left + 1, height, width: width - 1 }] : []),
    ...(left === right + 1 ? [{ top, left, height, width: width - 1 }] : []),
  ].filter((r) => r.height > 0 && r.width > 0);
  const price = (r: Rectangle): number =>
    sums.outputs.length * sums.inputs * r.height * r.width * Math.log(sums.samples);
  for (const rectangle of shorter) {
    const other = judged(rectangle);
    if (other.score - best.score < (TAIL - 1) * (price(best.rectangle) - price(rectangle))) {
      return withoutTail(other, sums, judged);
    }
  }
  return best;
}

/** Standard errors that a tap is away from 0 where it stands out. */
const OUTSTANDING = 4;

function outstandingTaps(sums: GroupedSums): Rectangle {
  const [height, width] = sums.window;
  const taps = height * width;
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (const { solution } of sums.outputs) {
    const { unknowns, standardErrors } = solution;
    for (let i = 0; i < sums.inputs * taps; i++) {
      if (!(Math.abs(unknowns[i]) > OUTSTANDING * standardErrors[i])) continue;
      const row = Math.floor((i % taps) / width);
      const column = i % width;
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
      left = Math.min(left, column);
      right = Math.max(right, column);
    }
  }
  if (bottom < 0) return { top: (height - 1) / 2, left: (width - 1) / 2, height: 1, width: 1 };
  return { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** One row or column fewer, or one more within the window, at each side. */
function neighboursOf({ top, left, height, width }: Rectangle, window: Window): Rectangle[] {
  return [
    { top: top + 1, left, height: height - 1, width },
    { top, left, height: height - 1, width },
    { top, left: left + 1, height, width: width - 1 },
    { top, left, height, width: width - 1 },
    { top: top - 1, left, height: height + 1, width },
    { top, left, height: height + 1, width },
    { top, left: left - 1, height, width: width + 1 },
    { top, left, height, width: width + 1 },
  ].filter(
    (r) =>
      r.height > 0 &&
      r.width > 0 &&
      r.top >= 0 &&
      r.left >= 0 &&
      r.top + r.height <= window[0] &&
      r.left + r.width <= window[1],
  );
}

function scoreOf({ outputs, inputs, floor, samples, window }: GroupedSums, rectangle: Rectangle): number {
  const indices = indicesOf(rectangle, window, inputs);
  const error = outputs.reduce((sum, { groups, all }) => sum + heldOutError(groups, all, indices), 0);
  const count = Math.max(Math.E, samples);
  return count * Math.log(Math.max(error, floor)) + outputs.length * indices.length * Math.log(count);
}

/** The unknowns of a rectangle: its taps of every input channel, and the bias. */
function indicesOf({ top, left, height, width }: Rectangle, window: Window, inputs: number): number[] {
  const taps = window[0] * window[1];
  const indices: number[] = [];
  for (let channel = 0; channel < inputs; channel++) {
    for (let i = 0; i < height * width; i++) {
      indices.push(channel * taps + (top + Math.floor(i / width)) * window[1] + left + (i % width));
    }
  }
  return [...indices, inputs * taps];
}

function touchesEdge({ top, left, height, width }: Rectangle, window: Window): boolean {
  return top === 0 || left === 0 || top + height === window[0] || left + width === window[1];
}

/** As `same` padding has it, a window's middle is the later of two. */
function chosenFrom({ sharing, rectangle }: Best, [height, width]: Window): ChosenShape {
  const top = rectangle.top - Math.ceil((height - 1) / 2);
  const left = rectangle.left - Math.ceil((width - 1) / 2);
  return { sharing, taps: { ...rectangle, top, left } };
}
