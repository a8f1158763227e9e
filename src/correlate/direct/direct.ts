import type { Kernel } from '../../kernels/kernel.ts';
import type { Border } from '../../planes/border.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { Arena } from '../../wasm/arena.ts';
import { arenaOf, workspace } from '../../wasm/workspace.ts';
import type { Axis, Geometry } from '../geometry.ts';
import { type Part, shareOf, WHOLE } from '../part.ts';
import { readsInPlace, rowsOfBand } from './schedule.ts';
import { keepSharedRows, listWords, sourceSpan, stripFiller, stripLayout } from './strip.ts';
import { DIRECT, type RowsMethod } from './taps.ts';

interface DirectOptions {
  /** Multiply and add in one rounding: nearer to the real number, but not the definition's bits. */
  readonly fused: boolean;
  /** The bands of rows to compute, of each window on the result. */
  readonly part?: Part;
  /** What makes rows of results of rows of samples. */
  readonly method?: RowsMethod;
}

/**
 * The correlation by emitted machine code. Rows of the picture are copied with their border into a strip of memory that stays in
 * the level-2 cache, and the taps run over them there; where the picture lies in the engine's memory, they run over the picture
 * itself, and only its rim goes through strips. Unless fused, every sample of the direct method is that of the definition to the last
 * bit: each accumulator starts at +0 and takes its products in the definition's order.
 */
export function correlateDirect(
  x: Planes,
  k: Kernel,
  at: Geometry,
  border: Border,
  out: Planes,
  { fused, part = WHOLE, method = DIRECT }: DirectOptions,
): void {
  const how = { fused, part, method };
  const inside = insideOf(x, k, at, out, method.rowsTogether);
  if (inside === undefined || !runInPlace(x, k, at, inside, out, how)) {
    runStrips(x, k, at, border, { out, row: 0, column: 0 }, how);
    return;
  }
  for (const { rows, columns } of around(inside, at)) {
    const window = { rows: partOf(at.rows, ...rows), columns: partOf(at.columns, ...columns) };
    runStrips(x, k, window, border, { out, row: rows[0], column: columns[0] }, how);
  }
}

type Range = readonly [from: number, to: number];

/** Rows and columns of results. */
interface OutputArea {
  readonly rows: Range;
  readonly columns: Range;
}

/** The results whose windows lie in the picture, where it is worth reading them there. */
function insideOf(x: Planes, k: Kernel, at: Geometry, out: Planes, rowsTogether: number): OutputArea | undefined {
  if (arenaOf(x.data) === undefined || x.data.buffer !== out.data.buffer || !readsInPlace(k, at)) return undefined;
  const rows = wholeRows(insideAxis(at.rows, 0), rowsTogether);
  const columns = insideAxis(at.columns, NARROWEST);
  return rows[1] > rows[0] && columns[1] - columns[0] >= WIDEST_TILE ? { rows, columns } : undefined;
}

/** Results beside it are computed four at a time. */
const NARROWEST = 4;

/** Columns of the widest tile. */
const WIDEST_TILE = 28;

function insideAxis({ before, input, dilation, taps, output }: Axis, least: number): Range {
  const from = before > 0 ? Math.max(before, least) : 0;
  const end = input + before - dilation * (taps - 1);
  return [from, end < output ? Math.min(end, output - least) : output];
}

/** Rows that are made together stay so: what is beside the window holds them whole as well. */
function wholeRows([from, to]: Range, together: number): Range {
  return [Math.ceil(from / together) * together, Math.floor(to / together) * together];
}

/** What is left of all results around a window: above, below, left and right of it. */
function around({ rows, columns }: OutputArea, at: Geometry): OutputArea[] {
  const whole: Range = [0, at.columns.output];
  const parts: OutputArea[] = [
    { rows: [0, rows[0]], columns: whole },
    { rows: [rows[1], at.rows.output], columns: whole },
    { rows, columns: [0, columns[0]] },
    { rows, columns: [columns[1], at.columns.output] },
  ];
  return parts.filter((part) => part.rows[1] > part.rows[0] && part.columns[1] > part.columns[0]);
}

/** An axis of which only the results `from` … `to` are wanted: they begin so much further in the source. */
function partOf(axis: Axis, from: number, to: number): Axis {
  return { ...axis, output: to - from, before: axis.before - from * axis.stride };
}

