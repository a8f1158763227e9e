import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** PNG's colour types (PNG, third edition, 11.2.1). */
export const COLOUR = { grey: 0, rgb: 2, palette: 3, greyAlpha: 4, rgba: 6 } as const;

/** A PNG file of the given chunks, between the signature and nothing. */
export function pngOf(...chunks: Uint8Array[]): Buffer {
  return Buffer.concat([SIGNATURE, ...chunks]);
}

export function chunk(type: string, data: Uint8Array | readonly number[] = []): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), Uint8Array.from(data)]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(named.length - 4, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

export function header(width: number, height: number, bits: number, colour: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([bits, colour], 8);
  return chunk('IHDR', data);
}

/** The rows, each after the byte of filter type None. */
export function pixels(...rows: (Uint8Array | readonly number[])[]): Buffer {
  return chunk('IDAT', deflateSync(Buffer.concat(rows.map((row) => Uint8Array.of(0, ...row)))));
}

/** A whole PNG: header, chunks before the pixels, pixels, end. */
export function png(
  [width, height, bits, colour]: readonly [width: number, height: number, bits: number, colour: number],
  rows: readonly (Uint8Array | readonly number[])[],
  before: readonly Uint8Array[] = [],
): Buffer {
  return pngOf(header(width, height, bits, colour), ...before, pixels(...rows), chunk('IEND'));
}
