import type { Planes } from '../../planes/planes.ts';

/** Sums of squares over all rectangles from the first sample on (Crow 1984): one row and column of zeros before them. */
export interface SumTable {
  readonly width: number;
  readonly sums: Float64Array;
}

/** Of one channel. */
export function sumTable({ height, width, data }: Planes): SumTable {
  const sums = new Float64Array((height + 1) * (width + 1));
  for (let r = 0; r < height; r++) {
    let line = 0;
    for (let c = 0; c < width; c++) {
      line += data[r * width + c] ** 2;
      sums[(r + 1) * (width + 1) + c + 1] = sums[r * (width + 1) + c + 1] + line;
    }
  }
  return { width: width + 1, sums };
}

/** Σ sample² over a rectangle. */
export function sumsOver(
  { width: pitch, sums }: SumTable,
  { top, left, height, width }: { top: number; left: number; height: number; width: number },
): number {
  const above = top * pitch;
  const below = (top + height) * pitch;
  return sums[below + left + width] - sums[below + left] - sums[above + left + width] + sums[above + left];
}
