import type { Border } from '../../planes/border.ts';
import type { Lend, PictureRows } from '../../planes/pictureRows.ts';
import type { Planes } from '../../planes/planes.ts';

/** Rows of a picture, as far as there are such; where the border repeats the picture, those that it goes on with, too. */
export function readAround(
  picture: PictureRows,
  border: Border,
  from: number,
  to: number,
  lend: Lend,
): { strip: Planes; start: number } {
  const { channels, height, width, white } = picture;
  const isWhole = to - from >= height;
  const [first, last] = isWhole ? [0, height] : [Math.max(0, from), Math.min(height, to)];
  if (border !== 'wrap' || isWhole || (first === from && last === to)) {
    return { strip: picture.read(first, last, lend), start: first };
  }
  const strip = lend(channels, to - from, width, white);
  for (let row = from; row < to;) {
    const source = (row + height) % height;
    const count = Math.min(to - row, height - source);
    const part = picture.read(source, source + count, lend);
    for (let c = 0; c < channels; c++) {
      const rows = part.data.subarray(c * count * width, (c + 1) * count * width);
      strip.data.set(rows, (c * strip.height + row - from) * width);
    }
    row += count;
  }
  return { strip, start: from };
}
