import sharp from 'sharp';
import { chunk, COLOUR, header, pixels, png, pngOf } from '../files/handmadePng.ts';
import { tiff } from '../files/handmadeTiff.ts';

/** A file that a batch meets: its name and bytes, and either why it is refused or the size of what is made of it. */
export interface FaultyFile {
  readonly fault: number;
  readonly title: string;
  readonly name: string;
  readonly bytes: () => Uint8Array | Promise<Uint8Array>;
  readonly refused?: RegExp;
  readonly made?: readonly [width: number, height: number];
  /** How many pages or frames are told of. */
  readonly pages?: number;
}

const noise = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => (i * i) % 256);
const picture = sharp(noise, { raw: { width: 64, height: 48, channels: 3 } });
const whole = await picture.clone().png().toBuffer();
const jpeg = await picture.clone().jpeg().toBuffer();

const damaged = /damaged/;
const size = [64, 48] as const;

/** Faults 1 to 24: what is wrong with, or odd about, the files themselves. */
export const FAULTY_FILES: readonly FaultyFile[] = [
  { fault: 1, title: 'zero bytes', name: 'zero.png', bytes: () => Buffer.alloc(0), refused: /an empty file/ },
  { fault: 2, title: 'one byte', name: 'one.jpg', bytes: () => Buffer.of(0xff), refused: /no known picture format/ },
  { fault: 3, title: 'text', name: 'text.jpg', bytes: () => Buffer.from('Dear diary'), refused: /received text/ },
  { fault: 4, title: 'PNG named .jpg', name: 'really-png.jpg', bytes: () => whole, made: size },
  {
    fault: 5,
    title: 'truncated JPEG',
    name: 'cut-jpeg.jpg',
    bytes: () => jpeg.subarray(0, jpeg.length >> 1),
    refused: damaged,
  },
  {
    fault: 6,
    title: 'truncated PNG',
    name: 'cut-png.png',
    bytes: () => whole.subarray(0, whole.length >> 1),
    refused: damaged,
  },
  {
    fault: 7,
    title: 'bad checksum',
    name: 'crc.png',
    bytes: () => flipped(whole, whole.length - 13),
    refused: damaged,
  },
  {
    fault: 8,
    title: 'no pixels',
    name: 'no-idat.png',
    bytes: () => pngOf(header(2, 2, 8, COLOUR.grey), chunk('IEND')),
    refused: damaged,
  },
  {
    fault: 9,
    title: 'junk after a PNG',
    name: 'trailing-png.png',
    bytes: () => Buffer.concat([whole, Buffer.from('<?php junk')]),
    made: size,
  },
  {
    fault: 9,
    title: 'junk after a JPEG',
    name: 'trailing-jpeg.jpg',
    bytes: () => Buffer.concat([jpeg, Buffer.alloc(999, 7)]),
    made: size,
  },
  {
    fault: 10,
    title: 'PNG bomb',
    name: 'bomb.png',
    bytes: () => pngOf(header(50000, 50000, 1, COLOUR.grey), pixels([0]), chunk('IEND')),
    refused: /at most 268402689 pixels .* but received 50000×50000/,
  },
  {
    fault: 11,
    title: 'AVIF bomb',
    name: 'bomb.avif',
    bytes: async () => claiming(await picture.clone().avif().toBuffer(), 17000),
    refused: /at most 268402689 pixels .* but received 17000×17000|damaged/,
  },
  {
    fault: 12,
    title: 'sides over 2^31',
    name: 'overflow.png',
    bytes: () => pngOf(header(0xffffffff, 0xffffffff, 8, COLOUR.rgb), pixels([0]), chunk('IEND')),
    refused: /at most 268402689 pixels/,
  },
  {
    fault: 13,
    title: 'a strip',
    name: 'strip.png',
    bytes: () =>
      png(
        [1, 100_000, 8, COLOUR.grey],
        Array.from({ length: 100_000 }, (_, i) => [i & 255]),
      ),
    made: [1, 100_000],
  },
  { fault: 14, title: 'a pixel', name: 'pixel.png', bytes: () => png([1, 1, 8, COLOUR.grey], [[7]]), made: [1, 1] },
  {
    fault: 15,
    title: 'CMYK',
    name: 'cmyk.jpg',
    bytes: () => picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
    made: size,
  },
  {
    fault: 16,
    title: '12-bit JPEG',
    name: 'twelve.jpg',
    bytes: () => withFrame(jpeg, 0xc1, 12),
    refused: /received JPEG of 12 bits/,
  },
  {
    fault: 16,
    title: 'lossless JPEG',
    name: 'lossless.jpg',
    bytes: () => withFrame(jpeg, 0xc3, 8),
    refused: /received lossless JPEG/,
  },
  {
    fault: 17,
    title: '16-bit grey with alpha',
    name: 'grey-alpha.png',
    bytes: () =>
      png(
        [2, 2, 16, COLOUR.greyAlpha],
        [
          [1, 2, 3, 4, 5, 6, 7, 8],
          [8, 7, 6, 5, 4, 3, 2, 1],
        ],
      ),
    made: [2, 2],
  },
  {
    fault: 18,
    title: 'a palette with tRNS',
    name: 'palette.png',
    bytes: () => png([2, 1, 8, COLOUR.palette], [[0, 1]], [chunk('PLTE', [1, 2, 3, 4, 5, 6]), chunk('tRNS', [0, 128])]),
    made: [2, 1],
  },
  ...Array.from({ length: 8 }, (_, i) => ({
    fault: 19,
    title: `EXIF orientation ${i + 1}`,
    name: `exif-${i + 1}.jpg`,
    bytes: () =>
      picture
        .clone()
        .jpeg()
        .withMetadata({ orientation: i + 1 })
        .toBuffer(),
    made: i < 4 ? size : ([48, 64] as const),
  })),
  {
    fault: 20,
    title: 'a bad ICC profile',
    name: 'icc.jpg',
    bytes: () => withSegment(jpeg, 0xe2, Buffer.from('ICC_PROFILE\0\x01\x01not a profile', 'latin1')),
    made: size,
  },
  {
    fault: 21,
    title: 'an animated GIF',
    name: 'animated.gif',
    bytes: async () => {
      const frames = [whole, await picture.clone().negate().png().toBuffer(), whole];
      return sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer();
    },
    made: size,
    pages: 3,
  },
  {
    fault: 21,
    title: 'an animated PNG, whose first picture is its own',
    name: 'animated.png',
    bytes: () => png([2, 1, 8, COLOUR.grey], [[1, 2]], [chunk('acTL', [0, 0, 0, 2, 0, 0, 0, 0])]),
    made: [2, 1],
    // Itself, and two frames.
    pages: 3,
  },
  {
    fault: 22,
    title: 'a TIFF of two pages',
    name: 'pages.tif',
    bytes: () =>
      sharp([whole, whole], { join: { animated: true } })
        .tiff({ compression: 'none' })
        .toBuffer(),
    made: size,
    pages: 2,
  },
  {
    fault: 22,
    title: 'a TIFF of seven bands',
    name: 'bands.tif',
    bytes: () => tiff({ width: 1, height: 1, stride: 7, bits: 8, extra: [0, 0, 0, 0], data: new Uint8Array(7) }),
    refused: /7 channels/,
  },
  {
    fault: 23,
    title: 'SVG that asks for another file',
    name: 'drawing.png',
    bytes: () =>
      Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image xlink:href="file:///etc/passwd"/></svg>',
      ),
    refused: /SVG, a drawing without samples/,
  },
  {
    fault: 24,
    title: 'a .v file',
    name: 'vips.tif',
    bytes: () => Buffer.from([0xb6, 0xa6, 0xf2, 8, 0, 0, 0, 1]),
    refused: /a libvips \.v file/,
  },
];

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] ^= 0x55;
  return changed;
}

/** An AVIF whose header (ISO/IEC 23008-12, ispe) states other sides than its picture has. */
function claiming(avif: Buffer, side: number): Buffer {
  const changed = Buffer.from(avif);
  const at = changed.indexOf('ispe') + 8;
  changed.writeUInt32BE(side, at);
  changed.writeUInt32BE(side, at + 4);
  return changed;
}

/** A JPEG whose frame header (ITU-T T.81, B.2.2) states another process and precision. */
function withFrame(bytes: Buffer, marker: number, precision: number): Buffer {
  const changed = Buffer.from(bytes);
  const at = changed.findIndex((byte, i) => byte === 0xff && [0xc0, 0xc2].includes(changed[i + 1]));
  changed[at + 1] = marker;
  changed[at + 4] = precision;
  return changed;
}

/** A JPEG with one more segment after its first two bytes. */
function withSegment(bytes: Buffer, marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]);
  return Buffer.concat([bytes.subarray(0, 2), head, data, bytes.subarray(2)]);
}
