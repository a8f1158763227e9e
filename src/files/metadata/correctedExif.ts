/** What a picture is, once it was turned upright and worked on. */
export interface UprightPicture {
  readonly width: number;
  readonly height: number;
  /** Whether its rows were columns in the file: then so were its resolutions. */
  readonly isTurned: boolean;
}

/** No EXIF is longer: JPEG holds 64 KiB of it. */
const LONGEST = 2 ** 20;
/** More entries than cameras write into all directories together. */
const MOST_ENTRIES = 4096;

const PREFIX = 'Exif\0\0';

const ORIENTATION = 0x0112;
const X_RESOLUTION = 0x011a;
const Y_RESOLUTION = 0x011b;
/** Directories within a directory: those of EXIF, of places, of interoperability. */
const DIRECTORIES: ReadonlySet<number> = new Set([0x8769, 0x8825, 0xa005]);
const WIDTHS: ReadonlySet<number> = new Set([0x0100, 0xa002]);
const HEIGHTS: ReadonlySet<number> = new Set([0x0101, 0xa003]);

const SHORT = 3;
const LONG = 4;
/** Bytes of a value by its type (TIFF 6.0, section 2). */
const BYTES_OF: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/**
 * EXIF without what is not true of the picture any more: it stands upright, has the size that it has, and no thumbnail of what it was.
 * All else keeps its bytes and its place, also what makers write in ways of their own, whose offsets count from EXIF's start.
 *
 * @param exif with or without the words `Exif` before it
 * @returns from the mark of its byte order on; undefined where its directories cannot be followed
 */
export function correctedExif(exif: Uint8Array, picture: UprightPicture): Uint8Array | undefined {
  const own = beginsWith(exif, PREFIX) ? exif.subarray(PREFIX.length) : exif;
  if (own.length > LONGEST) return undefined;
  try {
    return copyOf(own, picture);
  } catch (error) {
    // An offset outside of it.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function copyOf(exif: Uint8Array, picture: UprightPicture): Uint8Array | undefined {
  const from = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const little = from.getUint16(0) === 0x4949;
  if ((!little && from.getUint16(0) !== 0x4d4d) || from.getUint16(2, little) !== 42) return undefined;
  // What no directory names, as the thumbnail's is not followed, stays zero.
  const copy = new Uint8Array(exif.length);
  const to = new DataView(copy.buffer);
  let end = 0;
  let entries = 0;
  let copied = 0;
  const keep = (at: number, length: number): void => {
    if (at + length > exif.length) throw new RangeError('Expected a value within EXIF');
    copied += length;
    if (copied > 2 * LONGEST) throw new RangeError('Expected values that lie apart');
    copy.set(exif.subarray(at, at + length), at);
    end = Math.max(end, at + length);
  };
  const followed = new Set<number>();
  keep(0, 8);
  follow(from.getUint32(4, little));
  return copy.subarray(0, end);

  function follow(directory: number): void {
    if (followed.has(directory)) return;
    followed.add(directory);
    const count = from.getUint16(directory, little);
    entries += count;
    if (entries > MOST_ENTRIES) throw new RangeError('Expected fewer entries');
    keep(directory, 2 + count * 12 + 4);
    const resolutions: number[] = [];
    for (let i = 0; i < count; i++) {
      const entry = directory + 2 + i * 12;
      const tag = from.getUint16(entry, little);
      const bytes = (BYTES_OF[from.getUint16(entry + 2, little)] ?? 0) * from.getUint32(entry + 4, little);
      if (DIRECTORIES.has(tag)) follow(from.getUint32(entry + 8, little));
      else if (bytes > 4) keep(from.getUint32(entry + 8, little), bytes);
      if (tag === ORIENTATION) state(entry, SHORT, 1);
      if (WIDTHS.has(tag)) state(entry, LONG, picture.width);
      if (HEIGHTS.has(tag)) state(entry, LONG, picture.height);
      if (bytes > 4 && (tag === X_RESOLUTION || tag === Y_RESOLUTION)) resolutions.push(entry);
    }
    if (picture.isTurned && resolutions.length === 2) swap(resolutions[0], resolutions[1]);
    // The directory that would follow is the thumbnail's.
    to.setUint32(directory + 2 + count * 12, 0, little);
  }

  function state(entry: number, type: number, value: number): void {
    to.setUint16(entry + 2, type, little);
    to.setUint32(entry + 4, 1, little);
    to.setUint32(entry + 8, 0, little);
    if (type === SHORT) to.setUint16(entry + 8, value, little);
    else to.setUint32(entry + 8, value, little);
  }

  /** Each entry names where its value stands. */
  function swap(one: number, other: number): void {
    to.setUint32(one + 8, from.getUint32(other + 8, little), little);
    to.setUint32(other + 8, from.getUint32(one + 8, little), little);
  }
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
  return Array.from(text).every((letter, i) => bytes[i] === letter.charCodeAt(0));
}
