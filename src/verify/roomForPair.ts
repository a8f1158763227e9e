import { admittedPicture } from '../files/decode/admittedPicture.ts';
import type { ReadLimits } from '../files/limits.ts';
import { samplesBytes } from '../planes/picture.ts';

/** What a metric needs for a band of two pictures, about, whatever their size. */
const BANDS_BYTES = 2 ** 26;

/** A picture of what changed is drawn in RGB, in bands, and encoded: at most 2.25 bytes a sample. */
const DRAWN_BYTES = 3 * 2.25;

/** A PNG's rows as they are inflated, and the samples that these are, or those that a decoder makes. */
const COPIES = 2;

/** About the bytes that comparing two files takes, these among them, and that drawing what changed takes. */
export async function roomForPair(files: readonly Uint8Array[], limits: ReadLimits): Promise<number> {
  const pictures = await Promise.all(files.map((bytes) => admittedPicture(bytes, limits)));
  let bytes = BANDS_BYTES;
  let drawn = 0;
  pictures.forEach((picture, i) => {
    bytes += files[i].length;
    // What cannot be read is told by whoever reads it.
    if (picture === undefined) return;
    bytes += COPIES * samplesBytes(picture) + picture.decoding;
    drawn = Math.max(drawn, DRAWN_BYTES * picture.width * picture.height);
  });
  return bytes + drawn;
}
