import type { Planes } from '../../planes/planes.ts';
import { hasSimd } from '../../wasm/features.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { arenaOf, workspace } from '../../wasm/workspace.ts';
import { floor32, limitMarks } from './limitMarks.ts';
import { suppress, type SuppressionRule } from './suppress.ts';
import { THIN_MARKS_NAME, thinMarksCode } from './thinMarksCode.ts';

/** Rows of gradients and their lengths, 1×h×W each. */
interface Gradients {
  readonly length: Planes;
  readonly across: Planes;
  readonly down: Planes;
}

/**
 * Marks thin lines: weak where a length is above `low` and the largest along its gradient, as {@link suppress} has it, strong where
 * it is above `high`, too.
 *
 * @param gradients rows of them; where there is none above or below a row, lengths count as 0 there
 * @param from the first row that is marked, `to` the one after the last
 * @param low in samples, as `high`
 * @param marksOf where a row's marks go
 */
export function thinMarks(
  gradients: Gradients,
  rule: SuppressionRule,
  [from, to]: readonly [from: number, to: number],
  [low, high]: readonly [low: number, high: number],
  marksOf: (row: number) => Uint8Array,
): void {
  if (rule === 'interpolated' && hasSimd()) byCode(gradients, [from, to], [low, high], marksOf);
  else {
    const { data, width } = suppress(gradients.length, gradients.across, gradients.down, rule);
    limitMarks(data.subarray(from * width, to * width), width, [low, high], (row) => marksOf(from + row), false);
  }
}

function byCode(
  { length, across, down }: Gradients,
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
  marksOf: (row: number) => Uint8Array,
): void {
  const { height, width } = length;
  const columns = GROUP * Math.ceil(width / GROUP);
  const rowBytes = 4 * (columns + 2 * GROUP);
  const { arena, address } = workspace([length.data], 5 * rowBytes + columns);
  const { bytes, floats } = arena;
  const { thin } = functionsOf(THIN_MARKS_NAME, arena, thinMarksCode);
  const ringOf = (row: number): number => address + ((row + 3) % 3) * rowBytes + 4 * GROUP;
  const slopesAt = [address + 3 * rowBytes, address + 4 * rowBytes];
  const marks = address + 5 * rowBytes;
  const limits = [floor32(low), floor32(high)];
  const load = (row: number): void => {
    const to32 = ringOf(row) / 4;
    if (row < 0 || row >= height) floats.fill(0, to32, to32 + width);
    else floats.set(length.data.subarray(row * width, (row + 1) * width), to32);
  };
  /** Where a row of slopes lies in this memory: copied there, unless it does already. */
  const placed = ({ data }: Planes, row: number, spare: number): number => {
    if (arenaOf(data) === arena) return data.byteOffset + 4 * row * width;
    floats.set(data.subarray(row * width, (row + 1) * width), spare / 4);
    return spare;
  };

  // What lies beside the rows counts as 0.
  bytes.fill(0, address, address + 3 * rowBytes);
  for (const row of [from - 1, from]) load(row);
  for (let row = from; row < to; row++) {
    load(row + 1);
    const slopes = [placed(across, row, slopesAt[0]), placed(down, row, slopesAt[1])];
    thin(ringOf(row - 1), ringOf(row), ringOf(row + 1), ...slopes, marks, columns, ...limits);
    marksOf(row).set(bytes.subarray(marks, marks + width));
  }
}

/** Columns that are worked on at a time. */
const GROUP = 16;
