import type { SeparatedKernel } from '../../kernels/separate.ts';
import type { Planes } from '../../planes/planes.ts';
import type { Arena } from '../../wasm/arena.ts';
import { workspace } from '../../wasm/workspace.ts';
import type { Tile } from '../direct/denseCode.ts';
import { oddLines } from '../direct/strip.ts';
import type { Geometry } from '../geometry.ts';
import { acrossFloats } from './acrossCode.ts';

/** Vectors that the first pass sums at a time: V8 loads the samples of all before it adds up, and has 15 registers for both. */
export const VECTORS = 7;

/** Samples that the emitted code makes at a time; a row that it makes is never shorter. */
export const GROUP: number = 4 * VECTORS;

/** The accumulators of the second pass: a product that is not fused takes a register more. */
export function tileDown(fused: boolean): Tile {
  return fused ? { rows: 3, vectors: 3 } : { rows: 2, vectors: 4 };
}

/** Floats of the lists of taps for 1, 2 and 3 rows at a time. */
const LISTS = 1 + 2 + 3;

/** Rows of results between two moves of what the strips share; whole tiles of 2 or 3 rows. */
const LEAST_ROWS = 18;

/** Floats of a cache line. */
const LINE = 16;

/** How a correlation in two passes is cut into strips, and their rows into segments. */
export interface Layout {
  /** Rows of results of a strip. */
  readonly rows: number;
  /** Rows of the first pass that a strip needs beyond its own. */
  readonly halo: number;
  /** Floats from row to row of the first pass's results. */
  readonly pitch: number;
  readonly segments: readonly Segment[];
}

/** Columns of a row of results of which all or none need no sample from outside the picture. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Where its samples are collected, border and all: floats from row to row of them. None where the picture has them in a row. */
  readonly pitch: number | undefined;
}

/** How a correlation in two passes is cut. */
export function layOut({ width }: Planes, { rows, columns }: Geometry): Layout {
  const halo = rows.dilation * (rows.taps - 1);
  const span = columns.dilation * (columns.taps - 1);
  const inside = Math.min(columns.output, Math.ceil(columns.before / LINE) * LINE);
  const outside = Math.min(columns.output, columns.before + width - span);
  const collected = (from: number, to: number): Segment => ({ from, to, pitch: Math.max(GROUP, to - from) + span });
  const segments =
    inside < outside
      ? [collected(0, inside), { from: inside, to: outside, pitch: undefined }, collected(outside, columns.output)]
      : [collected(0, columns.output)];
  return {
    rows: Math.min(rows.output, LEAST_ROWS * Math.ceil(Math.max(1, halo / LEAST_ROWS))),
    halo,
    pitch: oddLines(columns.output + GROUP),
    segments: segments.filter(({ from, to }) => from < to),
  };
}

/** Where in the arena everything lies. */
export interface Operands {
  readonly arena: Arena;
  /** Addresses: rows of the first pass's results, samples collected for it, */
  readonly responses: number;
  readonly collected: number;
  /** lists of taps across and down, */
  readonly across: number;
  readonly down: number;
  /** rows of the picture and of the result, where they do not lie in the arena (or are too narrow). */
  readonly pictureRows: number | undefined;
  readonly resultRows: number | undefined;
}

/** Room for a strip, and for rows of planes that do not lie in the arena. */
export function place(
  x: Planes,
  { row, column }: SeparatedKernel,
  at: Geometry,
  out: Planes,
  layout: Layout,
): Operands {
  const rows = layout.rows + layout.halo;
  const sizes = {
    responses: rows * layout.pitch,
    collected: rows * Math.max(0, ...layout.segments.map(({ pitch = 0 }) => pitch)),
    across: Math.max(2 * row.width, acrossFloats(row.width)),
    down: column.height * LISTS,
    // The last group of a narrow row reads beyond it.
    pictureRows: rows * x.width + GROUP,
    resultRows: layout.rows * Math.max(GROUP, at.columns.output),
  };
  const total = Object.values(sizes).reduce((sum, size) => sum + padded(size), 0);
  const { arena, address } = workspace([out.data, x.data], 4 * total);
  let next = address;
  const take = (size: number): number => {
    next += 4 * padded(size);
    return next - 4 * padded(size);
  };
  const inArena = (data: Float32Array): boolean => data.buffer === arena.memory.buffer;
  return {
    arena,
    responses: take(sizes.responses),
    collected: take(sizes.collected),
    across: take(sizes.across),
    down: take(sizes.down),
    pictureRows: inArena(x.data) ? undefined : take(sizes.pictureRows),
    resultRows: inArena(out.data) && at.columns.output >= GROUP ? undefined : take(sizes.resultRows),
  };
}

function padded(floats: number): number {
  return Math.ceil(floats / LINE) * LINE;
}
