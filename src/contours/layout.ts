/** How planes of a level lie in memory: rows with a rim of zeros around them, so that windows need no case of their own there. */
export interface Layout {
  readonly height: number;
  readonly width: number;
  /** Vectors of four samples that hold a row. */
  readonly vectors: number;
  /** Bytes from one row to the next, and from one channel to the next. */
  readonly row: number;
  readonly plane: number;
  /** Bytes from a plane's start to its first sample. */
  readonly first: number;
}

/** Samples left of a row, and at least as many right of it. */
const SIDE = 4;

/**
 * @param rim rows above and below
 */
export function layoutOf(height: number, width: number, rim = 1): Layout {
  const vectors = Math.ceil(width / 4);
  const row = 4 * (4 * vectors + 2 * SIDE);
  return { height, width, vectors, row, plane: row * (height + 2 * rim), first: row * rim + 4 * SIDE };
}
