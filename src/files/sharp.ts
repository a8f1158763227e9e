import type { Sharp } from 'sharp';
import { FileError } from '../disk/fileError.ts';
import { expected } from '../planes/expected.ts';
import { type Picture, planesOf } from '../planes/picture.ts';
import { expectPlanes, type Planes, shapeOf } from '../planes/planes.ts';
import { toInterleaved } from '../planes/samples.ts';
import { depthFor } from './encode/encodeImage.ts';
import { rawPipeline } from './encode/encodeSamples.ts';
import { IMAGE_FORMATS } from './formats.ts';
import { readImage } from './readImage.ts';
import { sharpReason } from './sharpReason.ts';

/**
 * What a sharp pipeline makes, as a picture: its samples before they are encoded, of whatever format the pipeline would write.
 * As with all that sharp writes, they are 8-bit RGB unless the pipeline asks for another space (`toColourspace('b-w')`, `'rgb16'`).
 * The pipeline itself is not used up.
 *
 * @throws FileError where the pipeline fails
 */
export async function fromSharp(pipeline: Sharp): Promise<Picture> {
  const { bytes, format } = await run(pipeline);
  const { metadata, ...picture } = await readImage(bytes, UNLIMITED);
  const { format: _, ...rest } = metadata;
  return { ...picture, lossy: LOSSY.has(format), metadata: { format, ...rest } };
}

/** Where the code may lose something, WebP for one, we cannot know that it did not. */
const LOSSY: ReadonlySet<string> = new Set(['jpeg', 'heif', 'webp']);

/** The pipeline has limits of its own. */
const UNLIMITED = { limitPixels: Number.MAX_SAFE_INTEGER, limitBytes: Number.MAX_SAFE_INTEGER };

async function run(pipeline: Sharp): Promise<{ bytes: Uint8Array; format: string }> {
  try {
    const { format } = await pipeline.metadata();
    const bytes = await pipeline.clone().tiff({ compression: 'none', predictor: 'none', bigtiff: true }).toBuffer();
    return { bytes, format };
  } catch (cause) {
    throw new FileError('damaged', `Expected a picture from the sharp pipeline but it failed: ${sharpReason(cause)}`, {
      cause,
    });
  }
}

/**
 * A sharp pipeline that begins with the picture: 16-bit samples where the picture's depth is 16 or 32 (for planes: where white is
 * 65535), else 8-bit ones, rounded to the nearest (ties to even) and clamped; alpha goes with them, an ICC profile does not.
 * Grey stays one channel and 16 bits stay 16 on the way out, unlike under sharp's defaults.
 *
 * @throws ExpectationError for planes of other than 1 or 3 channels
 */
export function toSharp(x: Picture | Planes): Sharp {
  const colour = planesOf(x);
  expectPlanes(colour, 'the picture');
  if (colour.channels !== 1 && colour.channels !== 3) {
    throw expected('planes of 1 or 3 channels', 'sharp', shapeOf(colour));
  }
  const layers = 'planes' in x && x.alpha ? [colour, x.alpha] : [colour];
  return rawPipeline({
    samples: toInterleaved(layers, depthFor(x, undefined, IMAGE_FORMATS.png)),
    height: colour.height,
    width: colour.width,
    stride: colour.channels + layers.length - 1,
  });
}
