import { expected } from '../planes/expected.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { type Marks, setMarks } from './marks.ts';
import type { PictureRows } from './pictureRows.ts';
import type { Region } from './region.ts';
import { bytesOf, isStoredAlike, type Layout, unitRow } from './rows.ts';

/** Some rows of two pictures, which are compared together. */
export interface Band {
  /** The rows of the union that are compared: from `top` to before `bottom`. */
  readonly top: number;
  readonly bottom: number;
  /** The first row that is there, of pictures and marks: what is compared is looked at with the rows around it. */
  readonly from: number;
  /** The rows from there on, as far as each picture goes. */
  readonly actual: InterleavedPicture;
  readonly golden: InterleavedPicture;
  readonly marks: Marks;
  /** Whether both pictures hold the same bytes on all of these rows. */
  readonly identical: boolean;
}

/** What is passed over of two pictures. */
export interface Ignored {
  readonly regions: readonly Region[];
  /** A picture of the golden's size, bright where nothing is compared. */
  readonly mask: PictureRows | undefined;
}

/** Pixels of a band, at least: what a metric needs for them stays in the processor's cache. */
const BAND_PIXELS = 2 ** 19;

/**
 * The rows of two pictures from top to bottom, each band with `halo` rows above and below where there are such. A band's marks are
 * made anew for each: what is to be kept of them is to be taken at once.
 *
 * @throws ExpectationError where the mask is of another size than the golden
 */
export async function* bandsOf(
  actual: PictureRows,
  golden: PictureRows,
  { regions, mask }: Ignored,
  halo: number,
): AsyncGenerator<Band> {
  if (mask) expectMask(mask, golden);
  const width = Math.max(actual.width, golden.width);
  const height = Math.max(actual.height, golden.height);
  const rows = Math.max(1, 2 * halo, Math.floor(BAND_PIXELS / width));
  const room = new Uint8Array(width * Math.min(height, rows + 2 * halo));
  for (let top = 0; top < height; top += rows) {
    const bottom = Math.min(height, top + rows);
    const from = Math.max(0, top - halo);
    const to = Math.min(height, bottom + halo);
    const [first, second, ignored] = await Promise.all([
      cut(actual, from, to),
      cut(golden, from, to),
      mask && cut(mask, from, to),
    ]);
    const marks: Marks = {
      height: to - from,
      width,
      common: {
        height: Math.min(first.height, second.height),
        width: Math.min(first.width, second.width),
      },
      data: room.subarray(0, (to - from) * width),
    };
    setMarks(marks, from, regions, ignored && brightPixels(ignored, width));
    yield { top, bottom, from, actual: first, golden: second, marks, identical: areSame(first, second) };
  }
}

/** Rows as far as a picture goes. */
function cut(picture: PictureRows, from: number, to: number): InterleavedPicture | Promise<InterleavedPicture> {
  const end = Math.min(picture.height, to);
  return picture.rows(Math.min(from, end), end);
}

function areSame(a: InterleavedPicture, b: InterleavedPicture): boolean {
  if (a.height !== b.height || a.width !== b.width || !isStoredAlike(a, b)) return false;
  return Buffer.compare(bytesOf(a.samples), bytesOf(b.samples)) === 0;
}

function expectMask(mask: PictureRows, golden: PictureRows): void {
  if (mask.height === golden.height && mask.width === golden.width) return;
  const wanted = `a mask of the golden's ${golden.width}×${golden.height} pixels`;
  throw expected(wanted, 'ignoreMask', `${mask.width}×${mask.height}`);
}

/** 1 for pixels that the mask ignores, in rows of `width` pixels. */
function brightPixels(mask: InterleavedPicture, width: number): Uint8Array {
  const bright = new Uint8Array(width * mask.height);
  const layout: Layout = { channels: mask.channels, alpha: false };
  const row = new Float64Array(mask.width * mask.channels);
  for (let y = 0; y < mask.height; y++) {
    unitRow(mask, y, layout, row);
    for (let i = 0; i < row.length; i++) if (row[i] > 0.5) bright[y * width + Math.floor(i / mask.channels)] = 1;
  }
  return bright;
}
