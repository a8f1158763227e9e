/** The tags that are asked for, by their numbers in TIFF 6.0. */
export const TIFF_TAG = { subfile: 254, width: 256, height: 257, compression: 259 } as const;

/** Bytes of a tag's value by its type (TIFF 6.0, section 2; 16 is BigTIFF's LONG8); other types hold no whole numbers. */
const WHOLE_NUMBERS: Readonly<Record<number, 2 | 4 | 8>> = { 3: 2, 4: 4, 16: 8 };

/** More entries than any picture's directory has. */
const MOST_ENTRIES = 4096;

/**
 * The whole numbers that a directory of a TIFF or BigTIFF file states, each tag's first; empty where it cannot be followed.
 *
 * @param page which of the directories that follow one another, from 1
 */
export function tiffTags(bytes: Uint8Array, page: number): Map<number, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const number = (at: number, size: 2 | 4 | 8): number => {
    if (size === 2) return view.getUint16(at, little);
    return size === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little));
  };
  const tags = new Map<number, number>();
  try {
    const big = number(2, 2) === 43;
    const length = big ? 20 : 12;
    let directory = big ? number(8, 8) : number(4, 4);
    for (let i = 1; i < page; i++) {
      const next = directory + (big ? 8 : 2) + number(directory, big ? 8 : 2) * length;
      directory = number(next, big ? 8 : 4);
    }
    const count = Math.min(number(directory, big ? 8 : 2), MOST_ENTRIES);
    const first = directory + (big ? 8 : 2);
    for (let entry = first; entry < first + count * length; entry += length) {
      const size = WHOLE_NUMBERS[number(entry + 2, 2)];
      const values = big ? number(entry + 4, 8) : number(entry + 4, 4);
      const value = entry + (big ? 12 : 8);
      // Only values that lie in the entry itself: those of the tags above, which have one.
      if (size !== undefined && values === 1) tags.set(number(entry, 2), number(value, size));
    }
  } catch {
    // An offset outside the file: the decoder will say so.
  }
  return tags;
}
