import type { InterleavedPicture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { isFloat32Array } from '../planes/typedArrays.ts';
import { functionsOf } from '../wasm/modules.ts';
import { arenaOf, workspace } from '../wasm/workspace.ts';
import { LUMA_WEIGHTS } from './luma.ts';
import { type WidenSpecification, widenCode, widenName } from './pass/passWidenCode.ts';

/**
 * The brightness of stored samples, as `luma` of their planes gives it, without planes of each colour.
 *
 * @param out 1×H×W in the engine's memory, which is written
 * @returns false, and nothing done, for samples that are no whole numbers, of other than one or three channels, or where `out` does not lie there
 */
export function lumaOfSamples(picture: InterleavedPicture, out: Planes): boolean {
  const { samples, height, width, stride, channels } = picture;
  const arena = arenaOf(out.data);
  const colour = channels === LUMA_WEIGHTS.length;
  if (arena === undefined || isFloat32Array(samples) || !(colour || channels === 1)) return false;
  const specification: WidenSpecification = {
    bytesOfSample: samples.BYTES_PER_ELEMENT as 1 | 2,
    stride,
    places: colour ? [0, 1, 2] : [0],
    ...(colour ? { mix: LUMA_WEIGHTS.map(Math.fround) } : {}),
  };
  const rowBytes = width * stride * samples.BYTES_PER_ELEMENT;
  const own = workspace([out.data], ROWS_AT_ONCE * rowBytes + SLACK);
  if (own.arena !== arena) return false;
  const { widen } = functionsOf(widenName(specification), arena, () => widenCode(specification));
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  for (let row = 0; row < height; row += ROWS_AT_ONCE) {
    const rows = Math.min(ROWS_AT_ONCE, height - row);
    arena.bytes.set(bytes.subarray(row * rowBytes, (row + rows) * rowBytes), own.address);
    // What is written beyond a row is written again by the next one.
    widen(own.address, out.data.byteOffset + 4 * row * width, 0, rows, rowBytes, 4 * width, 4 * width);
  }
  return true;
}

const ROWS_AT_ONCE = 4;

/** Bytes that are read beyond the last row. */
const SLACK = 64;
