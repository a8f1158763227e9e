import type { GroupedSums, WindowSize } from './groupedSums.ts';
import { type Rated, rateNested, type TapRectangle } from './rate.ts';

/** Of so many rows and more, taps are a blur's unless they lie elsewhere. */
const LARGE = 15;

/** How far off the middle outstanding taps may lie, which are the tail of what fades on both sides. */
const NEARLY = 4;

/**
 * The fewest taps that explain the samples, of a window of many: all lengths of one side at a time, as rectangles that hold each other
 * are rated at the price of one. Large kernels are mostly blurs, which lie around the middle: from such a rectangle on, rows and columns
 * come and go on both sides alike.
 *
 * @param pause awaited between sides
 */
export async function rectangleOfMany(sums: GroupedSums, start: Rated, pause: () => Promise<void>): Promise<Rated> {
  const { window } = sums;
  const around = window[0] > LARGE ? centred(start.rectangle, window) : undefined;
  const isCentred = around !== undefined;
  const sides = isCentred ? [heights, widths] : [bottoms, tops, rights, lefts];
  let best: Rated = { ...start, rectangle: around ?? start.rectangle, score: Number.POSITIVE_INFINITY };
  for (let idle = 0, at = 0; idle < sides.length; at++) {
    let next = best;
    for (const one of rateNested(sums, sides[at % sides.length](best.rectangle, window))) {
      if (one.score < next.score) next = one;
    }
    await pause();
    idle = next.rectangle === best.rectangle || isSame(next.rectangle, best.rectangle) ? idle + 1 : 1;
    best = next;
  }
  return best;
}

/** The rectangle, as far to the other side as to the one where it reaches farther; undefined where it lies elsewhere. */
function centred(rectangle: TapRectangle, [height, width]: WindowSize): TapRectangle | undefined {
  const { top, left } = rectangle;
  const bottom = height - top - rectangle.height;
  const right = width - left - rectangle.width;
  if (Math.abs(top - bottom) > NEARLY || Math.abs(left - right) > NEARLY) return undefined;
  const [row, column] = [Math.min(top, bottom), Math.min(left, right)];
  return { top: row, left: column, height: height - 2 * row, width: width - 2 * column };
}

function isSame(a: TapRectangle, b: TapRectangle): boolean {
  return a.top === b.top && a.left === b.left && a.height === b.height && a.width === b.width;
}

type Side = (rectangle: TapRectangle, window: WindowSize) => TapRectangle[];

const heights: Side = (r, [most]) =>
  range(1, most)
    .filter((height) => height % 2 === most % 2)
    .map((height) => ({ ...r, top: (most - height) / 2, height }));

const widths: Side = (r, [, most]) =>
  range(1, most)
    .filter((width) => width % 2 === most % 2)
    .map((width) => ({ ...r, left: (most - width) / 2, width }));

const bottoms: Side = (r, [most]) => range(1, most - r.top).map((height) => ({ ...r, height }));

const rights: Side = (r, [, most]) => range(1, most - r.left).map((width) => ({ ...r, width }));

const tops: Side = (r) =>
  range(1, r.top + r.height).map((height) => ({ ...r, top: r.top + r.height - height, height }));

const lefts: Side = (r) => range(1, r.left + r.width).map((width) => ({ ...r, left: r.left + r.width - width, width }));

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
