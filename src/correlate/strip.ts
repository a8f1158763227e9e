import { type Border, borderConstant, borderMap, OUTSIDE } from '../planes/border.ts';
import { type Planes, whiteOf } from '../planes/planes.ts';
import type { Arena } from '../wasm/arena.ts';
import type { Axis, Geometry } from './geometry.ts';

/**
 * How the rows of a strip lie in memory. Under a stride of s a row is kept as s phases, every s-th sample in each, so that the
 * samples under one tap are neighbours again.
 */
export interface StripLayout {
  readonly phases: number;
  /** Floats of one phase of a row, its border and what is read beyond included. */
  readonly phasePitch: number;
  /** Floats from row to row. */
  readonly rowPitch: number;
  /** Source rows that the strip holds. */
  readonly rows: number;
  /** Floats from channel to channel. */
  readonly planePitch: number;
  /** Source columns that a row of results reads. */
  readonly columns: number;
}

/** Rows that begin in the same cache set fight for it: an odd number of cache lines a row spreads them over all sets. */
const LINE = 16;

export function stripLayout(at: Geometry, rowsOfResult: number): StripLayout {
  const { rows, columns } = at;
  const phases = columns.stride;
  const needed = sourceSpan(columns, columns.output);
  const phasePitch = oddLines(Math.ceil(needed / phases) + 4);
  const stripRows = sourceSpan(rows, rowsOfResult);
  const rowPitch = phases * phasePitch;
  return { phases, phasePitch, rowPitch, rows: stripRows, planePitch: stripRows * rowPitch, columns: needed };
}

/** At least so many floats, in an odd number of cache lines. */
export function oddLines(floats: number): number {
  const lines = Math.ceil(floats / LINE);
  return LINE * (lines % 2 === 1 ? lines : lines + 1);
}

/** Source samples that so many results in a row read, from the first one's first to the last one's last. */
export function sourceSpan({ stride, dilation, taps }: Axis, results: number): number {
  return (results - 1) * stride + dilation * (taps - 1) + 1;
}

/**
 * Writes source rows and the border around them into a strip.
 *
 * @param strip where it begins, in floats
 * @returns a function that fills strip rows `from` … `to` of all channels with the rows that begin at row `first` of the padded picture
 */
export function stripFiller(
  x: Planes,
  at: Geometry,
  border: Border,
  layout: StripLayout,
  arena: Arena,
  strip: number,
): (first: number, from: number, to: number) => void {
  const rowMap = mapOf(at.rows, border);
  const columnMap = mapOf(at.columns, border);
  const outside = borderConstant(border, whiteOf(x));
  const { floats } = arena;
  const source = x.data.buffer === arena.memory.buffer ? x.data.byteOffset / 4 : undefined;
  const copyRow = layout.phases === 1 ? copyContiguous : copyPhases;

  return (first, from, to) => {
    for (let c = 0; c < x.channels; c++) {
      for (let row = from; row < to; row++) {
        const target = strip + c * layout.planePitch + row * layout.rowPitch;
        const sourceRow = rowMap[first + row];
        if (sourceRow === OUTSIDE) floats.fill(outside, target, target + layout.rowPitch);
        else copyRow(target, (c * x.height + sourceRow) * x.width);
      }
    }
  };

  function copyContiguous(target: number, start: number): void {
    const { before, input } = at.columns;
    const left = Math.min(layout.columns, Math.max(0, before));
    const from = start + Math.max(0, -before);
    const inside = Math.max(0, Math.min(start + input - from, layout.columns - left));
    for (let j = 0; j < left; j++) floats[target + j] = sampleAt(start, j);
    if (source === undefined) floats.set(x.data.subarray(from, from + inside), target + left);
    else floats.copyWithin(target + left, source + from, source + from + inside);
    for (let j = left + inside; j < layout.columns; j++) floats[target + j] = sampleAt(start, j);
  }

  function copyPhases(target: number, start: number): void {
    const { phases, phasePitch, columns } = layout;
    for (let phase = 0; phase < phases; phase++) {
      for (let j = phase, i = target + phase * phasePitch; j < columns; j += phases, i++)
        floats[i] = sampleAt(start, j);
    }
  }

  function sampleAt(start: number, j: number): number {
    const column = columnMap[j];
    return column === OUTSIDE ? outside : x.data[start + column];
  }
}

/**
 * For each source coordinate that the results of an axis read, the coordinate inside whose sample stands there. Where `before` is
 * below 0 the results begin inside the picture.
 */
function mapOf(axis: Axis, border: Border): Int32Array {
  const { before, input, output } = axis;
  return borderMap(border, input, before, sourceSpan(axis, output) - before - input);
}
