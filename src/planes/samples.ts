import { expected } from './expected.ts';
import { createPlanes, type Planes, whiteOf } from './planes.ts';

/** Samples as files store them. */
export type StoredSamples = Uint8Array | Uint16Array | Float32Array;

export type Rounding = 'nearest' | 'truncate';

/**
 * Planes from interleaved samples (RGBRGB…), each held exactly as Float32.
 *
 * @param samples height·width·stride values; the first `channels` of every `stride` become planes, after skipping `skip`.
 */
export function fromInterleaved(
  samples: StoredSamples,
  shape: { channels: number; height: number; width: number; stride?: number; skip?: number },
  white: number,
): Planes {
  const { channels, height, width, stride = channels, skip = 0 } = shape;
  if (samples.length !== height * width * stride) {
    throw expected(`${height * width * stride} samples`, `${height}×${width} pixels of ${stride}`, samples.length);
  }
  const result = createPlanes(channels, height, width, white);
  const size = height * width;
  for (let c = 0; c < channels; c++) {
    const plane = result.data.subarray(c * size, (c + 1) * size);
    for (let i = 0, from = skip + c; i < size; i++, from += stride) plane[i] = samples[from];
  }
  return result;
}

/**
 * Interleaved samples of `depth` bits from planes: scaled from the planes' white to the depth's, rounded, and clamped to [0, white].
 * A sample that is not a number is stored as 0.
 *
 * @param layers planes of one size; their channels follow one another in every pixel (colour, then alpha).
 * @param rounding `nearest` takes ties to even; `truncate` cuts towards zero.
 */
export function toInterleaved(
  layers: readonly Planes[],
  depth: 8 | 16,
  rounding: Rounding = 'nearest',
): Uint8Array | Uint16Array {
  const { height, width } = layers[0];
  const stride = layers.reduce((sum, layer) => sum + layer.channels, 0);
  const size = height * width;
  const stored = depth === 8 ? new Uint8Array(size * stride) : new Uint16Array(size * stride);
  const storedWhite = whiteOfDepth(depth);
  let offset = 0;
  for (const layer of layers) {
    if (layer.height !== height || layer.width !== width) {
      throw expected(`layers of ${height}×${width}`, 'a picture', `${layer.height}×${layer.width}`);
    }
    const white = whiteOf(layer);
    for (let c = 0; c < layer.channels; c++, offset++) {
      const plane = layer.data.subarray(c * size, (c + 1) * size);
      for (let i = 0, to = offset; i < size; i++, to += stride) {
        const value = white === storedWhite ? plane[i] : (plane[i] * storedWhite) / white;
        stored[to] = roundSample(value, storedWhite, rounding);
      }
    }
  }
  return stored;
}

/** Added to a number below 2^51 and taken away again, it leaves the nearest whole number, ties to even (IEEE 754's own rounding). */
const TO_NEAREST = 1.5 * 2 ** 52;

/** One sample rounded and clamped to [0, white]; 0 for what is not a number. */
export function roundSample(value: number, white: number, rounding: Rounding = 'nearest'): number {
  // Written so that NaN falls through to 0.
  if (!(value > 0)) return 0;
  if (value >= white) return white;
  return rounding === 'nearest' ? value + TO_NEAREST - TO_NEAREST : Math.trunc(value);
}

/** 255, 65535, or 1 for Float32. */
export function whiteOfDepth(depth: 8 | 16 | 32): number {
  return depth === 32 ? 1 : 2 ** depth - 1;
}
