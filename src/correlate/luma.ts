import { kernel } from '../kernels/kernel.ts';
import { expected } from '../planes/expected.ts';
import type { PictureRows } from '../planes/pictureRows.ts';
import type { Planes } from '../planes/planes.ts';
import { corr2d } from './corr2d.ts';

/** The weights of red, green and blue in ITU-R BT.601 luma, as OpenCV, PIL and JPEG use them. */
export const LUMA_WEIGHTS: readonly [red: number, green: number, blue: number] = [0.299, 0.587, 0.114];

const BT601 = kernel(
  LUMA_WEIGHTS.map((weight) => [[weight]]),
  { name: 'luma' },
);

/**
 * The brightness of a colour picture: 0.299 R + 0.587 G + 0.114 B of the stored samples; a grey picture as it is.
 *
 * @param x 1×H×W or 3×H×W
 * @returns 1×H×W, with the input's white
 * @throws ExpectationError for any other number of channels
 * @example
 * luma(planes([[[255]], [[255]], [[255]]], 255)).data[0] // 255
 */
export function luma(x: Planes): Planes {
  if (x.channels === 1) return x;
  if (x.channels !== 3) throw expected('a grey picture or one of three channels', 'luma', `${x.channels} channels`);
  return corr2d(x, BT601);
}

/** The rows of the brightness of a picture's rows, as {@link luma} of its planes gives it. */
export function lumaRows(x: PictureRows): PictureRows {
  if (x.channels === 1) return x;
  return {
    ...x,
    channels: 1,
    read(from, to, lend) {
      const rows = x.read(from, to, lend);
      if (rows.channels !== LUMA_WEIGHTS.length) return luma(rows);
      return corr2d(rows, BT601, { out: lend(1, to - from, x.width, x.white) });
    },
  };
}
