import { type Border, borderConstant, borderSource, OUTSIDE } from '../planes/border.ts';
import { type Lend, type PictureRows, placeRows } from '../planes/pictureRows.ts';
import type { Planes } from '../planes/planes.ts';

/**
 * The rows `from` … `to` (excluded) of a picture that a border continues: above 0 and beyond its height stand the rows that the border
 * puts there. Beside the rows nothing is put.
 */
export function rowsBeyond(picture: PictureRows, border: Border, from: number, to: number, lend: Lend): Planes {
  const { channels, height, width, white } = picture;
  if (from >= 0 && to <= height) return picture.read(from, to, lend);
  const rows = lend(channels, to - from, width, white);
  for (let row = from; row < to;) {
    const source = borderSource(border, row, height);
    // Inside they follow one another.
    const count = row < 0 || row >= height ? 1 : Math.min(to, height) - row;
    if (source === OUTSIDE) fillRow(rows, row - from, borderConstant(border, white ?? 1));
    else placeRows(picture.read(source, source + count, lend), row - from, rows);
    row += count;
  }
  return rows;
}

function fillRow({ channels, height, width, data }: Planes, row: number, value: number): void {
  for (let c = 0; c < channels; c++) {
    const start = (c * height + row) * width;
    data.fill(value, start, start + width);
  }
}
