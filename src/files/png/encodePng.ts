import { endianness } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import { isUint8Array } from '../../planes/typedArrays.ts';
import { profileSpace } from '../iccProfile.ts';
import { createRowDeflater } from './deflateRows.ts';

/** Samples to be encoded, pixel after pixel. */
export interface PngPicture {
  /** Height·width·stride samples; Uint16Array are 16-bit ones. */
  readonly samples: Uint8Array | Uint16Array;
  readonly height: number;
  readonly width: number;
  /** Samples of a pixel: 1 is grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly stride: number;
  /** An ICC profile, left out where it is for another number of channels. */
  readonly icc?: Uint8Array | undefined;
  /** Pixels per inch. */
  readonly density?: number | undefined;
}

/**
 * A PNG's bytes, coded for speed: every row through Paeth's filter, then run lengths and Huffman codes, in vector code, strip by
 * strip, so that no second copy of the picture is held. Of edge maps it comes out 4 % smaller than libvips' level 6 with filters
 * chosen row by row, of photographs 5 % larger, in a thirteenth of the time.
 */
export async function encodePng(picture: PngPicture): Promise<Uint8Array> {
  const { samples, width, stride } = picture;
  const pitch = width * stride;
  const rows = (from: number, to: number): Uint8Array => highByteFirst(samples.subarray(from * pitch, to * pitch));
  return encodeRows({ ...picture, depth: samples.BYTES_PER_ELEMENT === 2 ? 16 : 8 }, rows);
}

/** {@link encodePng} of 8-bit samples that come strip by strip, each of whole rows: so no picture need be held. */
export async function encodePngStrips(
  shape: Pick<PngPicture, 'height' | 'width' | 'stride'>,
  strips: AsyncIterator<Uint8Array>,
): Promise<Uint8Array> {
  const pitch = shape.width * shape.stride;
  let held: Uint8Array = new Uint8Array();
  let first = 0;
  return encodeRows({ ...shape, depth: 8 }, async (from, to) => {
    while (first + held.length / pitch < to) {
      const { value, done } = await strips.next();
      if (done) throw new Error(`Expected ${shape.height} rows but received ${first + held.length / pitch}`);
      held = Buffer.concat([held.subarray((from - first) * pitch), value]);
      first = from;
    }
    return held.subarray((from - first) * pitch, (to - first) * pitch);
  });
}

interface PngShape extends Omit<PngPicture, 'samples'> {
  readonly depth: 8 | 16;
}

/** Rows as bytes, 16-bit samples with the high byte first. What is asked for is never further up than the row above what was. */
type Rows = (from: number, to: number) => Uint8Array | Promise<Uint8Array>;

async function encodeRows(shape: PngShape, rows: Rows): Promise<Uint8Array> {
  const { height, width, stride, depth, icc, density } = shape;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, depth);
  header.setUint8(9, COLOUR_TYPES[stride - 1]);
  const parts = [SIGNATURE, ...chunk('IHDR', new Uint8Array(header.buffer))];
  if (icc !== undefined && profileSpace(icc) === (stride < 3 ? 'grey' : 'rgb')) {
    parts.push(...chunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), await promisify(deflate)(icc)])));
  }
  if (density !== undefined) parts.push(...chunk('pHYs', pngResolution(density)));
  for (const data of await compressed(shape, rows)) parts.push(...chunk('IDAT', data));
  parts.push(...chunk('IEND', new Uint8Array()));
  return joined(parts);
}

/** In memory of its own, which can move to another thread; `Buffer.concat` takes a part of a common one for few bytes. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const SIGNATURE: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Grey, grey and alpha, RGB, RGB and alpha (PNG specification, 11.2.1). */
const COLOUR_TYPES: readonly number[] = [0, 4, 2, 6];

function chunk(type: string, data: Uint8Array): Uint8Array[] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, 'latin1');
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(data, crc32(head.subarray(4))));
  return [head, data, tail];
}

const METRES_AN_INCH = 0.0254;
const UNIT_METRE = 1;

/** What `pHYs` holds of pixels per inch. */
export function pngResolution(density: number): Uint8Array {
  const aMetre = Math.min(2 ** 31 - 1, Math.round(density / METRES_AN_INCH));
  const data = Buffer.alloc(9);
  data.writeUInt32BE(aMetre);
  data.writeUInt32BE(aMetre, 4);
  data.writeUInt8(UNIT_METRE, 8);
  return data;
}

/** Bytes of a strip, which are deflated as one block: they stay in the processor's cache, and codes fit a part of the picture. */
const STRIP_BYTES = 2 ** 18;

async function compressed({ height, width, stride, depth }: PngShape, rows: Rows): Promise<Uint8Array[]> {
  const pixelBytes = (stride * depth) / 8;
  const length = width * pixelBytes;
  const stripRows = Math.max(1, Math.floor(STRIP_BYTES / length));
  const deflater = createRowDeflater();
  const parts: Uint8Array[] = [];
  for (let row = 0; row < height; row += stripRows) {
    // Other work has its turn.
    if (row > 0) await turn();
    const above = row > 0;
    const end = Math.min(height, row + stripRows);
    const bytes = await rows(row - Number(above), end);
    parts.push(deflater.add({ bytes, length, pixelBytes, above }, end === height));
  }
  return parts;
}

function highByteFirst(samples: Uint8Array | Uint16Array): Uint8Array {
  if (isUint8Array(samples)) return samples;
  const bytes = Buffer.from(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  return endianness() === 'LE' ? bytes.swap16() : bytes;
}
