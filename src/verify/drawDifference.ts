import type { InterleavedPicture } from '../planes/picture.ts';
import { roundSample } from '../planes/samples.ts';
import type { Band } from './bands.ts';
import { MARK } from './marks.ts';
import { type Layout, unitRow } from './rows.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** As pixelmatch draws: red for what differs, yellow for what is passed over, both on the golden in faint grey. */
const COLOURS: Readonly<Record<number, Colour>> = {
  [MARK.differs]: [255, 0, 0],
  [MARK.excused]: [255, 220, 0],
  [MARK.ignored]: [190, 205, 255],
  [MARK.outside]: [255, 0, 255],
  [MARK.added]: [0, 90, 255],
};

/** How much of the golden is left in the background. */
const FAINT = 0.25;

/** Where two pictures differ, on the union of both: 8-bit RGB, a strip for each band. */
export async function* drawBands(bands: AsyncGenerator<Band>): AsyncGenerator<Uint8Array> {
  for await (const band of bands) yield drawBand(band);
}

function drawBand({ top, bottom, from, golden, marks }: Band): Uint8Array {
  const { width, data } = marks;
  const samples = new Uint8Array(3 * (bottom - top) * width).fill(255);
  drawFaintly(golden, { first: top - from, last: Math.min(golden.height, bottom - from) }, samples, width);
  for (let at = (top - from) * width, to = 0; to < samples.length; at++, to += 3) {
    if (data[at] === MARK.same) continue;
    const [red, green, blue] = COLOURS[data[at]];
    samples[to] = red;
    samples[to + 1] = green;
    samples[to + 2] = blue;
  }
  return samples;
}

/** The luma of rows laid over white, in rows of `pitch` RGB pixels; of other channels than grey or three, the first. */
function drawFaintly(
  picture: InterleavedPicture,
  { first, last }: { readonly first: number; readonly last: number },
  samples: Uint8Array,
  pitch: number,
): void {
  const layout: Layout = { channels: picture.channels === 3 ? 3 : 1, alpha: picture.alphaAt !== undefined };
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const row = new Float64Array(picture.width * step);
  for (let y = first; y < last; y++) {
    unitRow(picture, y, layout, row);
    for (let x = 0, from = 0, to = 3 * (y - first) * pitch; x < picture.width; x++, from += step, to += 3) {
      const luma =
        layout.channels === 3 ? 0.299 * row[from] + 0.587 * row[from + 1] + 0.114 * row[from + 2] : row[from];
      const alpha = layout.alpha ? row[from + layout.channels] : 1;
      const grey = roundSample(255 + 255 * (luma - 1) * FAINT * alpha, 255);
      samples[to] = grey;
      samples[to + 1] = grey;
      samples[to + 2] = grey;
    }
  }
}
