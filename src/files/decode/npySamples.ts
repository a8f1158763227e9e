import { nameOf, FileError } from '../../disk/fileError.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { type NpyArray, npyHeader, parseNpy } from '../../planes/npy.ts';
import type { PictureShape, StoredPicture } from '../../planes/picture.ts';
import { type StoredSamples, whiteOfDepth } from '../../planes/samples.ts';
import { isFloat32Array, isUint16Array, isUint8Array } from '../../planes/typedArrays.ts';
import { lacksChannel, tooManyPixels } from './refusals.ts';
import { exactFloats } from './wideNumbers.ts';

/**
 * The samples of a picture in a `.npy` file: H×W (grey), C×H×W with one or three channels, or, as most programs in Python hold
 * them, H×W×C with one, three or four (the last of them alpha). Where both are possible, as of 3×40×3, it is C×H×W. Channels are in the
 * order red, green, blue. White is 255 for uint8, 65535 for uint16 and 1 for all others; float64 is rounded to Float32, whole numbers that
 * would be are refused.
 *
 * @param channel from 1: one alone, of any number of them; of as many first as last, those that come first
 * @throws FileError where the file is damaged, too large, or of another shape or type
 */
export function npySamples(
  bytes: Uint8Array,
  limitPixels: number,
  path: string | undefined,
  channel?: number,
): StoredPicture {
  const array = parse(bytes, path, parseNpy);
  const layout = layoutOf(array.shape) ?? (channel === undefined ? undefined : anyLayoutOf(array.shape));
  if (layout === undefined) {
    const wanted = 'samples of shape (H, W), (1, H, W), (3, H, W), (H, W, 1), (H, W, 3) or (H, W, 4)';
    const way = anyLayoutOf(array.shape) === undefined ? '' : '; the option channel takes one of them';
    throw unsupported(path, wanted, `(${array.shape.join(', ')})${way}`);
  }
  const { height, width, stride, isPlanar } = layout;
  if (height * width > limitPixels) throw tooManyPixels({ width, height }, limitPixels, path);
  const stored = storedSamples(array, path);
  if (channel !== undefined) {
    if (channel > stride) throw lacksChannel(channel, stride, path);
    return { ...aboutOf(stored), samples: oneOf(stored, layout, channel - 1), height, width, stride: 1, channels: 1 };
  }
  return {
    ...aboutOf(stored),
    samples: isPlanar && stride > 1 ? interleave(stored, stride) : stored,
    height,
    width,
    stride,
    channels: stride === 1 ? 1 : 3,
    ...(stride === 4 ? { alphaAt: 3 } : {}),
  };
}

function aboutOf(stored: StoredSamples): Pick<StoredPicture, 'white' | 'depth' | 'lossy' | 'metadata'> {
  const depth = isFloat32Array(stored) ? 32 : isUint16Array(stored) ? 16 : 8;
  return { white: whiteOfDepth(depth), depth, lossy: false, metadata: { format: 'npy' } };
}

function oneOf(stored: StoredSamples, { stride, isPlanar }: Layout, channel: number): StoredSamples {
  const size = stored.length / stride;
  if (isPlanar) return stored.slice(channel * size, (channel + 1) * size);
  const picked = stored.slice(0, size);
  for (let i = 0, from = channel; i < size; i++, from += stride) picked[i] = stored[from];
  return picked;
}

/** How many channels an array's shape has room for; 1 where it is no picture's. */
export function npyChannels(bytes: Uint8Array): number {
  const { shape } = parse(bytes, undefined, parseNpy);
  return (layoutOf(shape) ?? anyLayoutOf(shape))?.stride ?? 1;
}

/** What is known of the picture before it is read; nothing where it is none. */
export function npyPicture(bytes: Uint8Array, path: string | undefined, channel?: number): PictureShape | undefined {
  const { type, shape } = parse(bytes, path, npyHeader);
  const layout = layoutOf(shape) ?? (channel === undefined ? undefined : anyLayoutOf(shape));
  if (layout === undefined) return undefined;
  const { height, width } = layout;
  const stride = channel === undefined ? layout.stride : 1;
  const depth = type === 'u1' ? 8 : type === 'u2' ? 16 : 32;
  return { height, width, stride, channels: stride === 1 ? 1 : 3, depth, hasAlpha: stride === 4 };
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

/** Most channels of an array that is taken for a picture. */
const MOST_CHANNELS = 64;

/** Of other numbers of channels: the smaller end of the shape is theirs. */
function anyLayoutOf(shape: readonly number[]): Layout | undefined {
  const [a = 0, b = 0, c = 0] = shape;
  if (shape.length !== 3 || shape.some((side) => side === 0) || Math.min(a, c) > MOST_CHANNELS) return undefined;
  return a <= c
    ? { height: b, width: c, stride: a, isPlanar: true }
    : { height: a, width: b, stride: c, isPlanar: false };
}

function parse<Read>(bytes: Uint8Array, path: string | undefined, read: (bytes: Uint8Array) => Read): Read {
  try {
    return read(bytes);
  } catch (cause) {
    if (!(cause instanceof ExpectationError)) throw cause;
    throw new FileError('damaged', `${nameOf(path)}: ${cause.message}`, { path, cause });
  }
}

function storedSamples({ type, data }: NpyArray, path: string | undefined): StoredSamples {
  if (type === 'b1' || type === 'f8') return Float32Array.from(data);
  if (isFloat32Array(data) || isUint16Array(data) || isUint8Array(data)) return data;
  return exactFloats(data, path);
}

function interleave(planar: StoredSamples, channels: number): StoredSamples {
  const samples = planar.slice();
  const size = planar.length / channels;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < size; i++) samples[i * channels + c] = planar[c * size + i];
  }
  return samples;
}

function unsupported(path: string | undefined, wanted: string, received: string): FileError {
  return new FileError('unsupported', `Expected ${wanted} in ${nameOf(path)} but received ${received}`, { path });
}
