import { centreOf } from '../notation.ts';
import { fill, mapTaps, type Taps } from '../recipe.ts';
import type { KnownFilter } from './knownFilter.ts';
import { simplify } from './simplify.ts';

/** The taps of one input and one output channel. */
export interface Plane extends Taps {
  readonly values: Float64Array;
  /** How far each tap may be from what it is compared with. */
  readonly tolerance: Float64Array;
}

/** A rectangle of a plane. */
export interface Patch {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** A filter and where in the plane its own centre lies. */
export interface Found extends KnownFilter {
  readonly centre: Centre;
}

export interface Centre {
  readonly row: number;
  readonly column: number;
}

/** The smallest rectangle outside of which all taps are 0. */
export function patchOf({ height, width, values, tolerance }: Plane): Patch | undefined {
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      if (Math.abs(values[at]) <= tolerance[at]) continue;
      top = Math.min(top, row);
      left = Math.min(left, column);
      bottom = row;
      right = Math.max(right, column);
    }
  }
  return bottom === -1 ? undefined : { top, left, height: bottom - top + 1, width: right - left + 1 };
}

export function centreOfPatch({ top, left, height, width }: Patch): Centre {
  return { row: top + centreOf(height), column: left + centreOf(width) };
}

/** The farthest that a patch reaches from a centre, down and across. */
export function reachOf({ top, left, height, width }: Patch, { row, column }: Centre): readonly [number, number] {
  return [Math.max(row - top, top + height - 1 - row), Math.max(column - left, left + width - 1 - column)];
}

/** The patch that is the whole plane. */
export function wholeOf({ height, width }: Plane): Patch {
  return { top: 0, left: 0, height, width };
}

/** Where the largest |tap| is. */
export function peakOf({ values, width }: Plane): Centre {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (Math.abs(values[i]) > Math.abs(values[at])) at = i;
  return { row: Math.floor(at / width), column: at % width };
}

/** Whether a plane's taps are those of a candidate, its centre laid on the given one; taps outside of either are 0. */
export function matches(plane: Plane, candidate: Taps, { row, column }: Centre): boolean {
  const top = row - centreOf(candidate.height);
  const left = column - centreOf(candidate.width);
  for (let r = 0; r < plane.height; r++) {
    for (let c = 0; c < plane.width; c++) {
      const at = r * plane.width + c;
      if (!(Math.abs(plane.values[at] - tapAt(candidate, r - top, c - left)) <= plane.tolerance[at])) return false;
    }
  }
  const inside = (r: number, c: number): boolean => r >= 0 && c >= 0 && r < plane.height && c < plane.width;
  // What was not looked for is 0 to within what the tap at the plane's middle is known to.
  const outside = plane.tolerance[centreOf(plane.height) * plane.width + centreOf(plane.width)];
  for (let r = 0; r < candidate.height; r++) {
    for (let c = 0; c < candidate.width; c++) {
      if (!inside(top + r, left + c) && Math.abs(tapAt(candidate, r, c)) > outside) return false;
    }
  }
  return true;
}

/** 0 outside. */
export function tapAt({ height, width, values }: Taps, row: number, column: number): number {
  return row >= 0 && column >= 0 && row < height && column < width ? values[row * width + column] : 0;
}

export function timesTaps(taps: Taps, by: number): Taps {
  return mapTaps(taps, (tap) => by * tap);
}

/** The taps around a centre, as far as stated to both sides. */
export function around(plane: Taps, { row, column }: Centre, down: number, across: number): Taps {
  const height = 2 * down + 1;
  const width = 2 * across + 1;
  const values = new Float64Array(height * width);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) values[r * width + c] = tapAt(plane, row - down + r, column - across + c);
  }
  return { height, width, values };
}

/** What a candidate's taps are to be multiplied by to give the plane's; undefined where no factor does. */
export function scaleOf(plane: Plane, candidate: Taps, centre: Centre): number | undefined {
  const top = centre.row - centreOf(candidate.height);
  const left = centre.column - centreOf(candidate.width);
  const own = fill(candidate.height, candidate.width, (r, c) => tapAt(plane, top + r, left + c));
  const factor = factorOf(candidate.values, own.values);
  if (factor === 0) return undefined;
  return simplify([factor], ([by]) => matches(plane, timesTaps(candidate, by), centre))?.[0];
}

/** The factor by which one list comes closest to another in squares; 0 where it is all zeros. */
export function factorOf(of: ArrayLike<number>, to: ArrayLike<number>): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < of.length; i++) {
    product += of[i] * to[i];
    square += of[i] * of[i];
  }
  return square === 0 ? 0 : product / square;
}

/** Σ (to − factor·of)². */
export function distanceOf(of: ArrayLike<number>, to: ArrayLike<number>, factor: number): number {
  let sum = 0;
  for (let i = 0; i < of.length; i++) sum += (to[i] - factor * of[i]) ** 2;
  return sum;
}
