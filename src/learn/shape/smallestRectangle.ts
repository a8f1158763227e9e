import type { ChannelSharing } from '../kernelShape.ts';
import { heldOutError } from '../moments/crossValidate.ts';
import type { GroupedSums, Window } from './groupedSums.ts';

/** A rectangle of taps. */
export interface TapRectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** How well a rectangle of a window's taps explains the samples, counted from the window's top left corner. */
export interface Rated {
  readonly sharing: ChannelSharing;
  readonly rectangle: TapRectangle;
  /** Schwarz's criterion: less is better. */
  readonly score: number;
}

/**
 * The fewest taps that explain the samples: from the rectangle around those that stand out of the noise, one row or column at a
 * time is taken away or added while that betters the score.
 *
 * @param pause awaited between rectangles
 * @param known another rectangle to start from, if it is better
 */
export async function smallestRectangle(sums: GroupedSums, pause: () => Promise<void>, known?: Rated): Promise<Rated> {
  const rated = new Map<string, Rated>();
  const rateOnce = async (rectangle: TapRectangle): Promise<Rated> => {
    const { top, left, height, width } = rectangle;
    const key = [top, left, height, width].join();
    const found = rated.get(key) ?? rate(sums, rectangle);
    rated.set(key, found);
    await pause();
    return found;
  };
  const rings = sums.window[0] > LARGE && sums.window[0] === sums.window[1];
  let best = await rateOnce(rings ? centred(outstandingTaps(sums), sums.window) : outstandingTaps(sums));
  if (known !== undefined) best = better(best, known);
  for (;;) {
    let next = best;
    const neighbours = neighboursOf(best.rectangle, sums.window);
    for (const rectangle of rings && isCentred(best.rectangle, sums.window)
      ? pairsOf(best.rectangle, sums.window)
      : neighbours) {
      next = better(next, await rateOnce(rectangle));
    }
    if (next === best) return rings ? best : withoutTail(best, sums, rateOnce);
    best = next;
  }
}

function better(one: Rated, other: Rated): Rated {
  return other.score < one.score ? other : one;
}

/** A window of more rows is for blurs, which lie around its middle: rows and columns are taken away and added in pairs. */
const LARGE = 15;

/** How far off the middle outstanding taps may lie, which are the tail of what fades on both sides. */
const NEARLY = 4;

/** The rectangle, as far to the other side as to the one where it reaches farther. */
function centred(rectangle: TapRectangle, [height, width]: Window): TapRectangle {
  const { top, left } = rectangle;
  const bottom = height - top - rectangle.height;
  const right = width - left - rectangle.width;
  if (Math.abs(top - bottom) > NEARLY || Math.abs(left - right) > NEARLY) return rectangle;
  const [row, column] = [Math.min(top, bottom), Math.min(left, right)];
  return { top: row, left: column, height: height - 2 * row, width: width - 2 * column };
}

function isCentred({ top, left, height, width }: TapRectangle, window: Window): boolean {
  return 2 * top + height === window[0] && 2 * left + width === window[1];
}

/** Two rows or two columns fewer or more, one on either side. */
function pairsOf({ top, left, height, width }: TapRectangle, window: Window): TapRectangle[] {
  return [
    { top: top + 1, left, height: height - 2, width },
    { top, left: left + 1, height, width: width - 2 },
    { top: top - 1, left, height: height + 2, width },
    { top, left: left - 1, height, width: width + 2 },
  ].filter(
    (r) => r.height > 0 && r.width > 0 && r.top >= 0 && r.left >= 0 && r.height <= window[0] && r.width <= window[1],
  );
}

/** How many times the price of taps their gain must be where they lie farther out on one side than on the other. */
const TAIL = 4;

/**
 * Where a row or column is found on one side alone and hardly stands out, it is the tail of a kernel that fades (a Gaussian) and
 * may as well be found on the other: neither is kept.
 */
async function withoutTail(
  best: Rated,
  sums: GroupedSums,
  rateOnce: (rectangle: TapRectangle) => Promise<Rated>,
): Promise<Rated> {
  const { top, left, height, width } = best.rectangle;
  const bottom = sums.window[0] - top - height;
  const right = sums.window[1] - left - width;
  const shorter = [
    ...(bottom === top + 1 ? [{ top: top + 1, left, height: height - 1, width }] : []),
    ...(top === bottom + 1 ? [{ top, left, height: height - 1, width }] : []),
    ...(right === left + 1 ? [{ top, left: left + 1, height, width: width - 1 }] : []),
    ...(left === right + 1 ? [{ top, left, height, width: width - 1 }] : []),
  ].filter((r) => r.height > 0 && r.width > 0);
  for (const rectangle of shorter) {
    const other = await rateOnce(rectangle);
    const taps = sums.outputs.length * sums.inputs * (height * width - rectangle.height * rectangle.width);
    if (other.score - best.score < (TAIL - 1) * taps * Math.log(countOf(sums))) {
      return withoutTail(other, sums, rateOnce);
    }
  }
  return best;
}

/** Standard errors that a tap is away from 0 where it stands out. */
const OUTSTANDING = 4;

function outstandingTaps(sums: GroupedSums): TapRectangle {
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
function neighboursOf({ top, left, height, width }: TapRectangle, window: Window): TapRectangle[] {
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

/** All taps of the window. */
export function rateWindow(sums: GroupedSums): Rated {
  const [height, width] = sums.window;
  return rate(sums, { top: 0, left: 0, height, width });
}

/** One rectangle, by samples that its taps were not fitted to. */
export function rate(sums: GroupedSums, rectangle: TapRectangle): Rated {
  const { sharing, outputs, inputs, floor, window } = sums;
  const indices = indicesOf(rectangle, window, inputs);
  const error = outputs.reduce((sum, { groups, all }) => sum + heldOutError(groups, all, indices), 0);
  const count = countOf(sums);
  const score = count * Math.log(Math.max(error, floor)) + outputs.length * indices.length * Math.log(count);
  return { sharing, rectangle, score };
}

/** At least so many that their logarithm is 1. */
function countOf({ samples }: GroupedSums): number {
  return Math.max(Math.E, samples);
}

/** The unknowns of a rectangle: its taps of every input channel, and the bias. */
function indicesOf({ top, left, height, width }: TapRectangle, window: Window, inputs: number): number[] {
  const taps = window[0] * window[1];
  const indices: number[] = [];
  for (let channel = 0; channel < inputs; channel++) {
    for (let i = 0; i < height * width; i++) {
      indices.push(channel * taps + (top + Math.floor(i / width)) * window[1] + left + (i % width));
    }
  }
  return [...indices, inputs * taps];
}
