import type { ImageFormat } from '../formats.ts';
import { pngResolution } from '../png/encodePng.ts';
import { pngChunk } from '../png/pngChunk.ts';

/** EXIF from the mark of its byte order on, and XMP. */
export interface InsertedMetadata {
  readonly exif?: Uint8Array | undefined;
  readonly xmp?: string | undefined;
}

/** The picture in the file; WebP has to be told all of it. */
interface InsertedInto {
  readonly width?: number;
  readonly height?: number;
  readonly hasAlpha?: boolean;
  /** Pixels per inch, where the encoder has not written them. */
  readonly density?: number | undefined;
}

/**
 * Puts EXIF and XMP into a file that has none: bytes for bytes, where a library would write EXIF anew and lose what makers of cameras
 * write in ways of their own.
 *
 * @param file of PNG, JPEG or WebP, as encoders write them
 */
export function insertMetadata(
  file: Uint8Array,
  format: Extract<ImageFormat, 'png' | 'jpg' | 'webp'>,
  { exif, xmp }: InsertedMetadata,
  picture: InsertedInto,
): Uint8Array {
  const text = xmp === undefined ? undefined : new TextEncoder().encode(xmp);
  if (exif === undefined && text === undefined) return file;
  if (format === 'png') return intoPng(file, exif, text, picture);
  return format === 'jpg' ? intoJpeg(file, exif, text, picture) : intoWebp(file, exif, text, picture);
}

/** Signature and IHDR: a length, a name, 13 bytes, a checksum. */
const PNG_HEADER = 8 + 4 + 4 + 13 + 4;
/** A keyword; no compression, no language, no translation of the keyword. */
const PNG_XMP = 'XML:com.adobe.xmp\0\0\0\0\0';

function intoPng(
  file: Uint8Array,
  exif: Uint8Array | undefined,
  xmp: Uint8Array | undefined,
  { density }: InsertedInto,
): Uint8Array {
  return joined([
    file.subarray(0, PNG_HEADER),
    ...(density === undefined ? [] : [pngChunk('pHYs', pngResolution(density))]),
    ...(exif === undefined ? [] : [pngChunk('eXIf', exif)]),
    ...(xmp === undefined ? [] : [pngChunk('iTXt', Buffer.concat([latin1(PNG_XMP), xmp]))]),
    file.subarray(PNG_HEADER),
  ]);
}

/** Start of image, and JFIF's segment: its mark, a length of 16, `JFIF`, a version, what densities count, both of them, no thumbnail. */
const JPEG_HEADER = 2 + 2 + 16;
const DOTS_AN_INCH = 1;

function intoJpeg(
  file: Uint8Array,
  exif: Uint8Array | undefined,
  xmp: Uint8Array | undefined,
  { density }: InsertedInto,
): Uint8Array {
  const isJfif = file[2] === 0xff && file[3] === 0xe0;
  const header = Buffer.from(file.subarray(0, isJfif ? JPEG_HEADER : 2));
  if (isJfif && density !== undefined) {
    const dots = Math.max(1, Math.min(65535, Math.round(density)));
    header.writeUInt8(DOTS_AN_INCH, 13);
    header.writeUInt16BE(dots, 14);
    header.writeUInt16BE(dots, 16);
  }
  return joined([
    header,
    ...(exif === undefined ? [] : [jpegSegment('Exif\0\0', exif)]),
    ...(xmp === undefined ? [] : [jpegSegment('http://ns.adobe.com/xap/1.0/\0', xmp)]),
    file.subarray(header.length),
  ]);
}

function jpegSegment(name: string, data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xffe1); // APP1
  head.writeUInt16BE(2 + name.length + data.length, 2);
  return joined([head, latin1(name), data]);
}

/** `RIFF`, a length, `WEBP`. */
const WEBP_HEADER = 12;
const HAS_ALPHA = 0x10;
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

/** What stands beside the picture asks for a header of its own (VP8X), which names it; it stands behind the picture. */
function intoWebp(
  file: Uint8Array,
  exif: Uint8Array | undefined,
  xmp: Uint8Array | undefined,
  { width = 0, height = 0, hasAlpha = false }: InsertedInto,
): Uint8Array {
  const isExtended = ascii(file, WEBP_HEADER) === 'VP8X';
  const header = isExtended
    ? Buffer.from(file.subarray(WEBP_HEADER, WEBP_HEADER + 18))
    : riffChunk('VP8X', extendedHeader(width, height, hasAlpha));
  header[8] |= (exif === undefined ? 0 : HAS_EXIF) | (xmp === undefined ? 0 : HAS_XMP);
  const whole = joined([
    file.subarray(0, WEBP_HEADER),
    header,
    file.subarray(WEBP_HEADER + (isExtended ? header.length : 0)),
    ...(exif === undefined ? [] : [riffChunk('EXIF', exif)]),
    ...(xmp === undefined ? [] : [riffChunk('XMP ', xmp)]),
  ]);
  new DataView(whole.buffer).setUint32(4, whole.length - 8, true);
  return whole;
}

function extendedHeader(width: number, height: number, hasAlpha: boolean): Uint8Array {
  const data = Buffer.alloc(10);
  data.writeUInt8(hasAlpha ? HAS_ALPHA : 0);
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return data;
}

/** Chunks begin at even offsets. */
function riffChunk(name: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(8 + data.length + (data.length % 2));
  chunk.write(name, 'latin1');
  chunk.writeUInt32LE(data.length, 4);
  chunk.set(data, 8);
  return chunk;
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function ascii(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** In memory of its own, which can move to another thread. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
