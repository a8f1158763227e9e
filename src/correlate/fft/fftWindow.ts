import { type Border, borderConstant, borderMap, OUTSIDE } from '../../planes/border.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { Arena } from '../../wasm/arena.ts';
import type { Exports } from '../../wasm/host.ts';
import type { Geometry } from '../geometry.ts';
import { type TileWindow, type Place } from './fftLayout.ts';
import type { TileSize } from './fftLayout.ts';
import type { OutputStrips } from './fftStrips.ts';

/**
 * Windows of a tile's size on the padded picture. One that lies in the picture is the picture's own memory, where that lies in
 * the arena, or in `strips`; any other is copied: with its border, and zeros where it reaches beyond the padding.
 *
 * @returns a function of a channel and a place in the padded picture, and of the memory to copy to
 */
export function windowReader(
  x: Planes,
  at: Geometry,
  border: Border,
  arena: Arena,
  code: Exports,
  { rows, columns }: TileSize,
  strips: ((channel: number, row: number) => TileWindow) | undefined,
): (channel: number, top: number, left: number, copy: TileWindow) => TileWindow {
  const rowMap = borderMap(border, at.rows.input, at.rows.before, at.rows.after);
  const columnMap = borderMap(border, at.columns.input, at.columns.before, at.columns.after);
  const outside = borderConstant(border, whiteOf(x));
  const { floats } = arena;
  const source = x.data.buffer === arena.memory.buffer ? x.data.byteOffset : undefined;

  return (channel, top, left, copy) => {
    const row = top - at.rows.before;
    const column = left - at.columns.before;
    const inside = row >= 0 && column >= 0 && row + rows <= x.height && column + columns <= x.width;
    if (inside && source !== undefined) {
      return { address: source + 4 * ((channel * x.height + row) * x.width + column), pitch: 4 * x.width };
    }
    if (inside && strips !== undefined) {
      const { address, pitch } = strips(channel, row);
      return { address: address + 4 * column, pitch };
    }
    for (let r = 0; r < rows; r++) copyRow(channel, top + r, left, (copy.address + r * copy.pitch) / 4);
    return copy;
  };

  function copyRow(channel: number, row: number, left: number, target: number): void {
    const count = Math.max(0, Math.min(columns, columnMap.length - left));
    const sourceRow = row < rowMap.length ? rowMap[row] : undefined;
    if (sourceRow === undefined) {
      floats.fill(0, target, target + columns);
      return;
    }
    if (count < columns) floats.fill(0, target + count, target + columns);
    if (sourceRow === OUTSIDE) {
      floats.fill(outside, target, target + count);
      return;
    }
    const start = (channel * x.height + sourceRow) * x.width;
    const first = Math.min(count, Math.max(0, at.columns.before - left));
    const last = Math.max(first, Math.min(count, at.columns.before + x.width - left));
    for (let j = 0; j < first; j++) floats[target + j] = sampleAt(start, left + j);
    const from = start + left + first - at.columns.before;
    if (last > first) {
      if (source === undefined) floats.set(x.data.subarray(from, from + last - first), target + first);
      else code.copy(4 * (target + first), source + 4 * from, 4 * (last - first));
    }
    for (let j = last; j < count; j++) floats[target + j] = sampleAt(start, left + j);
  }

  function sampleAt(start: number, j: number): number {
    const column = columnMap[j];
    return column === OUTSIDE ? outside : x.data[start + column];
  }
}

/**
 * Transforms a tile back along its rows and writes the results of its two windows, the bias added: into `out` itself where
 * that lies in the arena, the windows' columns are whole vectors and their rows as many, else by way of `strips`, or of a copy, of which a stride keeps some.
 */
export function resultWriter(
  at: Geometry,
  out: Planes,
  arena: Arena,
  code: Exports,
  strips: OutputStrips | undefined,
): (
  tile: number,
  weights: number,
  output: number,
  one: Place,
  other: Place | undefined,
  copies: readonly [TileWindow, TileWindow],
  bias: number,
) => void {
  const { floats } = arena;
  const strides = [at.rows.stride, at.columns.stride];
  const direct = out.data.buffer === arena.memory.buffer && strides[0] === 1 && strides[1] === 1;

  return (tile, weights, output, one, other, copies, bias) => {
    const fitting = [one, other ?? one].every(({ rows, columns }) => rows === one.rows && columns % GROUP === 0);
    const windowOf = strips?.windowAt ?? (direct && fitting ? inOut : undefined);
    const places = other === undefined ? [one] : [one, other];
    const rows = Math.max(...places.map((place) => place.rows));
    const [a, b] = copies.map((copy, i) => (i < places.length ? (windowOf?.(output, places[i]) ?? copy) : copy));
    const [lengthA, lengthB = 0] = places.map(({ columns }) => 4 * GROUP * Math.ceil(columns / GROUP));
    code.rowsOut(tile, rows, weights, a.address, a.pitch, lengthA, b.address, b.pitch, lengthB, bias);
    if (windowOf !== undefined) return;
    for (const [i, place] of places.entries()) keep(copies[i], output, place);
  };

  function inOut(output: number, { row, column }: Place): TileWindow {
    const start = (output * out.height + row) * out.width + column;
    return { address: out.data.byteOffset + 4 * start, pitch: 4 * out.width };
  }

  function keep({ address, pitch }: TileWindow, output: number, { row, column, rows, columns }: Place): void {
    const [rowStride, columnStride] = strides;
    const firstRow = Math.ceil(row / rowStride);
    const firstColumn = Math.ceil(column / columnStride);
    for (let i = firstRow; i * rowStride < row + rows; i++) {
      const source = (address + (i * rowStride - row) * pitch) / 4;
      const target = (output * out.height + i) * out.width;
      if (columnStride === 1) out.data.set(floats.subarray(source, source + columns), target + column);
      else {
        for (let j = firstColumn; j * columnStride < column + columns; j++) {
          out.data[target + j] = floats[source + j * columnStride - column];
        }
      }
    }
  }
}

/** Columns that are transformed back together. */
const GROUP = 4;
