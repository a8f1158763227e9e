import type { Exports } from '../wasm/host.ts';
import { FEATURE_RIM } from './code/featureCode.ts';
import { type Layout, layoutOf } from './layout.ts';

/** Planes that the features of a level take: the features, and the roots that the contrast is made of. */
export const FEATURE_PLANES = 14;

/** The plane of the contrast, and of the roots. */
const CONTRAST = 12;
const ROOTS = 13;

/** Taps that a gradient reaches above and below its row. */
const GRADIENT_REACH = 2;

/** Rows above and below that the features of a row depend on. */
export const FEATURE_REACH = FEATURE_RIM + GRADIENT_REACH;

/** How the features of so many rows lie. */
export function featureLayout(rows: number, width: number): Layout {
  return layoutOf(rows, width, FEATURE_REACH);
}

/** Bytes of room that {@link fillFeatures} takes. */
export function featureRoom({ vectors }: Layout): number {
  return 3 * (16 * vectors + 32) + 32;
}

/** Rows of a level, the first and the one after the last. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

/**
 * The features of some rows of a level, from its colours. Where a window leaves the level, its outermost rows and columns go on.
 *
 * @param first the address of the first colour's first row of `rows`; colours are there for all rows within {@link FEATURE_REACH} of them
 * @param height rows of the level
 */
export function fillFeatures(
  functions: Exports,
  bytes: Uint8Array,
  at: Layout,
  first: number,
  rows: Rows,
  height: number,
  room: number,
): void {
  const count = rows.to - rows.from;
  const rowAt = (plane: number, y: number): number => first + plane * at.plane + (y - rows.from) * at.row;
  const clampRows = (plane: number, reach: number): void => {
    for (let y = rows.from - reach; y < 0; y++) copyRow(bytes, at, rowAt(plane, 0), rowAt(plane, y));
    for (let y = height; y < rows.to + reach; y++) copyRow(bytes, at, rowAt(plane, height - 1), rowAt(plane, y));
  };
  const seen = within({ from: rows.from - FEATURE_RIM, to: rows.to + FEATURE_RIM }, height);
  const colours = within({ from: seen.from - GRADIENT_REACH, to: seen.to + GRADIENT_REACH }, height);
  for (const plane of [0, 1, 2]) {
    functions.rims(rowAt(plane, colours.from), at.row, colours.to - colours.from, 4 * at.width);
    clampRows(plane, FEATURE_REACH);
  }
  const roots = rowAt(ROOTS, seen.from);
  functions.gradients(rowAt(0, seen.from), at.plane, at.row, seen.to - seen.from, at.vectors, roots, room);
  functions.rims(roots, at.row, seen.to - seen.from, 4 * at.width);
  clampRows(ROOTS, FEATURE_RIM);
  functions.contrast(rowAt(ROOTS, rows.from), at.row, count, at.vectors, rowAt(CONTRAST, rows.from), room);
}

/** The rows that there are. */
export function within({ from, to }: Rows, height: number): Rows {
  return { from: Math.max(0, from), to: Math.min(height, to) };
}

/** A row with its rims. */
function copyRow(bytes: Uint8Array, { row }: Layout, from: number, to: number): void {
  bytes.copyWithin(to - 16, from - 16, from - 16 + row);
}
