import type { MarkedPixels } from './markPixels.ts';
import { isDifference } from './marks.ts';
import type { Region } from './region.ts';

/** A place where pictures differ. */
export interface ChangedRegion extends Region {
  /** How many of its pixels differ. */
  readonly pixels: number;
}

/** Pixels that are less than this apart, across or down, are in one region; those of twice as much are not, unless others lie between. */
const CELL = 16;

/** The smallest rectangles around groups of pixels that differ, those of most pixels first. */
export function changedRegions(marked: MarkedPixels): ChangedRegion[] {
  const across = Math.ceil(marked.width / CELL);
  const cells = cellsOf(marked, across);
  const regions: ChangedRegion[] = [];
  for (const start of cells.keys()) {
    const found = gather(cells, start, across);
    if (found !== undefined) regions.push(regionOf(found));
  }
  return regions.toSorted((a, b) => b.pixels - a.pixels || a.top - b.top || a.left - b.left);
}

/** The rectangle around pixels; the right and bottom are the last that belong to it. */
interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
  pixels: number;
}

/** The boxes of cells in which something differs, by the cells' places. */
function cellsOf({ height, width, data }: MarkedPixels, across: number): Map<number, Box> {
  const cells = new Map<number, Box>();
  for (let y = 0, at = 0; y < height; y++) {
    const first = Math.floor(y / CELL) * across;
    for (let x = 0; x < width; x++, at++) {
      if (!isDifference(data[at])) continue;
      const place = first + Math.floor(x / CELL);
      const box = cells.get(place);
      if (box === undefined) cells.set(place, { left: x, right: x, top: y, bottom: y, pixels: 1 });
      else grow(box, { left: x, right: x, top: y, bottom: y, pixels: 1 });
    }
  }
  return cells;
}

/** Takes a cell and all that hang together with it out of those that are left. */
function gather(cells: Map<number, Box>, start: number, across: number): Box | undefined {
  const first = cells.get(start);
  if (first === undefined) return undefined;
  cells.delete(start);
  const all = { ...first };
  for (const next = [start]; next.length > 0;) {
    const place = next.pop() as number;
    const column = place % across;
    for (const down of [-across, 0, across]) {
      for (let right = column === 0 ? 0 : -1; right <= (column === across - 1 ? 0 : 1); right++) {
        const beside = place + down + right;
        const box = cells.get(beside);
        if (box === undefined) continue;
        cells.delete(beside);
        grow(all, box);
        next.push(beside);
      }
    }
  }
  return all;
}

function grow(box: Box, by: Readonly<Box>): void {
  box.left = Math.min(box.left, by.left);
  box.right = Math.max(box.right, by.right);
  box.top = Math.min(box.top, by.top);
  box.bottom = Math.max(box.bottom, by.bottom);
  box.pixels += by.pixels;
}

function regionOf({ left, right, top, bottom, pixels }: Box): ChangedRegion {
  return { left, top, width: right - left + 1, height: bottom - top + 1, pixels };
}
