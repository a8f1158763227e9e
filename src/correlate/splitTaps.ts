import type { Arena } from '../wasm/arena.ts';
import type { Exports } from '../wasm/host.ts';
import { type DenseSpecification, denseCode, denseName, packDense, type Tile } from './denseCode.ts';
import { DIFFERENCE_NAME, differenceCode } from './differenceCode.ts';
import { functionsOf } from './modules.ts';
import { oddLines } from './strip.ts';
import type { Run, Taps } from './taps.ts';

/** Rows of taps, each of one length. */
type Rows = readonly Float32Array[];

/** Rows that lie at one distance from each other: address and pitch in bytes. */
interface Plane {
  readonly address: number;
  readonly pitch: number;
}

/** A correlation with a part of the taps, ready to run. */
interface Leaf {
  readonly height: number;
  /** For 1, 2, … rows at a time, the address of its packed taps. */
  readonly packed: readonly number[];
  readonly exports: Exports;
}

/** Half of the taps each, or a correlation. */
type Split = Leaf | { readonly sum: Split; readonly upper: Split; readonly lower: Split; readonly height: number };

/** Rows of results that the innermost correlations compute at a time: whole tiles of 1, 2, 3 or 4 rows. */
const LEAF_ROWS = 12;

/** Columns of results that are computed at a time, so that all planes of differences stay in the level-2 cache. */
const CHUNK = 1024;

/**
 * The taps of one plane, split so that fewer multiplications are needed: with the taps' even rows h₀ and odd rows h₁, and the
 * picture's rows x₂ₙ and x₂ₙ₊₁, the even and odd rows of results are
 *
 *   y₂ₙ = (h₀ + h₁)⋆x₂ₙ₊₁ + h₀⋆(x₂ₙ − x₂ₙ₊₁),   y₂ₙ₊₁ = (h₀ + h₁)⋆x₂ₙ₊₁ + h₁⋆(x₂ₙ₊₂ − x₂ₙ₊₁):
 *
 * three correlations of half the height for four, and again within each (fast FIR algorithms: Winograd 1980; Parker and
 * Parhi 1997). The differences cost two subtractions for two rows. Each level may double the error of rounding, and a sample
 * that is not finite reaches results beside its window.
 *
 * @param levels how often the taps are split
 * @param rest the same taps, unsplit: for rows that are left over
 */
export function splitTaps(
  weights: Float32Array,
  shape: { readonly height: number; readonly width: number },
  columns: number,
  pitch: number,
  tile: (height: number) => Tile,
  levels: number,
  rest: Taps,
): Taps {
  const { height, width } = shape;
  const rows = Array.from({ length: height }, (_, r) => weights.subarray(r * width, (r + 1) * width));
  const chunk = Math.min(CHUNK, columns);
  const temporaryPitch = 4 * oddLines(chunk + width + 3);
  const bandRows = LEAF_ROWS << levels;
  const temporaryBytes = temporaryRows(bandRows, height, levels) * temporaryPitch;
  const words = rest.words + leafWords(rows, levels, tile) + temporaryBytes / 4;

  return {
    words,
    load(arena, address) {
      const runRest = rest.load(arena, address);
      let place = address + 4 * rest.words;
      const pack = (taps: Float32Array): number => {
        arena.floats.set(taps, place / 4);
        place += 4 * taps.length;
        return place - 4 * taps.length;
      };
      const tree = splitTree(rows, levels, 0, tile, arena, pack);
      const differences = functionsOf(DIFFERENCE_NAME, arena, differenceCode).differences;
      const run = (
        source: number,
        target: number,
        outPitch: number,
        count: number,
        bias: number,
        bytes: number,
      ): void => {
        const split = (
          at: Split,
          x: Plane,
          y: Plane,
          n: number,
          starts: readonly Plane[],
          free: number,
          add: number,
        ): void => {
          if ('exports' in at) {
            runLeaf(at, x, y, n, starts, bytes, add, tile(at.height).rows);
            return;
          }
          const half = n / 2;
          const taken = half + Math.ceil(at.height / 2) - 1;
          const [upper, lower, sum] = [0, taken, 2 * taken].map((r) => ({
            address: free + r * temporaryPitch,
            pitch: temporaryPitch,
          }));
          const next = free + (2 * taken + half) * temporaryPitch;
          const vectors = Math.ceil((bytes / 4 + width - 1) / 4);
          differences(x.address, upper.address, lower.address, x.pitch, temporaryPitch, taken, vectors);
          split(at.sum, oddRows(x), sum, half, [], next, 0);
          split(at.upper, upper, evenRows(y), half, [...starts.map(evenRows), sum], next, add);
          split(at.lower, lower, oddRows(y), half, [...starts.map(oddRows), sum], next, add);
        };
        split(tree, { address: source, pitch }, { address: target, pitch: outPitch }, count, [], place, bias);
      };
      return inBands(run, runRest, { columns, chunk, bandRows, unit: 1 << levels, pitch });
    },
  };
}

