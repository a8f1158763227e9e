import type { Region } from './region.ts';

/** What was found about a pixel. */
export const MARK = {
  same: 0,
  differs: 1,
  /** Differs in a way that was asked to be passed over. */
  excused: 2,
  ignored: 3,
  /** Lies in one of the two pictures alone. */
  outside: 4,
  /** An edge that the golden does not have; one that it has and the picture has not `differs`. */
  added: 5,
} as const;

/** Whether a pixel of this mark counts as one that differs. */
export function isDifference(mark: number): boolean {
  return mark === MARK.differs || mark === MARK.outside || mark === MARK.added;
}

/** A mark for every pixel of some rows of the union of two pictures, whose top left corners lie on each other. */
export interface Marks {
  readonly height: number;
  readonly width: number;
  /** Where both pictures are. */
  readonly common: { readonly height: number; readonly width: number };
  readonly data: Uint8Array;
}

/** The marks of pixels that are to be ignored or lie in one picture alone; the rest are to be compared. */
export function setMarks(
  { height, width, common, data }: Marks,
  top: number,
  regions: readonly Region[],
  ignored: Uint8Array | undefined,
): void {
  data.fill(MARK.same);
  if (common.width < width) {
    for (let y = 0; y < common.height; y++) data.fill(MARK.outside, y * width + common.width, (y + 1) * width);
  }
  data.fill(MARK.outside, common.height * width);
  for (const { left, top: first, width: across, height: down } of regions) {
    if (left >= width) continue;
    for (let y = Math.max(0, first - top); y < Math.min(height, first + down - top); y++) {
      data.fill(MARK.ignored, y * width + left, y * width + Math.min(width, left + across));
    }
  }
  if (ignored) for (let i = 0; i < ignored.length; i++) if (ignored[i]) data[i] = MARK.ignored;
}

/** Every pixel differs, but for those that are ignored: the pictures' channels have nothing to do with each other. */
export function markAll({ data }: Marks): void {
  for (let i = 0; i < data.length; i++) if (data[i] === MARK.same) data[i] = MARK.differs;
}

/** What was found on all rows so far. */
export interface Found {
  /** Pixels that are not ignored. */
  compared: number;
  /** Pixels that differ, or lie in one picture alone. */
  pixels: number;
  /** The smallest rectangle around them; the right and bottom are the last that belong to it. */
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function nothingFound(): Found {
  return { compared: 0, pixels: 0, left: Infinity, right: -1, top: Infinity, bottom: -1 };
}

/**
 * Counts the pixels of some rows of marks.
 *
 * @param first the rows' first, and `last`, the one behind their last, in the marks; `top`: where the marks begin in the picture
 */
export function addMarks(found: Found, { width, data }: Marks, first: number, last: number, top: number): void {
  for (let y = first; y < last; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const mark = data[at];
      if (mark === MARK.same) continue;
      if (mark === MARK.ignored) found.compared--;
      if (!isDifference(mark)) continue;
      found.pixels++;
      if (x < found.left) found.left = x;
      if (x > found.right) found.right = x;
      if (found.top === Infinity) found.top = top + y;
      found.bottom = top + y;
    }
  }
  found.compared += (last - first) * width;
}

/** The rectangle around what differs; nothing where nothing does. */
export function regionOf({ pixels, left, right, top, bottom }: Found): Region | undefined {
  return pixels === 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}
