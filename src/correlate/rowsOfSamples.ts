import type { InterleavedPicture } from '../planes/picture.ts';
import type { PictureRows } from '../planes/pictureRows.ts';
import type { Planes } from '../planes/planes.ts';
import { fromInterleaved } from '../planes/samples.ts';
import { decodeSrgb } from '../planes/srgb.ts';
import { isFloat32Array } from '../planes/typedArrays.ts';
import { functionsOf } from '../wasm/modules.ts';
import { arenaOf, workspace } from '../wasm/workspace.ts';
import { LUMA_WEIGHTS, luma } from './luma.ts';
import { type WidenSpecification, widenCode, widenName } from './pass/passWidenCode.ts';

/** The rows of stored samples, each channel of its own; alpha is left out. */
export function rowsOfSamples(picture: InterleavedPicture): PictureRows {
  return rowsOf(picture, picture.channels);
}

/**
 * The rows of the brightness of stored samples, as {@link luma} of their planes gives it.
 *
 * @throws ExpectationError, when rows are read, for other than one or three channels
 */
export function brightnessOfSamples(picture: InterleavedPicture): PictureRows {
  return rowsOf(picture, 1);
}

/** {@link rowsOfSamples} in proportion to light: decoded by the sRGB curve. */
export function linearRows(picture: InterleavedPicture): PictureRows {
  const stored = rowsOfSamples(picture);
  const { samples, white } = picture;
  if (isFloat32Array(samples)) return { ...stored, read: (from, to, lend) => decodeSrgb(stored.read(from, to, lend)) };
  // Of whole numbers there are few.
  const every = Float32Array.from({ length: 256 ** samples.BYTES_PER_ELEMENT }, (_, i) => i);
  const decoded = decodeSrgb({ channels: 1, height: 1, width: every.length, data: every, white }).data;
  return {
    ...stored,
    read(from, to, lend) {
      const rows = stored.read(from, to, lend);
      const { data } = rows;
      for (let i = 0; i < data.length; i++) data[i] = decoded[data[i]];
      return rows;
    },
  };
}

/** The rows of a picture's alpha, in the picture's white. */
export function alphaRowsOfSamples({
  samples,
  height,
  width,
  stride,
  alphaAt,
  white,
}: InterleavedPicture): PictureRows {
  return {
    channels: 1,
    height,
    width,
    white,
    read(from, to) {
      const part = samples.subarray(from * width * stride, to * width * stride);
      return fromInterleaved(part, { channels: 1, height: to - from, width, stride, skip: alphaAt ?? 0 }, white);
    },
  };
}

function rowsOf(picture: InterleavedPicture, channels: number): PictureRows {
  const { height, width, white, samples, stride } = picture;
  return {
    channels,
    height,
    width,
    white,
    read(from, to, lend) {
      const part = {
        ...picture,
        height: to - from,
        samples: samples.subarray(from * width * stride, to * width * stride),
      };
      const rows = lend(channels, to - from, width, white);
      if (widened(part, rows)) return rows;
      const planes = fromInterleaved(part.samples, part, white);
      return channels === planes.channels ? planes : luma(planes);
    },
  };
}

/** Makes planes of samples where there is code for it: for whole numbers, in the engine's memory. */
function widened(picture: InterleavedPicture, out: Planes): boolean {
  const { samples, height, width, stride, channels } = picture;
  const isMixed = out.channels === 1 && channels === LUMA_WEIGHTS.length;
  if (isFloat32Array(samples) || !(isMixed || out.channels === channels)) return false;
  const arena = arenaOf(out.data);
  const rowBytes = width * stride * samples.BYTES_PER_ELEMENT;
  const own = arena && workspace([out.data], ROWS_AT_ONCE * rowBytes + SLACK);
  if (arena === undefined || own?.arena !== arena) return false;
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  for (let plane = 0; plane < out.channels; plane++) {
    const specification: WidenSpecification = {
      bytesOfSample: samples.BYTES_PER_ELEMENT as 1 | 2,
      stride,
      ...(isMixed ? { places: [0, 1, 2], mix: LUMA_WEIGHTS.map(Math.fround) } : { places: [plane] }),
    };
    const { widen } = functionsOf(widenName(specification), arena, () => widenCode(specification));
    const target = out.data.byteOffset + 4 * plane * height * width;
    for (let row = 0; row < height; row += ROWS_AT_ONCE) {
      const rows = Math.min(ROWS_AT_ONCE, height - row);
      arena.bytes.set(bytes.subarray(row * rowBytes, (row + rows) * rowBytes), own.address);
      // What is written beyond a row is written again by the next one.
      widen(own.address, target + 4 * row * width, 0, rows, rowBytes, 4 * width, 4 * width);
    }
  }
  return true;
}

const ROWS_AT_ONCE = 4;

/** Bytes that are read beyond the last row. */
const SLACK = 64;
