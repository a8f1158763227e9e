/** Rows and columns of the tiles that are transformed: powers of two. */
export interface TileSize {
  readonly rows: number;
  readonly columns: number;
}

/** The least side of a tile: rows are read by butterflies of halves or quarters, and transformed down to blocks of 16 columns. */
export const LEAST_TILE = 32;

/** The largest side of a tile: 1024×1024 complex numbers are 8 MiB. */
export const LARGEST_TILE = 1024;

/** Bytes of four complex columns: their real parts, then their imaginary parts. */
export const VECTOR = 32;

const LINE = 64;

/** Bytes from row to row of a tile: a line more than the samples take, so that the rows of a column spread over all cache sets. */
export function pitchOf(columns: number): number {
  return (columns / 4) * VECTOR + LINE;
}

/** Bytes of a tile, half a page beside whole ones: tiles that are read together do not begin at the same place of a page. */
export function tileBytes({ rows, columns }: TileSize): number {
  const bytes = rows * pitchOf(columns);
  return bytes + ((HALF_PAGE + LINE - (bytes % PAGE) + PAGE) % PAGE);
}

const PAGE = 4096;
const HALF_PAGE = 2048;

/** Butterflies over samples that stand length/radix apart. */
export interface Stage {
  readonly length: number;
  readonly radix: 2 | 4;
}

/** The longest stage of a transform: of halves where the length is no power of 4, so that all others are of quarters. */
export function firstStage(length: number): Stage {
  return { length, radix: Number.isInteger(Math.sqrt(length)) ? 4 : 2 };
}

/** Where the samples of a window lie in an arena, in bytes. */
export interface TileWindow {
  readonly address: number;
  readonly pitch: number;
}

/** A part of the results, at stride 1. */
export interface Place {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}
