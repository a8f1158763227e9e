import { promisify } from 'node:util';
import { crc32, inflate } from 'node:zlib';
import type { InterleavedPicture } from '../../planes/picture.ts';
import { type StoredSamples, whiteOfDepth } from '../../planes/samples.ts';
import { isUint8Array } from '../../planes/typedArrays.ts';
import { filterRows } from './filterRows.ts';

/** The rows of a PNG as its filters left them: a byte that names the filter, then the row's bytes. */
export interface PngLines {
  readonly height: number;
  readonly width: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly stride: number;
  readonly depth: 8 | 16;
  readonly bytes: Uint8Array;
}

const inflateAsync = promisify(inflate);

/**
 * The inflated rows of a PNG of the plain kind (grey or RGB of 8 or 16 bits, no palette, not interlaced, not turned by EXIF), in half
 * the time of decoding it: two PNGs of the same rows are the same picture, and without filters they are the samples themselves.
 * Nothing is taken on trust: every checksum must hold, and there must be as many rows as the header says, of filters that there are.
 * What comes of it, libvips reads too: that the rows are there tells that the picture is whole.
 *
 * @returns nothing where it is another kind, has a fault or is too large: then whoever decodes PNGs in full has to tell
 */
export async function inflatePng(bytes: Uint8Array, limitPixels: number): Promise<PngLines | undefined> {
  const chunks = pngChunks(bytes);
  if (chunks === undefined || chunks.some(({ name }) => !PLAIN.has(name))) return undefined;
  const shape = shapeOf(chunks[0].data);
  if (shape === undefined || shape.width * shape.height > limitPixels) return undefined;
  const { height, width, stride, depth } = shape;
  const length = height * (1 + (width * stride * depth) / 8);
  try {
    // In libuv's threads. In one piece, which needs room for a byte more than there is.
    const parts = chunks.filter(({ name }) => name === 'IDAT').map(({ data }) => data);
    if (length > MOST_BYTES || length > MOST_INFLATED * bytes.length) return undefined;
    const lines = await inflateAsync(Buffer.concat(parts), {
      chunkSize: Math.max(64, length + 1),
      maxOutputLength: length,
    });
    return lines.length === length && areFilters(lines, length / height) ? { ...shape, bytes: lines } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether each row begins with a filter that there is. */
function areFilters(bytes: Uint8Array, row: number): boolean {
  for (let at = 0; at < bytes.length; at += row) if (bytes[at] > LAST_FILTER) return false;
  return true;
}

/** The picture that the rows are, where none of them is filtered; otherwise they have to be decoded. */
export function unfilteredSamples({ height, width, stride, depth, bytes }: PngLines): InterleavedPicture | undefined {
  const row = (width * stride * depth) / 8;
  const packed = Buffer.allocUnsafeSlow(height * row);
  for (let y = 0; y < height; y++) {
    const start = y * (row + 1);
    if (bytes[start] !== 0) return undefined;
    packed.set(bytes.subarray(start + 1, start + 1 + row), y * row);
  }
  if (depth === 16) packed.swap16();
  const { buffer, byteOffset } = packed;
  const samples = depth === 8 ? new Uint8Array(buffer, byteOffset) : new Uint16Array(buffer, byteOffset);
  const alpha = stride % 2 === 0 ? { alphaAt: stride - 1 } : {};
  return { samples, height, width, stride, channels: stride < 3 ? 1 : 3, ...alpha, white: whiteOfDepth(depth) };
}

/** Whether two PNGs have the same rows: then they hold the same samples. */
export function sameLines(a: PngLines, b: PngLines): boolean {
  if (a.height !== b.height || a.width !== b.width || a.stride !== b.stride || a.depth !== b.depth) return false;
  return Buffer.compare(a.bytes, b.bytes) === 0;
}

/** Paeth's filter has the last number, and is the one that {@link encodePng} passes every row through. */
const LAST_FILTER = 4;

/** Whether every row went through Paeth's filter. */
export function isPaethOnly({ width, stride, depth, bytes }: PngLines): boolean {
  const row = 1 + (width * stride * depth) / 8;
  for (let at = 0; at < bytes.length; at += row) if (bytes[at] !== LAST_FILTER) return false;
  return true;
}

/** Rows are filtered in strips of about so many bytes. */
const STRIP_BYTES = 2 ** 20;

/**
 * Whether rows that all went through Paeth's filter are the rows of these samples. To filter is the work of vectors, to take a filter
 * back goes byte after byte and takes ten times as long.
 */
export function areLinesOf(lines: PngLines, picture: InterleavedPicture): boolean {
  const { height, width, stride, depth, bytes } = lines;
  const { samples, white } = picture;
  if (picture.height !== height || picture.width !== width || picture.stride !== stride) return false;
  if (8 * samples.BYTES_PER_ELEMENT !== depth || white !== whiteOfDepth(depth)) return false;
  const length = (width * stride * depth) / 8;
  const rows = Math.min(height, Math.max(1, Math.floor(STRIP_BYTES / length)));
  const room = new Uint8Array(rows * (length + 1));
  for (let y = 0; y < height; y += rows) {
    const above = y > 0;
    const end = Math.min(height, y + rows);
    const strip = samples.subarray((y - Number(above)) * width * stride, end * width * stride);
    const pixelBytes = (stride * depth) / 8;
    const filtered = filterRows({ bytes: highByteFirst(strip), length, pixelBytes, above }, room);
    if (Buffer.compare(filtered, bytes.subarray(y * (length + 1), end * (length + 1))) !== 0) return false;
  }
  return true;
}

function highByteFirst(samples: StoredSamples): Uint8Array {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return isUint8Array(samples) ? bytes : Buffer.from(bytes).swap16();
}

/** Rows of more are decoded strip by strip by who can: a grey picture of 16383² has as many. */
const MOST_BYTES = 2 ** 28;

/** Bytes that one byte of deflated data can stand for; a header that claims more is not believed. */
const MOST_INFLATED = 1032;

export interface PngChunk {
  readonly name: string;
  readonly data: Uint8Array;
}

/** Chunks that neither change samples nor turn them, beside those that hold them. */
const PLAIN: ReadonlySet<string> = new Set(
  'IHDR IDAT IEND pHYs iCCP sRGB gAMA cHRM sBIT tEXt zTXt iTXt tIME bKGD hIST'.split(' '),
);

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Every chunk of a PNG, from IHDR to IEND with nothing after it; nothing where one is cut off or its checksum does not hold. */
export function pngChunks(bytes: Uint8Array): PngChunk[] | undefined {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: PngChunk[] = [];
  for (let at = SIGNATURE.length; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length || crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) return undefined;
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if ((chunks.length === 0) !== (name === 'IHDR')) return undefined;
    chunks.push({ name, data: bytes.subarray(at + 8, end - 4) });
    if (name === 'IEND') return end === bytes.length && isInOrder(chunks) ? chunks : undefined;
    at = end;
  }
  return undefined;
}

/** Whether all IDAT chunks follow one another. */
function isInOrder(chunks: readonly PngChunk[]): boolean {
  const isData = ({ name }: PngChunk): boolean => name === 'IDAT';
  const first = chunks.findIndex(isData);
  return first !== -1 && chunks.slice(first, chunks.findLastIndex(isData) + 1).every(isData);
}

/** Samples of a pixel by the header's colour type; a palette (3) is not of the plain kind. */
const STRIDES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

function shapeOf(header: Uint8Array): Omit<PngLines, 'bytes'> | undefined {
  if (header.length !== 13) return undefined;
  const view = new DataView(header.buffer, header.byteOffset);
  const [depth, colourType, compression, filter, interlace] = header.subarray(8);
  const stride = STRIDES[colourType];
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  if (stride === undefined || (depth !== 8 && depth !== 16) || width * height === 0) return undefined;
  return compression + filter + interlace === 0 ? { height, width, stride, depth } : undefined;
}
