import sharp, { type Sharp } from 'sharp';
import { formatNpy } from '../../src/planes/npy.ts';
import { AVIF } from '../files/facts/avifFiles.ts';
import { chunk, header, pixels, pngOf } from '../files/handmadePng.ts';
import { tiff } from '../files/handmadeTiff.ts';

const WIDTH = 24;
const HEIGHT = 18;

/** Small pictures of every format and of kinds that differ in how they are decoded, to be damaged. */
export async function fuzzSeeds(): Promise<ReadonlyMap<string, Uint8Array>> {
  const grey = raw(1);
  const colour = raw(3);
  const clear = raw(4);
  const film = sharp(samples(3, 3), { raw: { width: WIDTH, height: HEIGHT * 3, channels: 3, pageHeight: HEIGHT } });
  const timing = { delay: [50, 50, 50], loop: 0 };
  const files: Record<string, Uint8Array | Promise<Buffer>> = {
    'grey.jpg': grey.clone().jpeg().toBuffer(),
    'progressive.jpg': colour
      .clone()
      .withMetadata({ orientation: 6 })
      .jpeg({ progressive: true, quality: 60 })
      .toBuffer(),
    'cmyk.jpg': colour.clone().toColourspace('cmyk').jpeg().toBuffer(),
    'grey.png': grey.clone().png().toBuffer(),
    'deep.png': clear.clone().toColourspace('rgb16').png().toBuffer(),
    'palette.png': colour.clone().png({ palette: true, colours: 7 }).toBuffer(),
    'interlaced.png': clear.clone().png({ progressive: true }).toBuffer(),
    'frames.png': animatedPng(),
    'lossy.webp': colour.clone().webp({ quality: 50 }).toBuffer(),
    'lossless.webp': clear.clone().webp({ lossless: true }).toBuffer(),
    'film.webp': film.clone().webp(timing).toBuffer(),
    'deflate.tif': colour.clone().tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer(),
    'tiles.tif': colour.clone().tiff({ compression: 'jpeg', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
    'float.tif': tiff({
      width: 4,
      height: 3,
      stride: 1,
      bits: 32,
      format: 3,
      data: Float32Array.from({ length: 12 }, Math.sqrt),
    }),
    'big.tif': grey.clone().tiff({ compression: 'lzw', bigtiff: true }).toBuffer(),
    'still.gif': colour.clone().gif().toBuffer(),
    'film.gif': film.clone().gif(timing).toBuffer(),
    'colour.avif': colour.clone().avif({ quality: 40, effort: 0 }).toBuffer(),
    'narrow.avif': AVIF.narrow8,
    'numbers.npy': formatNpy(Float32Array.from({ length: 24 }, Math.cos), [3, 2, 4]),
  };
  const whole = Object.entries(files).map(async ([name, file]) => [name, await file] as const);
  return new Map(await Promise.all(whole));
}

function samples(channels: number, pictures = 1): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT * channels * pictures }, (_, i) => (i * 37 + ((i * i) % 251)) & 255);
}

function raw(channels: 1 | 3 | 4): Sharp {
  const pipeline = sharp(samples(channels), { raw: { width: WIDTH, height: HEIGHT, channels } });
  return channels === 1 ? pipeline.toColourspace('b-w') : pipeline;
}

/** Two frames of 4×3 grey samples. */
function animatedPng(): Buffer {
  const numbers = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => bytes.writeUInt32BE(value, i * 4));
    return bytes;
  };
  const control = (at: number): Buffer => chunk('fcTL', Buffer.concat([numbers(at, 4, 3, 0, 0), Buffer.alloc(6)]));
  const rows = [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10, 11, 12],
  ];
  const idat = pixels(...rows);
  const data = idat.subarray(8, idat.length - 4);
  return pngOf(
    header(4, 3, 8, 0),
    chunk('acTL', numbers(2, 0)),
    control(0),
    idat,
    control(1),
    chunk('fdAT', Buffer.concat([numbers(2), data])),
    chunk('IEND'),
  );
}
