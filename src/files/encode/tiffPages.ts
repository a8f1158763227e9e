import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { expected } from '../../planes/expected.ts';
import { isFloat32Array, isUint8Array } from '../../planes/typedArrays.ts';
import {
  BYTE,
  directoryLength,
  even,
  HEADER_BYTES,
  LONG,
  MOST_BYTES,
  RATIONAL,
  SHORT,
  type TiffEntry,
  tiffDirectory,
  tiffHeader,
  UNDEFINED,
} from './tiffDirectory.ts';

/** A page's samples, pixel after pixel, and what is said of them. */
interface TiffPage {
  /** Float32Array are floats of any sign, stored as they are. */
  readonly samples: Uint8Array | Uint16Array | Float32Array;
  readonly height: number;
  readonly width: number;
  /** Samples of a pixel: grey, grey and alpha, RGB, RGB and alpha. */
  readonly stride: number;
  readonly icc?: Uint8Array | undefined;
  /** Pixels per inch. */
  readonly density?: number | undefined;
  readonly xmp?: string | undefined;
}

/** A TIFF that pages are put into one after another; only what they are compressed to is held. */
export interface TiffPages {
  /** What its pages are compressed to, in bytes. */
  readonly bytes: number;
  add(page: TiffPage): Promise<void>;
  /**
   * The file.
   *
   * @throws ExpectationError where it would be longer than a TIFF can be
   */
  end(): Uint8Array;
}

/** Bytes of samples in a strip, about. */
const STRIP = 2 ** 18;

/**
 * A little-endian TIFF (TIFF 6.0) of pages of any size and depth, compressed by Deflate; whole numbers are stored as differences to those
 * on their left, which compress better.
 */
export function openTiffPages(): TiffPages {
  const pages: CompressedPage[] = [];
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    async add(page) {
      const compressed = await compressedPage(page);
      for (const { length } of compressed.strips) bytes += length;
      pages.push(compressed);
    },
    end: () => fileOf(pages),
  };
}

interface CompressedPage extends Omit<TiffPage, 'samples'> {
  readonly bytesPerSample: number;
  readonly isFloat: boolean;
  readonly rows: number;
  readonly strips: readonly Uint8Array[];
}

async function compressedPage({ samples, ...page }: TiffPage): Promise<CompressedPage> {
  const { height, width, stride } = page;
  const pitch = width * stride;
  const rows = Math.min(height, Math.max(1, Math.floor(STRIP / (pitch * samples.BYTES_PER_ELEMENT))));
  const strips: Uint8Array[] = [];
  for (let row = 0; row < height; row += rows) {
    const strip = samples.slice(row * pitch, Math.min(height, row + rows) * pitch);
    if (!isFloat32Array(strip)) subtractLeft(strip, pitch, stride);
    strips.push(await promisify(deflate)(new Uint8Array(strip.buffer, strip.byteOffset, strip.byteLength)));
  }
  return { ...page, rows, strips, bytesPerSample: samples.BYTES_PER_ELEMENT, isFloat: isFloat32Array(samples) };
}

/** Each sample as its difference to the one of the pixel before it in the row (TIFF 6.0, section 14), modulo its size. */
function subtractLeft(samples: Uint8Array | Uint16Array, pitch: number, stride: number): void {
  const mask = isUint8Array(samples) ? 0xff : 0xffff;
  for (let end = samples.length; end > 0; end -= pitch) {
    for (let i = end - 1; i >= end - pitch + stride; i--) samples[i] = (samples[i] - samples[i - stride]) & mask;
  }
}

function fileOf(pages: readonly CompressedPage[]): Uint8Array {
  const places: { readonly strips: number[]; readonly directory: number }[] = [];
  let end = HEADER_BYTES;
  for (const page of pages) {
    const strips = page.strips.map(({ length }) => {
      const at = end;
      end += even(length);
      return at;
    });
    places.push({ strips, directory: end });
    end += directoryLength(entriesOf(page, strips));
  }
  if (end > MOST_BYTES) throw expected(`at most ${MOST_BYTES} bytes`, 'a TIFF', end);
  const file = new Uint8Array(end);
  file.set(tiffHeader(places[0]?.directory ?? 0));
  pages.forEach((page, i) => {
    const { strips, directory } = places[i];
    page.strips.forEach((strip, s) => file.set(strip, strips[s]));
    file.set(tiffDirectory(entriesOf(page, strips), directory, places[i + 1]?.directory ?? 0), directory);
  });
  return file;
}

const NO_PREDICTION = 1;
const DIFFERENCES = 2;
const UNSIGNED = 1;
const FLOAT = 3;
const INCH = 2;
/** Densities are kept to so many parts of a pixel per inch. */
const PARTS = 10_000;

function entriesOf(page: CompressedPage, strips: readonly number[]): TiffEntry[] {
  const { height, width, stride, bytesPerSample, isFloat, rows, icc, density, xmp } = page;
  const each = (value: number): number[] => Array.from({ length: stride }, () => value);
  const resolution = density === undefined ? [] : [Math.round(density * PARTS), PARTS];
  const entries: TiffEntry[] = [
    { tag: 256, type: LONG, values: [width] },
    { tag: 257, type: LONG, values: [height] },
    { tag: 258, type: SHORT, values: each(bytesPerSample * 8) },
    { tag: 259, type: SHORT, values: [8] }, // Deflate
    { tag: 262, type: SHORT, values: [stride < 3 ? 1 : 2] }, // black is zero, or RGB
    { tag: 273, type: LONG, values: strips },
    { tag: 277, type: SHORT, values: [stride] },
    { tag: 278, type: LONG, values: [rows] },
    { tag: 279, type: LONG, values: page.strips.map(({ length }) => length) },
    { tag: 282, type: RATIONAL, values: resolution },
    { tag: 283, type: RATIONAL, values: resolution },
    { tag: 284, type: SHORT, values: [1] }, // pixel after pixel
    { tag: 296, type: SHORT, values: density === undefined ? [] : [INCH] },
    { tag: 317, type: SHORT, values: [isFloat ? NO_PREDICTION : DIFFERENCES] },
    { tag: 338, type: SHORT, values: stride % 2 === 0 ? [2] : [] }, // alpha that is not multiplied in
    { tag: 339, type: SHORT, values: each(isFloat ? FLOAT : UNSIGNED) },
    { tag: 700, type: BYTE, values: xmp === undefined ? [] : new TextEncoder().encode(xmp) },
    { tag: 34675, type: UNDEFINED, values: icc ?? [] },
  ];
  return entries.filter(({ values }) => values.length > 0);
}
