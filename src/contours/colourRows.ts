import type { PictureRows } from '../planes/pictureRows.ts';
import type { Planes } from '../planes/planes.ts';

/** Rows of red, green and blue that a net reads, from top to bottom or again. */
export interface ColourRows {
  readonly height: number;
  readonly width: number;
  readonly white: number;
  /** The row's three colours, which hold until the next call; grey is all three of them. */
  read(row: number): readonly [Float32Array, Float32Array, Float32Array];
}

/** Rows that are read at once. */
const BLOCK = 32;

/** Samples that {@link colourRows} has room for, and some beyond the last of them. */
export function samplesOfBlock({ channels, height, width }: Omit<PictureRows, 'read'>): number {
  return channels * Math.min(BLOCK, height) * width + SLACK;
}

const SLACK = 16;

/**
 * @param picture of one channel or three
 * @param data room for {@link samplesOfBlock}
 */
export function colourRows(picture: PictureRows, data: Float32Array): ColourRows {
  const { height, width, white = 1 } = picture;
  let block: { readonly from: number; readonly rows: Planes } | undefined;
  return {
    height,
    width,
    white,
    read(row) {
      if (block === undefined || row < block.from || row >= block.from + block.rows.height) {
        const from = Math.min(row, Math.max(0, height - BLOCK));
        const to = Math.min(height, from + BLOCK);
        const lend = (channels: number, lines: number, columns: number): Planes => ({
          channels,
          height: lines,
          width: columns,
          white,
          data: data.subarray(0, channels * lines * columns),
        });
        block = { from, rows: picture.read(from, to, lend) };
      }
      const { rows, from } = block;
      const plane = rows.height * width;
      const at = (row - from) * width;
      const line = (c: number): Float32Array => rows.data.subarray(c * plane + at, c * plane + at + width);
      return rows.channels === 1 ? [line(0), line(0), line(0)] : [line(0), line(1), line(2)];
    },
  };
}
