import type { FoundBlur } from '../blur/findBlur.ts';
import { roundingOf } from '../diagnosis/order.ts';
import type { ChannelSharing } from '../kernelShape.ts';
import { MOST_UNKNOWNS } from '../moments/moments.ts';
import { windowsOf } from '../moments/tiles.ts';
import type { Example } from '../pairs.ts';
import { type GroupedSums, groupedSums, MOST_GROUPS, narrowed } from './groupedSums.ts';
import { areOutOfReach, isOutOfReach } from './outOfReach.ts';
import { type Rated, rate, rateWindow, type TapRectangle } from './rate.ts';
import { smallestRectangle } from './smallestRectangle.ts';

export interface ChosenShape {
  readonly sharing: ChannelSharing;
  /** Counted from the tap on the sample itself: top and left are 0 or less unless the picture was moved. */
  readonly taps: TapRectangle;
  /** Where the taps are those of a blur, or of a mask of one, which need no rectangle. */
  readonly blur?: FoundBlur;
  /** Whether all taps of every window that was looked at leave so much that none of them explains the pairs. */
  readonly isHopeless?: boolean;
}

export interface ShapeChoice {
  /** Rows and columns where they are stated, or known as an after is a valid response; else they are chosen. */
  readonly size?: readonly [rows: number, columns: number];
  /** Where stated, not chosen. */
  readonly sharing?: ChannelSharing;
  /** Looks for a blur where taps reach beyond the first window, all of whose taps leave so much (rms, in units of white). */
  readonly findBlur?: (left: number) => Promise<FoundBlur | undefined>;
}

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
  const sums = await groupedSums(examples, richest, first, pause);
  const search = (own: GroupedSums, known?: Rated): Promise<Rated> | Rated =>
    size === undefined ? smallestRectangle(own, pause, known) : rateWindow(own);
  let chosen = await search(narrowed(sums, sharings[0]));
  for (const sharing of sharings.slice(1)) {
    const own = narrowed(sums, sharing);
    // A richer sharing is searched where it is better by the taps of a poorer one already.
    const same = rate(own, chosen.rectangle);
    if (same.score < chosen.score) chosen = await search(own, same);
    await pause();
  }
  let window = first;
  let isHopeless = size === undefined && areOutOfReach(sums, examples);
  if (size === undefined) {
    const far = touchesEdge(chosen.rectangle, window);
    const rounding = roundingOf(examples);
    const blur = far ? await choice.findBlur?.(rmsOf(sums)) : undefined;
    let least = sums;
    for (const side of sidesFor(examples, chosen.sharing)) {
      if (blur !== undefined && isBlur(blur, least, rounding)) return { ...chosenFrom(chosen, window), blur };
      if (side <= window[0]) continue;
      if (!touchesEdge(chosen.rectangle, window)) break;
      // Where no taps of a wider window explain the pairs, the fewest of them are not worth their time.
      if (isHopeless && (await isOutOfReach(examples, chosen.sharing, [side, side], pause))) {
        if (blur !== undefined && side >= WIDE) return { ...chosenFrom(chosen, window), blur };
        continue;
      }
      isHopeless = false;
      window = [side, side];
      least = await groupedSums(examples, chosen.sharing, window, pause);
      chosen = await smallestRectangle(least, pause);
    }
  }
  return { ...chosenFrom(chosen, window), ...(isHopeless && { isHopeless }) };
}

/** Times what one rounding leaves: nothing is better then. */
const ONE_ROUNDING = 1.15;

/** Whether a blur leaves what one rounding leaves, or no more than all taps of a window that is wide enough to tell. */
function isBlur({ estimate, light }: FoundBlur, sums: GroupedSums, rounding: number): boolean {
  if (light !== undefined || estimate.rms <= ONE_ROUNDING * rounding) return true;
  return sums.window[0] >= WIDE && estimate.rms <= rmsOf(sums);
}

const WIDE = 15;

/** What all taps of a window leave, in units of white. */
function rmsOf({ outputs }: GroupedSums): number {
  const squares = outputs.reduce((sum, { solution }) => sum + solution.squares, 0);
  const samples = outputs.reduce((sum, { solution }) => sum + solution.samples, 0);
  return Math.sqrt(squares / Math.max(1, samples));
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
    8 * unknowns ** 2 * MOST_GROUPS * outputs <= MOST_BYTES &&
    unknowns ** 3 * outputs <= MOST_ELIMINATIONS
  );
}

/** Of one group: products of eliminating all unknowns, times three; some six seconds for the rectangles of a window. */
const MOST_ELIMINATIONS = 1e9;

function touchesEdge({ top, left, height, width }: TapRectangle, window: readonly [number, number]): boolean {
  return top === 0 || left === 0 || top + height === window[0] || left + width === window[1];
}

/** As `same` padding has it, a window's middle is the later of two. */
function chosenFrom({ sharing, rectangle }: Rated, [height, width]: readonly [number, number]): ChosenShape {
  const top = rectangle.top - Math.ceil((height - 1) / 2);
  const left = rectangle.left - Math.ceil((width - 1) / 2);
  return { sharing, taps: { ...rectangle, top, left } };
}
