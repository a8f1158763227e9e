import { nameOf, PictureError } from '../../disk/fileError.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { type NpyArray, parseNpy } from '../../planes/npy.ts';
import type { StoredPicture } from '../../planes/picture.ts';
import { type StoredSamples, whiteOfDepth } from '../../planes/samples.ts';
import { isFloat32Array, isUint16Array, isUint8Array } from '../../planes/typedArrays.ts';
import { tooManyPixels } from './refusals.ts';

/**
 * The samples of a picture in a `.npy` file: H×W (grey), C×H×W with one or three channels, or H×W×C as NumPy, OpenCV and scikit-image
 * have them; what could be either is C×H×W. White is 255 for uint8,
 * 65535 for uint16 and 1 for floats and booleans; float64 is rounded to Float32.
 *
 * @throws PictureError where the file is damaged, too large, or of another shape or type
 */
export function npySamples(bytes: Uint8Array, limitPixels: number, path: string | undefined): StoredPicture {
  const array = parse(bytes, path);
  const { shape } = array;
  const isInterleaved = shape.length === 3 && !isColours(shape[0]) && isColours(shape[2]);
  const [height = 0, width = 0] = isInterleaved ? shape : shape.slice(-2);
  const channels = shape.length === 2 ? 1 : isInterleaved ? shape[2] : shape[0];
  if (shape.length > 3 || shape.length < 2 || !isColours(channels) || height * width === 0) {
    throw unsupported(
      path,
      'samples of shape (H, W), (C, H, W) or (H, W, C) with C of 1 or 3',
      `(${shape.join(', ')})`,
    );
  }
  if (height * width > limitPixels) throw tooManyPixels({ width, height }, limitPixels, path);
  const stored = storedSamples(array, path);
  const depth = isFloat32Array(stored) ? 32 : isUint16Array(stored) ? 16 : 8;
  return {
    samples: channels === 1 || isInterleaved ? stored : interleave(stored, channels),
    height,
    width,
    stride: channels,
    channels,
    white: whiteOfDepth(depth),
    depth,
    lossy: false,
    metadata: { format: 'npy' },
  };
}

function isColours(side: number | undefined): side is 1 | 3 {
  return side === 1 || side === 3;
}

function parse(bytes: Uint8Array, path: string | undefined): NpyArray {
  try {
    return parseNpy(bytes);
  } catch (cause) {
    if (!(cause instanceof ExpectationError)) throw cause;
    throw new PictureError('damaged', `${nameOf(path)}: ${cause.message}`, { path, cause });
  }
}

function storedSamples({ type, data }: NpyArray, path: string | undefined): StoredSamples {
  if (type === 'b1' || type === 'f8') return Float32Array.from(data);
  if (isFloat32Array(data) || isUint16Array(data) || isUint8Array(data)) return data;
  throw unsupported(path, 'samples of type u1, u2, f4, f8 or b1', type);
}

function interleave(planar: StoredSamples, channels: number): StoredSamples {
  const samples = planar.slice();
  const size = planar.length / channels;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < size; i++) samples[i * channels + c] = planar[c * size + i];
  }
  return samples;
}

function unsupported(path: string | undefined, wanted: string, received: string): PictureError {
  return new PictureError('unsupported', `Expected ${wanted} in ${nameOf(path)} but received ${received}`, { path });
}
