import type { ChannelSharing } from '../kernelShape.ts';
import { heldOutError, nestedHeldOutErrors } from '../moments/crossValidate.ts';
import type { GroupedSums, WindowSize } from './groupedSums.ts';

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

/** All taps of the window. */
export function rateWindow(sums: GroupedSums): Rated {
  const [height, width] = sums.window;
  return rate(sums, { top: 0, left: 0, height, width });
}

/** One rectangle, by samples that its taps were not fitted to. */
export function rate(sums: GroupedSums, rectangle: TapRectangle): Rated {
  const indices = [...tapsIn(rectangle, sums), biasOf(sums)];
  const error = sums.outputs.reduce((sum, { groups, all }) => sum + heldOutError(groups, all, indices), 0);
  return rated(sums, rectangle, error, indices.length);
}

/**
 * Rectangles of which each holds the one before it, as {@link rate} rates them one by one: at the price of the largest.
 *
 * @param rectangles from the smallest to the largest
 */
export function rateNested(sums: GroupedSums, rectangles: readonly TapRectangle[]): Rated[] {
  const order = new Set([biasOf(sums)]);
  const counts = rectangles.map((rectangle) => {
    for (const tap of tapsIn(rectangle, sums)) order.add(tap);
    return order.size;
  });
  const errors = counts.map(() => 0);
  for (const { groups, all } of sums.outputs) {
    nestedHeldOutErrors(groups, all, [...order], counts).forEach((error, i) => (errors[i] += error));
  }
  return rectangles.map((rectangle, i) => rated(sums, rectangle, errors[i], counts[i]));
}

function rated(sums: GroupedSums, rectangle: TapRectangle, error: number, unknowns: number): Rated {
  const { sharing, outputs, floor } = sums;
  const count = countOf(sums);
  const score = count * Math.log(Math.max(error, floor)) + outputs.length * unknowns * Math.log(count);
  return { sharing, rectangle, score };
}

/** Samples, at least so many that their logarithm is 1. */
export function countOf({ samples }: GroupedSums): number {
  return Math.max(Math.E, samples);
}

/** Of every input channel. */
function tapsIn({ top, left, height, width }: TapRectangle, { window, inputs }: GroupedSums): number[] {
  const taps = tapsOf(window);
  const indices: number[] = [];
  for (let channel = 0; channel < inputs; channel++) {
    for (let i = 0; i < height * width; i++) {
      indices.push(channel * taps + (top + Math.floor(i / width)) * window[1] + left + (i % width));
    }
  }
  return indices;
}

function biasOf({ window, inputs }: GroupedSums): number {
  return inputs * tapsOf(window);
}

function tapsOf([height, width]: WindowSize): number {
  return height * width;
}