/** The taps run over the picture itself; false where its arena has no room for them. */
function runInPlace(
  x: Planes,
  k: Kernel,
  at: Geometry,
  inside: OutputArea,
  out: Planes,
  { fused, part, method }: Required<DirectOptions>,
): boolean {
  const { rows, columns } = inside;
  const window = { rows: partOf(at.rows, ...rows), columns: partOf(at.columns, ...columns) };
  const layout = { phases: 1, phasePitch: x.width, rowPitch: x.width, planePitch: x.height * x.width };
  const taps = method.prepare(k, window, layout, fused);
  const { arena, address } = workspace([x.data], 4 * taps.words);
  if (arena.memory.buffer !== x.data.buffer) return false;
  const [from, to] = rowsOfPart(window.rows.output, BAND_ROWS, part);
  if (from === to) return true;
  const source = x.data.byteOffset + 4 * ((from - window.rows.before) * x.width - window.columns.before);
  const run = taps.load(arena, address, whiteOf(x));
  const target = out.data.byteOffset + 4 * ((rows[0] + from) * out.width + columns[0]);
  run(source, target, 4 * out.height * out.width, 4 * out.width, to - from);
  return true;
}

/** Rows that are computed in place by themselves: whole tiles of every height. */
const BAND_ROWS = 48;

/** The rows of a part that is made of units of so many rows. */
function rowsOfPart(rows: number, unit: number, part: Part): readonly [from: number, to: number] {
  const [from, to] = shareOf(Math.ceil(rows / unit), part);
  return [Math.min(rows, from * unit), Math.min(rows, to * unit)];
}

/** Where a window of results goes. */
interface Destination {
  readonly out: Planes;
  readonly row: number;
  readonly column: number;
}

/** The taps run over strips of rows that were copied with their border. */
function runStrips(
  x: Planes,
  k: Kernel,
  at: Geometry,
  border: Border,
  to: Destination,
  { fused, part, method }: Required<DirectOptions>,
): void {
  const { rows, columns } = at;
  const { out } = to;
  const band = rowsOfBand(at, x.channels);
  const [start, end] = rowsOfPart(rows.output, band, part);
  if (start === end) return;
  const rowsOfResult = Math.min(band, end - start);
  const layout = stripLayout(at, rowsOfResult);
  const stripBytes = 4 * x.channels * layout.planePitch;
  const pitch = Math.max(4, columns.output);
  const outBytes = 4 * k.outChannels * rowsOfResult * pitch;
  const taps = method.prepare(k, at, layout, fused);
  const tapsBytes = 4 * taps.words;
  const bytes = stripBytes + outBytes + tapsBytes + 4 * listWords(layout);
  const { arena, address: strip } = workspace([out.data, x.data], bytes);
  const tapsAt = strip + stripBytes + outBytes;
  const run = taps.load(arena, tapsAt, whiteOf(x));
  const fill = stripFiller(x, at, border, layout, arena, strip / 4, tapsAt + tapsBytes);
  // Into the destination itself where it is memory of the arena and a row holds a vector; else into a strip of results.
  const inPlace = out.data.buffer === arena.memory.buffer && columns.output >= 4;
  const results = inPlace
    ? {
        address: out.data.byteOffset + 4 * (to.row * out.width + to.column),
        pitch: out.width,
        plane: out.height * out.width,
      }
    : { address: strip + stripBytes, pitch, plane: rowsOfResult * pitch };

  for (let from = start, filled = 0; from < end; from += rowsOfResult) {
    const count = Math.min(rowsOfResult, end - from);
    const step = rowsOfResult * rows.stride;
    const shared = Math.max(0, filled - step);
    keepSharedRows(arena, strip, layout, x.channels, step, shared);
    filled = sourceSpan(rows, count);
    fill(from * rows.stride, shared, filled);
    const target = results.address + 4 * (inPlace ? from : 0) * results.pitch;
    run(strip, target, 4 * results.plane, 4 * results.pitch, count);
    if (!inPlace) copyOut(arena, results, { out, row: to.row + from, column: to.column }, count, columns.output);
  }
}

function copyOut(
  arena: Arena,
  results: { address: number; pitch: number; plane: number },
  { out, row, column }: Destination,
  count: number,
  width: number,
): void {
  const copy = (source: number, target: number, length: number): void =>
    out.data.set(arena.floats.subarray(source, source + length), target);
  for (let o = 0; o < out.channels; o++) {
    const source = results.address / 4 + o * results.plane;
    const target = (o * out.height + row) * out.width + column;
    if (results.pitch === out.width && width === out.width) {
      copy(source, target, count * width);
      continue;
    }
    for (let i = 0; i < count; i++) copy(source + i * results.pitch, target + i * out.width, width);
  }
}
