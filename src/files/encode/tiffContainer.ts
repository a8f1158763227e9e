import { expected } from '../../planes/expected.ts';
import {
  directoryLength,
  HEADER_BYTES,
  LONG,
  MOST_BYTES,
  SHORT,
  type TiffEntry,
  tiffDirectory,
  tiffHeader,
  UNDEFINED,
} from './tiffDirectory.ts';

/** Interleaved integer samples and what they mean. */
interface ContainedPicture {
  readonly samples: Uint8Array | Uint16Array;
  readonly height: number;
  readonly width: number;
  /** Samples of a pixel: grey, grey and alpha, RGB, RGB and alpha. */
  readonly stride: number;
  /** Bytes of an ICC profile. */
  readonly icc: Uint8Array;
}

/** Bytes of one strip, about: a decoder holds one at a time. */
const STRIP = 2 ** 20;

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
  const entries = (first: number): TiffEntry[] => [
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
  const start = HEADER_BYTES + directoryLength(entries(0));
  const file = new Uint8Array(start + samples.byteLength);
  file.set(tiffHeader(HEADER_BYTES));
  file.set(tiffDirectory(entries(start), HEADER_BYTES, 0), HEADER_BYTES);
  file.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), start);
  return file;
}
