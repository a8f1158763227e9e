import { hasSimd } from '../../wasm/features.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { workspace } from '../../wasm/workspace.ts';
import { NONE, STRONG, WEAK } from './hysteresis.ts';
import { LIMIT_MARKS_NAME, limitMarksCode } from './limitMarksCode.ts';

/**
 * Marks pixels by their responses' absolute values: weak above `low`, strong above `high`.
 *
 * @param responses rows of so many samples as `width`
 * @param low in samples, from 0, as `high`
 * @param marksOf a row's marks, which are written
 * @param among whether only pixels that have been marked weak may be marked; else all may
 */
export function limitMarks(
  responses: Float32Array,
  width: number,
  [low, high]: readonly [low: number, high: number],
  marksOf: (row: number) => Uint8Array,
  among: boolean,
): void {
  const rows = responses.length / width;
  if (!hasSimd()) {
    for (let row = 0; row < rows; row++) limitRow(responses, row * width, low, high, marksOf(row), among);
    return;
  }
  const columns = GROUP * Math.ceil(width / GROUP);
  const { arena, address } = workspace([], 5 * columns);
  const { limit } = functionsOf(LIMIT_MARKS_NAME, arena, limitMarksCode);
  const { bytes, floats } = arena;
  const marks = address + 4 * columns;
  const limits = [floor32(low), floor32(high)];
  for (let row = 0; row < rows; row++) {
    const of = marksOf(row);
    floats.set(responses.subarray(row * width, (row + 1) * width), address / 4);
    if (among) bytes.set(of, marks);
    else bytes.fill(WEAK, marks, marks + width);
    limit(address, marks, columns, ...limits);
    of.set(bytes.subarray(marks, marks + width));
  }
}

/** Columns that are worked on at a time. */
const GROUP = 16;

function limitRow(
  responses: Float32Array,
  start: number,
  low: number,
  high: number,
  marks: Uint8Array,
  among: boolean,
): void {
  for (let j = 0; j < marks.length; j++) {
    const size = Math.abs(responses[start + j]);
    if (!among || marks[j] === WEAK) marks[j] = size > low ? (size > high ? STRONG : WEAK) : NONE;
  }
}

/** The largest Float32 that is not above a number from 0: what is above the one is above the other. */
export function floor32(value: number): number {
  const nearest = Float32Array.of(value);
  if (nearest[0] > value) new Uint32Array(nearest.buffer)[0]--;
  return nearest[0];
}
