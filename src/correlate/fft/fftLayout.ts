/** Rows and columns of the tiles that are transformed: powers of two. */
export interface TileSize {
  readonly rows: number;
  readonly columns: number;
}

/** The least side of a tile: rows are transformed down to blocks of 16 columns. */
export const LEAST_TILE = 32;

/** Butterflies over samples that stand length/radix apart, and where their weights stand in the table, in bytes. */
export interface Stage {
  readonly length: number;
  readonly radix: 2 | 4;
  readonly weights: number;
}

/** What the code for a tile size and the tables beside it agree on. */
export interface TileLayout extends TileSize {
  /** Bytes of four complex columns: their real parts, then their imaginary parts. */
  readonly vector: number;
  /** Bytes from row to row: a line more than the samples take, so that the rows of a column spread over all cache sets. */
  readonly pitch: number;
  readonly bytes: number;
  /** The stages along columns, the longest first. */
  readonly columnStages: readonly Stage[];
  /** The stages along rows, the longest first, down to blocks of 16. */
  readonly rowStages: readonly Stage[];
  /** Weights of the first stage of the blocks of 16. */
  readonly blockWeights: number;
  readonly tableBytes: number;
}

const VECTOR = 32;
const LINE = 64;

export function tileLayout({ rows, columns }: TileSize): TileLayout {
  let tableBytes = 0;
  const take = (bytes: number): number => {
    tableBytes += bytes;
    return tableBytes - bytes;
  };
  const columnStages: Stage[] = [];
  let length = rows;
  for (; length >= 4; length /= 4) {
    columnStages.push({ length, radix: 4, weights: length > 4 ? take(6 * length) : 0 });
  }
  if (length === 2) columnStages.push({ length, radix: 2, weights: 0 });
  const rowStages: Stage[] = [];
  for (length = columns; length >= 64; length /= 4) rowStages.push({ length, radix: 4, weights: take(6 * length) });
  if (length === 32) rowStages.push({ length, radix: 2, weights: take(4 * length) });
  const blockWeights = take(6 * 16);
  const pitch = (columns / 4) * VECTOR + LINE;
  return {
    rows,
    columns,
    vector: VECTOR,
    pitch,
    bytes: rows * pitch,
    columnStages,
    rowStages,
    blockWeights,
    tableBytes,
  };
}
