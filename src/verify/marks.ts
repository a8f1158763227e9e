import type { Region } from './options.ts';

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

/** A mark for every pixel of the union of two pictures, whose top left corners lie on each other. */
export interface Marks {
  readonly height: number;
  readonly width: number;
  /** Where both pictures are. */
  readonly common: { readonly height: number; readonly width: number };
  readonly data: Uint8Array;
  /** Pixels that are not ignored. */
  readonly compared: number;
}

type Size = Readonly<Record<'height' | 'width', number>>;

/** Marks of pixels that are to be ignored or lie in one picture alone; the rest are to be compared. */
export function createMarks(a: Size, b: Size, regions: readonly Region[], mask?: Uint8Array): Marks {
  const height = Math.max(a.height, b.height);
  const width = Math.max(a.width, b.width);
  const common = { height: Math.min(a.height, b.height), width: Math.min(a.width, b.width) };
  const data = new Uint8Array(height * width);
  for (let y = 0; y < height; y++)
    data.fill(MARK.outside, y * width + (y < common.height ? common.width : 0), (y + 1) * width);
  for (const { left, top, width: across, height: down } of regions) {
    if (left >= width) continue;
    for (let y = top; y < Math.min(height, top + down); y++) {
      data.fill(MARK.ignored, y * width + left, y * width + Math.min(width, left + across));
    }
  }
  if (mask) for (let i = 0; i < data.length; i++) if (mask[i]) data[i] = MARK.ignored;
  let compared = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== MARK.ignored) compared++;
  return { height, width, common, data, compared };
}

/** Every pixel differs, but for those that are ignored: the pictures' channels have nothing to do with each other. */
export function markAll({ data }: Marks): void {
  for (let i = 0; i < data.length; i++) if (data[i] === MARK.same) data[i] = MARK.differs;
}

export interface Found {
  /** Pixels that differ, or lie in one picture alone. */
  readonly pixels: number;
  /** The smallest rectangle around them; absent where there are none. */
  readonly region?: Region;
}

/** How many pixels differ, and where. */
export function summarise({ height, width, data }: Marks): Found {
  let pixels = 0;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!counts(data[y * width + x])) continue;
      pixels++;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (pixels === 0) return { pixels };
  return { pixels, region: { left, top, width: right - left + 1, height: bottom - top + 1 } };
}

function counts(mark: number): boolean {
  return mark === MARK.differs || mark === MARK.outside || mark === MARK.added;
}
