import type { GroupedSums, WindowSize } from './groupedSums.ts';
import { countOf, type Rated, rate, type TapRectangle } from './rate.ts';
import { rectangleOfMany } from './rectangleOfMany.ts';

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
  if (sums.window[0] > SMALL || sums.outputs[0].all.unknowns > MANY) {
    const start = better(await rateOnce(outstandingTaps(sums)), known);
    const found = await rectangleOfMany(sums, start, pause);
    return sums.window[0] > LARGE ? found : withoutTail(found, sums, rateOnce);
  }
  let best = better(await rateOnce(outstandingTaps(sums)), known);
  for (;;) {
    let next = best;
    for (const rectangle of neighboursOf(best.rectangle, sums.window)) next = better(next, await rateOnce(rectangle));
    if (next === best) return withoutTail(best, sums, rateOnce);
    best = next;
  }
}

function better(one: Rated, other: Rated | undefined): Rated {
  return other !== undefined && other.score < one.score ? other : one;
}

/** Of windows of more rows or unknowns one rectangle after the other takes too long; and of so many more, a tail is cut on both sides at once. */
const SMALL = 9;
const MANY = 100;
const LARGE = 15;

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
function neighboursOf({ top, left, height, width }: TapRectangle, window: WindowSize): TapRectangle[] {
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
