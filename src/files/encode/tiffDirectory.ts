/** A tag of a TIFF 6.0 directory; a rational's values are numerators and denominators in turn. */
export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly values: ArrayLike<number>;
}

export const BYTE = 1;
export const SHORT = 3;
export const LONG = 4;
export const RATIONAL = 5;
export const UNDEFINED = 7;

/** Bytes of each of the numbers that are given; a rational is two of them. */
const BYTES_OF: Readonly<Record<number, number>> = { [BYTE]: 1, [SHORT]: 2, [LONG]: 4, [RATIONAL]: 4, [UNDEFINED]: 1 };

/** Before everything else: the byte order, 42, and where the first directory is. */
export const HEADER_BYTES = 8;

/** Offsets have 32 bits; the rest is for directories. */
export const MOST_BYTES: number = 2 ** 32 - 2 ** 26;

/** A little-endian file's first bytes. */
export function tiffHeader(first: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('II', 'latin1');
  header.writeUInt16LE(42, 2);
  header.writeUInt32LE(first, 4);
  return header;
}

/** How long a directory is with the values that do not fit into it. */
export function directoryLength(entries: readonly TiffEntry[]): number {
  const outside = entries.map(bytesOf).filter((bytes) => bytes > 4);
  return outside.reduce((sum, bytes) => sum + even(bytes), insideBytes(entries));
}

/**
 * A directory's bytes, the values behind it that do not fit into it.
 *
 * @param entries in the order of their tags
 * @param at where it will be in the file, which is even
 * @param next where the next page's directory is; 0 where it is the last
 */
export function tiffDirectory(entries: readonly TiffEntry[], at: number, next: number): Uint8Array {
  const bytes = new Uint8Array(directoryLength(entries));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, entries.length, true);
  let free = insideBytes(entries);
  entries.forEach((entry, i) => {
    const place = 2 + i * 12;
    const length = bytesOf(entry);
    view.setUint16(place, entry.tag, true);
    view.setUint16(place + 2, entry.type, true);
    view.setUint32(place + 4, entry.values.length / (entry.type === RATIONAL ? 2 : 1), true);
    if (length > 4) view.setUint32(place + 8, at + free, true);
    writeValues(view, length > 4 ? free : place + 8, entry);
    if (length > 4) free += even(length);
  });
  view.setUint32(2 + entries.length * 12, next, true);
  return bytes;
}

function writeValues(view: DataView, at: number, { type, values }: TiffEntry): void {
  const size = BYTES_OF[type];
  for (let i = 0; i < values.length; i++) {
    if (size === 2) view.setUint16(at + i * 2, values[i], true);
    else if (size === 4) view.setUint32(at + i * 4, values[i], true);
    else view.setUint8(at + i, values[i]);
  }
}

/** A count, twelve bytes each, and where the next directory is. */
function insideBytes(entries: readonly TiffEntry[]): number {
  return 2 + entries.length * 12 + 4;
}

function bytesOf({ type, values }: TiffEntry): number {
  return values.length * BYTES_OF[type];
}

/** Values and directories begin at even offsets. */
export function even(bytes: number): number {
  return bytes + (bytes % 2);
}
