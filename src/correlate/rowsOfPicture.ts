import {
  decodeStored,
  decodingTable,
  type InterleavedPicture,
  isLinear,
  type Picture,
  planesOf,
  storedOf,
} from '../planes/picture.ts';
import { type PictureRows, rowsOfPlanes } from '../planes/pictureRows.ts';
import type { Planes } from '../planes/planes.ts';
import { fromInterleaved } from '../planes/samples.ts';
import { encodeSrgb } from '../planes/srgb.ts';
import { isFloat32Array } from '../planes/typedArrays.ts';
import { functionsOf } from '../wasm/modules.ts';
import { arenaOf, workspace } from '../wasm/workspace.ts';
import { expectAlpha } from './alpha/premultiply.ts';
import { LUMA_WEIGHTS, luma, lumaRows } from './luma.ts';
import { type WidenSpecification, widenCode, widenName } from './pass/passWidenCode.ts';

/** The rows of a picture's colours, made of its samples where it holds them; alpha is left out. */
export function rowsOfPicture(x: Planes | Picture): PictureRows {
  const stored = storedOf(x);
  if (stored === undefined) return rowsOfPlanes(planesOf(x));
  const rows = rowsOf(stored, stored.channels);
  if (!isLinear(x)) return rows;
  const table = decodingTable(stored);
  return { ...rows, read: (from, to, lend) => decodeStored(rows.read(from, to, lend), table) };
}

/**
 * The rows of a picture's brightness, as {@link luma} of its planes gives it.
 *
 * @throws ExpectationError, when rows are read, for other than one or three channels
 */
export function brightnessOfPicture(x: Planes | Picture): PictureRows {
  const stored = storedOf(x);
  return stored === undefined || isLinear(x) ? lumaRows(rowsOfPicture(x)) : rowsOf(stored, 1);
}

/** {@link rowsOfPicture} coded by the sRGB curve where they are in proportion to light. */
export function rowsAsStored(x: Planes | Picture, rows: PictureRows): PictureRows {
  return isLinear(x) ? { ...rows, read: (...at) => encodeSrgb(rows.read(...at)) } : rows;
}

/** The rows of a picture's alpha, in the white that it has there; undefined where it has none. */
export function alphaRowsOfPicture(x: Picture): PictureRows | undefined {
  if (x.stored === undefined) {
    if (x.alpha === undefined) return undefined;
    expectAlpha(x.planes, x.alpha);
    return rowsOfPlanes(x.alpha);
  }
  return x.stored.alphaAt === undefined ? undefined : alphaRowsOfSamples(x.stored);
}

function alphaRowsOfSamples({ samples, height, width, stride, alphaAt, white }: InterleavedPicture): PictureRows {
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
