import { nameOf, PictureError } from '../../disk/fileError.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { type NpyArray, parseNpy } from '../../planes/npy.ts';
import type { StoredPicture } from '../../planes/picture.ts';
import { type StoredSamples, whiteOfDepth } from '../../planes/samples.ts';
import { isFloat32Array, isUint16Array, isUint8Array } from '../../planes/typedArrays.ts';
import { tooManyPixels } from './refusals.ts';

/**
 * The samples of a picture in a `.npy` file: H×W (grey), C×H×W with one or three channels, or, as most programs in Python hold
 * them, H×W×C with one, three or four (the last of them alpha). Where both are possible, as of 3×40×3, it is C×H×W. Channels are in the
 * order red, green, blue. White is 255 for uint8, 65535 for uint16 and 1 for floats and booleans; float64 is rounded to Float32.
 *
 * @throws PictureError where the file is damaged, too large, or of another shape or type
 */
export function npySamples(bytes: Uint8Array, limitPixels: number, path: string | undefined): StoredPicture {
  const array = parse(bytes, path);
  const layout = layoutOf(array.shape);
  if (layout === undefined) {
    const wanted = 'samples of shape (H, W), (1, H, W), (3, H, W), (H, W, 1), (H, W, 3) or (H, W, 4)';
    throw unsupported(path, wanted, `(${array.shape.join(', ')})`);
  }
  const { height, width, stride, isPlanar } = layout;
  if (height * width > limitPixels) throw tooManyPixels({ width, height }, limitPixels, path);
  const stored = storedSamples(array, path);
  const depth = isFloat32Array(stored) ? 32 : isUint16Array(stored) ? 16 : 8;
  return {
    samples: isPlanar && stride > 1 ? interleave(stored, stride) : stored,
    height,
    width,
    stride,
    channels: stride === 1 ? 1 : 3,
    ...(stride === 4 ? { alphaAt: 3 } : {}),
    white: whiteOfDepth(depth),
    depth,
    lossy: false,
    metadata: { format: 'npy' },
  };
}

interface Layout {
  readonly height: number;
  readonly width: number;
  /** Channels, alpha among them. */
  readonly stride: number;
  /** Whether the channels come first. */
  readonly isPlanar: boolean;
}

function layoutOf(shape: readonly number[]): Layout | undefined {
  const [a = 0, b = 0, c = 0] = shape;
  if (shape.some((side) => side === 0)) return undefined;
  if (shape.length === 2) return { height: a, width: b, stride: 1, isPlanar: true };
  if (shape.length !== 3) return undefined;
  if (a === 1 || a === 3) return { height: b, width: c, stride: a, isPlanar: true };
  return c === 1 || c === 3 || c === 4 ? { height: a, width: b, stride: c, isPlanar: false } : undefined;
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
