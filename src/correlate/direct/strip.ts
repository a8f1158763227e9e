import { type Border, borderConstant, borderMap, OUTSIDE } from '../../planes/border.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { Arena } from '../../wasm/arena.ts';
import type { Axis, Geometry } from '../geometry.ts';
import { functionsOf } from '../modules.ts';
import { FILL_NAME, fillCode } from './fillCode.ts';

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
  // A single result needs no phases, whatever the stride.
  const phases = columns.output === 1 ? 1 : columns.stride;
  const needed = sourceSpan(columns, columns.output);
  const phasePitch = oddLines(Math.ceil(needed / phases) + 4);
  const stripRows = sourceSpan(rows, rowsOfResult);
  const rowPitch = phases * phasePitch;
  return { phases, phasePitch, rowPitch, rows: stripRows, planePitch: stripRows * rowPitch, columns: needed };
}

/**
 * Moves the rows that the next strip shares with this one, `count` from row `from` on, to the top of every plane of it.
 *
 * @param strip its address
 */
export function keepSharedRows(
  { floats }: Arena,
  strip: number,
  layout: StripLayout,
  planes: number,
  from: number,
  count: number,
): void {
  if (count === 0) return;
  for (let p = 0; p < planes; p++) {
    const plane = strip / 4 + p * layout.planePitch;
    const start = plane + from * layout.rowPitch;
    floats.copyWithin(plane, start, start + count * layout.rowPitch);
  }
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
 * @param lists address of {@link listWords} words that it may use
 * @returns a function that fills strip rows `from` … `to` of all channels with the rows that begin at row `first` of the padded picture
 */
export function stripFiller(
  x: Planes,
  at: Geometry,
  border: Border,
  layout: StripLayout,
  arena: Arena,
  strip: number,
  lists: number,
): Fill {
  const source: Source = {
    x,
    at,
    layout,
    rowMap: mapOf(at.rows, border),
    columnMap: mapOf(at.columns, border),
    outside: borderConstant(border, whiteOf(x)),
    arena,
    strip,
  };
  return x.data.buffer === arena.memory.buffer && layout.phases === 1 ? fillByCode(source, lists) : fillByRows(source);
}

type Fill = (first: number, from: number, to: number) => void;

interface Source {
  readonly x: Planes;
  readonly at: Geometry;
  readonly layout: StripLayout;
  readonly rowMap: Int32Array;
  readonly columnMap: Int32Array;
  /** What a constant border is, in the picture's samples. */
  readonly outside: number;
  readonly arena: Arena;
  readonly strip: number;
}

/** Words that the lists of {@link stripFiller} take. */
export function listWords(layout: StripLayout): number {
  return layout.rows + layout.columns;
}

/** Of a row: samples on the left and on the right that the border gives, and the samples between that are copied. */
function sides({ at, layout }: Source): { left: number; skip: number; inside: number; right: number } {
  const { before, input } = at.columns;
  const left = Math.min(layout.columns, Math.max(0, before));
  const skip = Math.max(0, -before);
  const inside = Math.max(0, Math.min(input - skip, layout.columns - left));
  return { left, skip, inside, right: layout.columns - left - inside };
}

/** Rows of a picture in the same memory. */
function fillByCode(source: Source, lists: number): Fill {
  const { x, layout, rowMap, columnMap, outside, arena, strip } = source;
  const { left, skip, inside, right } = sides(source);
  const { words } = arena;
  const rowList = lists / 4;
  const columnList = rowList + layout.rows;
  const list = (from: number, count: number): number => {
    if (count === 0 || columnMap[from] === OUTSIDE) return 0;
    for (let j = from; j < from + count; j++) words[columnList + j] = 4 * columnMap[j];
    return 4 * (columnList + from);
  };
  const leftList = list(0, left);
  const rightList = list(left + inside, right);
  const vectors = Math.ceil(layout.columns / 4);
  const { fill } = functionsOf(FILL_NAME, arena, fillCode);
  const operands = [4 * skip, 4 * inside, left, leftList, right, rightList, vectors, outside];
  return (first, from, to) => {
    if (from === to) return;
    for (let c = 0; c < x.channels; c++) {
      for (let row = from; row < to; row++) {
        const sourceRow = rowMap[first + row];
        const place = x.data.byteOffset + 4 * (c * x.height + sourceRow) * x.width;
        words[rowList + row] = sourceRow === OUTSIDE ? 0 : place;
      }
      const target = 4 * (strip + c * layout.planePitch + from * layout.rowPitch);
      fill(4 * (rowList + from), target, 4 * layout.rowPitch, to - from, ...operands);
    }
  };
}

/** Rows of a picture in another memory, or in phases. */
function fillByRows(source: Source): Fill {
  const { x, layout, rowMap, columnMap, outside, arena, strip } = source;
  const { floats } = arena;
  const { left, skip, inside } = sides(source);

  return (first, from, to) => {
    for (let c = 0; c < x.channels; c++) {
      for (let row = from; row < to; row++) {
        const target = strip + c * layout.planePitch + row * layout.rowPitch;
        const sourceRow = rowMap[first + row];
        const start = (c * x.height + sourceRow) * x.width;
        if (sourceRow === OUTSIDE) floats.fill(outside, target, target + layout.rowPitch);
        else if (layout.phases === 1) copyContiguous(target, start);
        else copyPhases(target, start);
      }
    }
  };

  function copyContiguous(target: number, start: number): void {
    for (let j = 0; j < left; j++) floats[target + j] = sampleAt(start, j);
    floats.set(x.data.subarray(start + skip, start + skip + inside), target + left);
    for (let j = left + inside; j < layout.columns; j++) floats[target + j] = sampleAt(start, j);
  }

  function copyPhases(target: number, start: number): void {
    const { phases, phasePitch, columns } = layout;
    for (let phase = 0; phase < phases; phase++) {
      for (let j = phase, i = target + phase * phasePitch; j < columns; j += phases, i++) {
        floats[i] = sampleAt(start, j);
      }
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
