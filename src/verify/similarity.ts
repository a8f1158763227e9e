import { ssim as ssimMap } from 'ssim.js/dist/ssim.js';
import { expected } from '../planes/expected.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { MARK, type Marks } from './marks.ts';
import { type Layout, unitRow } from './rows.ts';

/** Rows and columns of the window, a Gaussian of σ 1.5. */
const WINDOW = 11;

/** Rows of the map that are made at once: a dozen planes of plain numbers are held meanwhile. */
const BAND = 128;

const OPTIONS = {
  windowSize: WINDOW,
  k1: 0.01,
  k2: 0.03,
  bitDepth: 8,
  ssim: 'fast',
  downsample: false,
  rgb2grayVersion: 'original',
} as const;

/**
 * The mean structural similarity, by ssim.js at full size, of that channel (alpha is one) in which the pictures are least alike.
 * Where it is locally below 1 − threshold, pixels are marked. Samples that are ignored count as the golden's.
 *
 * @throws ExpectationError where a side is smaller than the window, 11 pixels
 * @see Z. Wang, A. Bovik, H. Sheikh, E. Simoncelli: Image quality assessment: from error visibility to structural similarity.
 *   IEEE TIP 13 (2004)
 */
export function markDissimilar(
  actual: InterleavedPicture,
  golden: InterleavedPicture,
  layout: Layout,
  marks: Marks,
  threshold: number,
): number {
  const { height, width } = marks.common;
  if (height < WINDOW || width < WINDOW) {
    throw expected(`pictures of at least ${WINDOW}×${WINDOW} pixels`, 'the metric ssim', `${height}×${width}`);
  }
  let least = 1;
  for (let c = 0; c < layout.channels + (layout.alpha ? 1 : 0); c++) {
    let sum = 0;
    for (let top = 0; top <= height - WINDOW; top += BAND) {
      const rows = Math.min(BAND + WINDOW - 1, height - top);
      const [first, second] = [actual, golden].map((picture) => bandOf(picture, layout, c, marks, top, rows));
      ignore(first, second, marks, top);
      const map = ssimMap(first, second, OPTIONS);
      for (const value of map.data) sum += value;
      markBelow(map, 1 - threshold, marks, top);
    }
    least = Math.min(least, sum / ((height - WINDOW + 1) * (width - WINDOW + 1)));
  }
  return least;
}

interface Band {
  readonly height: number;
  readonly width: number;
  readonly data: number[];
}

/** Rows of one channel, white at 255: ssim.js takes any numbers, at whatever precision. */
function bandOf(
  picture: InterleavedPicture,
  layout: Layout,
  channel: number,
  marks: Marks,
  top: number,
  rows: number,
): Band {
  const { width } = marks.common;
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const row = new Float64Array(picture.width * step);
  const data = new Array<number>(rows * width);
  for (let y = 0; y < rows; y++) {
    unitRow(picture, top + y, layout, row);
    for (let x = 0; x < width; x++) data[y * width + x] = 255 * row[x * step + channel];
  }
  return { height: rows, width, data };
}

function ignore(actual: Band, golden: Band, marks: Marks, top: number): void {
  for (let y = 0; y < actual.height; y++) {
    for (let x = 0; x < actual.width; x++) {
      const at = y * actual.width + x;
      if (marks.data[(top + y) * marks.width + x] === MARK.ignored) actual.data[at] = golden.data[at];
    }
  }
}

/** Marks the pixels at the centre of windows whose similarity is below the limit, or is not a number. */
function markBelow(map: Band, limit: number, marks: Marks, top: number): void {
  const centre = (WINDOW - 1) / 2;
  for (let y = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++) {
      const at = (top + y + centre) * marks.width + x + centre;
      if (!(map.data[y * map.width + x] >= limit) && marks.data[at] !== MARK.ignored) marks.data[at] = MARK.differs;
    }
  }
}
