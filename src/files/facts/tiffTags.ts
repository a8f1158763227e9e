/** The tags that are asked for, by their numbers in TIFF 6.0 (those above 330 in its supplements). */
export const TIFF_TAG = {
  subfile: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  samples: 277,
  planes: 284,
  tileWidth: 322,
  inkSet: 332,
  extra: 338,
  sampleFormat: 339,
  subsampling: 530,
  exif: 34665,
  places: 34853,
} as const;

/** Whole numbers that a directory states under a tag: the first of them, and where in the file they stand, and how wide. */
export interface TiffTag {
  readonly values: readonly number[];
  readonly at: number;
  /** Bytes of each. */
  readonly size: number;
}

export type TiffTags = ReadonlyMap<number, TiffTag>;

/**
 * Bytes of a tag's value by its type (TIFF 6.0, section 2; 13 is the place of a directory, 16 and 18 are BigTIFF's LONG8 and such a
 * place); other types hold no whole numbers.
 */
const WHOLE_NUMBERS: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };

/** More entries than any picture's directory has. */
const MOST_ENTRIES = 4096;
/** Of what is asked for, no more is looked at: a value for each sample of a pixel. */
const MOST_VALUES = 65;

/**
 * The whole numbers that a directory of a TIFF or BigTIFF file states; empty where it cannot be followed.
 *
 * @param page which of the directories that follow one another, from 1
 */
export function tiffTags(bytes: Uint8Array, page: number): TiffTags {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const number = (at: number, size: 1 | 2 | 4 | 8): number => {
    if (size === 1) return view.getUint8(at);
    if (size === 2) return view.getUint16(at, little);
    return size === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little));
  };
  const tags = new Map<number, TiffTag>();
  try {
    const big = number(2, 2) === 43;
    const word = big ? 8 : 4;
    const length = big ? 20 : 12;
    let directory = number(big ? 8 : 4, word);
    for (let i = 1; i < page; i++) {
      directory = number(directory + (big ? 8 : 2) + number(directory, big ? 8 : 2) * length, word);
    }
    const count = Math.min(number(directory, big ? 8 : 2), MOST_ENTRIES);
    const first = directory + (big ? 8 : 2);
    for (let entry = first; entry < first + count * length; entry += length) {
      const tag = number(entry, 2);
      const size = WHOLE_NUMBERS[number(entry + 2, 2)];
      if (size === undefined || !ASKED_FOR.has(tag)) continue;
      const values = number(entry + 4, word);
      const place = entry + 4 + word;
      // What does not fit into the entry stands elsewhere.
      const at = values * size > word ? number(place, word) : place;
      const shown = Array.from({ length: Math.min(values, MOST_VALUES) }, (_, i) => number(at + i * size, size));
      tags.set(tag, { values: shown, at, size });
    }
  } catch {
    // An offset outside the file: the decoder will say so.
  }
  return tags;
}

const ASKED_FOR: ReadonlySet<number> = new Set(Object.values(TIFF_TAG));
