import type { Planes } from '../../planes/planes.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { arenaOf, workspace } from '../../wasm/workspace.ts';
import { followWeak } from './hysteresis.ts';
import { THIN_MARKS_NAME, thinMarksCode } from './thinMarksCode.ts';

/**
 * Thin lines linked by hysteresis, in one pass over gradients that lie in the engine's memory: what `suppress` (interpolated) and
 * then `linkEdges` give.
 *
 * @param length C×H×W
 * @param low in samples, as `high`
 * @param inside height·width numbers, 1 where edges may be; everywhere where left out
 * @returns height·width samples of each channel, 0 and 255; undefined where the planes do not lie in one memory
 */
export function thinMarks(
  length: Planes,
  across: Planes,
  down: Planes,
  low: number,
  high: number,
  inside: Uint8Array | undefined,
): Uint8Array[] | undefined {
  const arena = arenaOf(length.data);
  if (arena === undefined || arenaOf(across.data) !== arena || arenaOf(down.data) !== arena) return undefined;
  const { channels, height, width } = length;
  const columns = GROUP * Math.ceil(width / GROUP);
  const rowBytes = 4 * (columns + 2 * GROUP);
  const pitch = columns + GROUP;
  const marksBytes = pitch * (height + 2) + GROUP;
  const own = workspace([length.data], 3 * rowBytes + marksBytes);
  if (own.arena !== arena) return undefined;
  const { bytes } = arena;
  const { thin, finish } = functionsOf(THIN_MARKS_NAME, arena, thinMarksCode);
  const ringOf = (row: number): number => own.address + ((row + 3) % 3) * rowBytes + 4 * GROUP;
  const marks = own.address + 3 * rowBytes;
  const marksOf = (row: number): number => marks + (row + 1) * pitch + GROUP;
  const limits = [floor32(low), floor32(high)];

  return Array.from({ length: channels }, (_, c) => {
    const rowOf = (row: number): number => 4 * (c * height + row) * width;
    const load = (row: number): void => {
      const start = length.data.byteOffset + rowOf(row);
      bytes.copyWithin(ringOf(row), start, start + 4 * width);
    };
    bytes.fill(0, own.address, marks + pitch + GROUP);
    bytes.fill(0, marksOf(height) - GROUP, marks + marksBytes);
    load(0);
    for (let row = 0; row < height; row++) {
      if (row + 1 < height) load(row + 1);
      else bytes.fill(0, ringOf(row + 1), ringOf(row + 1) + 4 * width);
      thin(
        ringOf(row - 1),
        ringOf(row),
        ringOf(row + 1),
        across.data.byteOffset + rowOf(row),
        down.data.byteOffset + rowOf(row),
        marksOf(row),
        columns,
        ...limits,
      );
      bytes.fill(0, marksOf(row) + width, marksOf(row) + pitch);
      if (inside !== undefined) {
        for (let j = 0; j < width; j++) if (inside[row * width + j] === 0) bytes[marksOf(row) + j] = 0;
      }
    }
    followWeak(bytes.subarray(marks, marks + marksBytes), pitch);
    const edges = new Uint8Array(height * width);
    for (let row = 0; row < height; row++) {
      finish(marksOf(row), columns);
      edges.set(bytes.subarray(marksOf(row), marksOf(row) + width), row * width);
    }
    return edges;
  });
}

/** Columns that are worked on at a time. */
const GROUP = 16;

/** The largest Float32 that is not above a number from 0: what is above the one is above the other. */
function floor32(value: number): number {
  const nearest = Float32Array.of(value);
  if (nearest[0] > value) new Uint32Array(nearest.buffer)[0]--;
  return nearest[0];
}
