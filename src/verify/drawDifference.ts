import type { InterleavedPicture } from '../planes/picture.ts';
import { MARK, type Marks } from './marks.ts';
import { rgbaOf } from './perceptual.ts';
import type { Layout } from './rows.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** As pixelmatch draws: red for what differs, yellow for what is passed over, both on the golden in faint grey. */
const COLOURS: ReadonlyMap<number, Colour> = new Map<number, Colour>([
  [MARK.differs, [255, 0, 0]],
  [MARK.excused, [255, 220, 0]],
  [MARK.ignored, [190, 205, 255]],
  [MARK.outside, [255, 0, 255]],
  [MARK.added, [0, 90, 255]],
]);

/** How much of the golden is left in the background. */
const FAINT = 0.25;

/** Where two pictures differ, on the union of both: 8-bit RGB. */
export function drawDifference(golden: InterleavedPicture, marks: Marks): InterleavedPicture {
  const { height, width, data } = marks;
  const samples = new Uint8Array(3 * height * width).fill(255);
  // Of more channels than three, the first is shown.
  const layout: Layout = { channels: golden.channels === 3 ? 3 : 1, alpha: golden.alphaAt !== undefined };
  const rgba = rgbaOf(golden, layout, golden);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = 3 * (y * width + x);
      const colour = COLOURS.get(data[y * width + x]);
      if (colour) samples.set(colour, to);
      else if (x < golden.width && y < golden.height) samples.fill(faint(rgba, 4 * (y * golden.width + x)), to, to + 3);
    }
  }
  return { samples, height, width, stride: 3, channels: 3, white: 255 };
}

function faint(rgba: Uint8Array, at: number): number {
  const luma = 0.299 * rgba[at] + 0.587 * rgba[at + 1] + 0.114 * rgba[at + 2];
  return Math.round(255 + ((luma - 255) * FAINT * rgba[at + 3]) / 255);
}
