import type { InterleavedPicture } from '../planes/picture.ts';
import { compareOpened } from './compareOpened.ts';
import type { Comparator } from './options.ts';
import { rowsOf } from './pictureRows.ts';

/** A mark (`MARK`) for every pixel of the union of two pictures, whose top left corners lie on each other. */
export interface MarkedPixels {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
}

/** What a comparison finds of each pixel; undefined where two pictures are the same samples. */
export async function markPixels(
  actual: InterleavedPicture,
  golden: InterleavedPicture,
  comparator: Comparator,
  mask: InterleavedPicture | undefined,
): Promise<MarkedPixels | undefined> {
  const { draw, height, width } = await compareOpened(rowsOf(actual), rowsOf(golden), comparator, mask);
  if (draw === undefined) return undefined;
  const data = new Uint8Array(height * width);
  for await (const { top, bottom, from, marks } of draw().bands()) {
    data.set(marks.data.subarray((top - from) * width, (bottom - from) * width), top * width);
  }
  return { height, width, data };
}
