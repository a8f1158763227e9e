import { expected } from '../../planes/expected.ts';

/** Interleaved integer samples and what they mean. */
export interface ContainedPicture {
  readonly samples: Uint8Array | Uint16Array;
  readonly height: number;
  readonly width: number;
  /** Samples of a pixel: grey, grey and alpha, RGB, RGB and alpha. */
  readonly stride: number;
  /** Bytes of an ICC profile. */
  readonly icc: Uint8Array;
}

const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;
const BYTES_OF: Readonly<Record<number, number>> = { [SHORT]: 2, [LONG]: 4, [UNDEFINED]: 1 };

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly values: ArrayLike<number>;
}

/** Bytes of one strip, about: a decoder holds one at a time. */
const STRIP = 2 ** 20;
/** Offsets have 32 bits; the rest is for the directory. */
const MOST_BYTES = 2 ** 32 - 2 ** 26;
const ENTRIES_AT = 8;

/**
 * An uncompressed little-endian TIFF (TIFF 6.0) around samples: the way to hand sharp samples together with their ICC profile,
 * which raw input does not have. The samples are stored as they are.
 */
export function tiffContainer({ samples, height, width, stride, icc }: ContainedPicture): Uint8Array {
  if (samples.byteLength > MOST_BYTES) {
    throw expected(`at most ${MOST_BYTES} bytes of samples`, 'a picture with an ICC profile', samples.byteLength);
  }
  const rowBytes = width * stride * samples.BYTES_PER_ELEMENT;
  const rows = Math.min(height, Math.max(1, Math.floor(STRIP / rowBytes)));
  const strips = Math.ceil(height / rows);
  const list = (length: number, value: (i: number) => number): number[] => Array.from({ length }, (_, i) => value(i));
  const entries = (first: number): Entry[] => [
    { tag: 256, type: LONG, values: [width] },
    { tag: 257, type: LONG, values: [height] },
    { tag: 258, type: SHORT, values: list(stride, () => samples.BYTES_PER_ELEMENT * 8) },
    { tag: 259, type: SHORT, values: [1] }, // no compression
    { tag: 262, type: SHORT, values: [stride < 3 ? 1 : 2] }, // black is zero, or RGB
    { tag: 273, type: LONG, values: list(strips, (i) => first + i * rows * rowBytes) },
    { tag: 277, type: SHORT, values: [stride] },
    { tag: 278, type: LONG, values: [rows] },
    { tag: 279, type: LONG, values: list(strips, (i) => Math.min(rows, height - i * rows) * rowBytes) },
    ...(stride % 2 === 0 ? [{ tag: 338, type: SHORT, values: [2] }] : []), // alpha that is not multiplied in
    { tag: 34675, type: UNDEFINED, values: icc },
  ];
  const start = headerBytes(entries(0));
  const file = new Uint8Array(start + samples.byteLength);
  writeHeader(new DataView(file.buffer), entries(start));
  file.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), start);
  return file;
}

/** Where samples may begin: after the directory and all values that do not fit into it. */
function headerBytes(entries: readonly Entry[]): number {
  const outside = entries.map(bytesOf).filter((bytes) => bytes > 4);
  return outside.reduce((sum, bytes) => sum + even(bytes), ENTRIES_AT + 2 + entries.length * 12 + 4);
}

function writeHeader(view: DataView, entries: readonly Entry[]): void {
  view.setUint16(0, 0x4949, true); // II
  view.setUint16(2, 42, true);
  view.setUint32(4, ENTRIES_AT, true);
  view.setUint16(ENTRIES_AT, entries.length, true);
  let outside = ENTRIES_AT + 2 + entries.length * 12 + 4;
  entries.forEach((entry, i) => {
    const at = ENTRIES_AT + 2 + i * 12;
    const bytes = bytesOf(entry);
    view.setUint16(at, entry.tag, true);
    view.setUint16(at + 2, entry.type, true);
    view.setUint32(at + 4, entry.values.length, true);
    if (bytes > 4) view.setUint32(at + 8, outside, true);
    writeValues(view, bytes > 4 ? outside : at + 8, entry);
    if (bytes > 4) outside += even(bytes);
  });
}

function writeValues(view: DataView, at: number, { type, values }: Entry): void {
  for (let i = 0; i < values.length; i++) {
    if (type === SHORT) view.setUint16(at + i * 2, values[i], true);
    else if (type === LONG) view.setUint32(at + i * 4, values[i], true);
    else view.setUint8(at + i, values[i]);
  }
}

function bytesOf({ type, values }: Entry): number {
  return values.length * BYTES_OF[type];
}

/** Values begin at even offsets. */
function even(bytes: number): number {
  return bytes + (bytes % 2);
}
