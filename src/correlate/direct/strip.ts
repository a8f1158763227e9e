import { type Border, borderConstant, borderSource, OUTSIDE } from '../../planes/border.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { Arena } from '../../wasm/arena.ts';
import { functionsOf } from '../../wasm/modules.ts';
import type { Axis, Geometry } from '../geometry.ts';
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
    border,
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
  readonly border: Border;
  /** What a constant border is, in the picture's samples. */
  readonly outside: number;
  readonly arena: Arena;
  readonly strip: number;
}

/** Words that the lists of {@link stripFiller} take. */
export function listWords(layout: StripLayout): number {
  return layout.columns;
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
  const { x, at, border, layout, outside, arena, strip } = source;
  const { left, skip, inside, right } = sides(source);
  const list = (to: number, from: number, count: number): number => {
    if (count === 0 || columnAt(source, from) === OUTSIDE) return 0;
    for (let j = 0; j < count; j++) arena.words[to / 4 + j] = 4 * columnAt(source, from + j);
    return to;
  };
  const leftList = list(lists, 0, left);
  const rightList = list(lists + 4 * left, left + inside, right);
  const { fill } = functionsOf(FILL_NAME, arena, fillCode);
  const vectors = Math.ceil(inside / 4);
  const toRight = 4 * (left + inside);
  const width = 4 * x.width;
  const pitch = 4 * layout.rowPitch;
  return (first, from, to) => {
    for (let row = from, rows = 1; row < to; row += rows) {
      const inPicture = first + row - at.rows.before;
      const sourceRow = borderSource(border, inPicture, x.height);
      // Rows of the border need not follow each other.
      rows = inPicture >= 0 && inPicture < x.height ? Math.min(to - row, x.height - inPicture) : 1;
      for (let c = 0; c < x.channels; c++) {
        const place = strip + c * layout.planePitch + row * layout.rowPitch;
        if (sourceRow === OUTSIDE) {
          arena.floats.fill(outside, place, place + layout.rowPitch);
          continue;
        }
        const start = x.data.byteOffset + (c * x.height + sourceRow) * width;
        fill(
          start,
          4 * place,
          width,
          pitch,
          rows,
          4 * skip,
          vectors,
          left,
          leftList,
          toRight,
          right,
          rightList,
          outside,
        );
      }
    }
  };
}

/** Rows of a picture in another memory, or in phases. */
function fillByRows(source: Source): Fill {
  const { x, at, border, layout, outside, arena, strip } = source;
  const { floats } = arena;
  const { left, skip, inside } = sides(source);

  return (first, from, to) => {
    for (let row = from; row < to; row++) {
      const sourceRow = borderSource(border, first + row - at.rows.before, x.height);
      for (let c = 0; c < x.channels; c++) {
        const target = strip + c * layout.planePitch + row * layout.rowPitch;
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
    const column = columnAt(source, j);
    return column === OUTSIDE ? outside : x.data[start + column];
  }
}

/** The picture's column whose sample stands in column j of a strip. */
function columnAt({ at, border, x }: Source, j: number): number {
  return borderSource(border, j - at.columns.before, x.width);
}