/** Bands of rows and chunks of columns for the split taps; rows that are no multiple of the splitting for the others. */
function inBands(
  run: (source: number, target: number, outPitch: number, count: number, bias: number, bytes: number) => void,
  runRest: Run,
  {
    columns,
    chunk,
    bandRows,
    unit,
    pitch,
  }: { columns: number; chunk: number; bandRows: number; unit: number; pitch: number },
): Run {
  return (source, target, outPitch, count, bias) => {
    const whole = count - (count % unit);
    for (let row = 0; row < whole; row += bandRows) {
      const rows = Math.min(bandRows, whole - row);
      for (let column = 0; column < columns; column += chunk) {
        // The last chunk is as wide as the others, and begins further left.
        const from = Math.min(column, columns - chunk);
        run(source + row * pitch + 4 * from, target + row * outPitch + 4 * from, outPitch, rows, bias, 4 * chunk);
      }
    }
    if (whole < count) runRest(source + whole * pitch, target + whole * outPitch, outPitch, count - whole, bias);
  };
}

function runLeaf(
  { packed, exports }: Leaf,
  x: Plane,
  y: Plane,
  rows: number,
  starts: readonly Plane[],
  bytes: number,
  bias: number,
  most: number,
): void {
  const call = (height: number, tiles: number, skipped: number): number =>
    exports[`rows${height}`](
      x.address + skipped * x.pitch,
      y.address + skipped * y.pitch,
      packed[height],
      x.pitch,
      0,
      y.pitch,
      tiles,
      bytes,
      1,
      bias,
      ...starts.flatMap((start) => [start.address + skipped * start.pitch, start.pitch]),
    );
  const tiles = Math.floor(rows / most);
  if (tiles > 0) call(most, tiles, 0);
  if (rows % most > 0) call(rows % most, 1, tiles * most);
}

function splitTree(
  rows: Rows,
  levels: number,
  starts: number,
  tile: (height: number) => Tile,
  arena: Arena,
  pack: (taps: Float32Array) => number,
): Split {
  const height = rows.length;
  if (levels === 0) {
    const specification: DenseSpecification = {
      height,
      width: rows[0].length,
      tile: tile(height),
      fused: true,
      starts,
    };
    const exports = functionsOf(denseName(specification), arena, () => denseCode(specification));
    const packed: number[] = [];
    for (let n = 1; n <= specification.tile.rows; n++)
      packed[n] = pack(packDense(joined(rows), height, rows[0].length, n));
    return { height, packed, exports };
  }
  const { sum, upper, lower } = halves(rows);
  return {
    height,
    sum: splitTree(sum, levels - 1, 0, tile, arena, pack),
    upper: splitTree(upper, levels - 1, starts + 1, tile, arena, pack),
    lower: splitTree(lower, levels - 1, starts + 1, tile, arena, pack),
  };
}

/** Even rows, odd rows, and their sums; of an odd number of rows the last one has no partner. */
function halves(rows: Rows): { sum: Rows; upper: Rows; lower: Rows } {
  const upper = rows.filter((_, r) => r % 2 === 0);
  const lower = rows.filter((_, r) => r % 2 === 1);
  const sum = upper.map((row, r) => row.map((tap, q) => tap + (lower[r]?.[q] ?? 0)));
  return { sum, upper, lower };
}

function leafWords(rows: Rows, levels: number, tile: (height: number) => Tile): number {
  if (levels === 0) {
    const most = tile(rows.length).rows;
    return ((most * (most + 1)) / 2) * rows.length * rows[0].length;
  }
  const { sum, upper, lower } = halves(rows);
  return [sum, upper, lower].reduce((words, half) => words + leafWords(half, levels - 1, tile), 0);
}

/** Rows of differences and sums that a band of results needs at once, all levels together. */
function temporaryRows(results: number, height: number, levels: number): number {
  if (levels === 0) return 0;
  const half = results / 2;
  const taps = Math.ceil(height / 2);
  return 2 * (half + taps - 1) + half + temporaryRows(half, taps, levels - 1);
}

function joined(rows: Rows): Float32Array {
  const all = new Float32Array(rows.length * rows[0].length);
  rows.forEach((row, r) => all.set(row, r * row.length));
  return all;
}

function evenRows({ address, pitch }: Plane): Plane {
  return { address, pitch: 2 * pitch };
}

function oddRows({ address, pitch }: Plane): Plane {
  return { address: address + pitch, pitch: 2 * pitch };
}
