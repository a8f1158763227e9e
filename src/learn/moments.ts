import { type ExpectationError, expected } from '../planes/expected.ts';
import { whiteOf } from '../planes/planes.ts';
import { type KernelShape, originInAfter } from './kernelShape.ts';
import { type Example, isClipped } from './pairs.ts';
import { type Tile, windowsOf } from './tiles.ts';

/**
 * What the squared error of one output channel depends on: for a kernel w it is Σ (w·x − y)² = wᵀ·G·w − 2·b·w + c over all
 * windows x and their samples after y, so that it need not be summed window by window again. In units of white.
 */
export interface Moments {
  /** Unknowns: the taps of one output channel, input channel by input channel, and last its bias where there is one. */
  readonly unknowns: number;
  /** Σ x·xᵀ: unknowns × unknowns, the bias seeing 1 everywhere. */
  readonly gram: Float64Array;
  /** Σ x·y. */
  readonly cross: Float64Array;
  /** Σ y². */
  readonly energy: number;
  /** Σ y. */
  readonly total: number;
  /** Windows summed over. */
  readonly samples: number;
  /** Windows left out because their sample after is clipped. */
  readonly clipped: number;
}

/** 2048² products of Float64 are 34 MB. */
export const MOST_UNKNOWNS = 2048;

/**
 * The moments of each output channel (of all channels together where they share one kernel). Windows that leave the picture and
 * samples that are clipped are no equations, and left out. Stored samples are summed as they are: in Float64, exactly for 8 bits.
 *
 * @param pause awaited between rows
 * @throws ExpectationError where sizes do not fit, the kernel is too large for this, or no sample is left
 */
export async function momentsOf(
  examples: readonly Example[],
  shape: KernelShape,
  pause: () => Promise<void>,
): Promise<Moments[]> {
  const tiles = examples.map((example) => ({ example, ...windowsOf(example, shape) }));
  const moments = await momentsOfTiles(tiles, shape, pause);
  const empty = moments.find(({ samples }) => samples === 0);
  if (empty !== undefined) throw allClipped(empty.clipped);
  return moments;
}

/**
 * The same of a part of the windows: what is learned from some tiles can be judged by others.
 *
 * @returns moments of no sample where all of the tiles' are clipped
 */
export async function momentsOfTiles(
  tiles: readonly Tile[],
  shape: KernelShape,
  pause: () => Promise<void>,
): Promise<Moments[]> {
  const taps = shape.inChannels * shape.height * shape.width;
  if (taps > MOST_UNKNOWNS) {
    throw expected(`at most ${MOST_UNKNOWNS} taps for an output channel`, 'a kernel that is learned', taps);
  }
  const sums = Array.from({ length: shape.outChannels }, () => emptySums(taps));
  for (const tile of tiles) {
    const { before, after } = tile.example;
    const origin = originInAfter(tile.example, shape);
    for (let target = 0; target < after.channels; target++) {
      const inputs = shape.sharing === 'full' ? indices(before.channels) : [target];
      const to = sums[shape.sharing === 'shared' ? 0 : target];
      await addWindows(to, tile, { tapRows: shape.height, tapColumns: shape.width, origin, inputs, target }, pause);
    }
  }
  return sums.map((sum) => momentsFrom(sum, shape.bias));
}

/** What is said where nothing is left to learn from. */
export function allClipped(clipped: number): ExpectationError {
  return expected(
    'samples after that are neither 0 nor white, as those may stand for anything below or above (planes are taken as exact),',
    'a kernel that is learned',
    `${clipped} clipped ones`,
  );
}

/** Sums of products of every two of a window's taps, 1, and the sample after; the last of an odd number of rows is 0 throughout. */
interface Sums {
  readonly taps: number;
  readonly rows: number;
  readonly products: Float64Array;
  clipped: number;
}

function emptySums(taps: number): Sums {
  const rows = taps + 2 + (taps % 2);
  return { taps, rows, products: new Float64Array(rows * rows), clipped: 0 };
}

interface Windows {
  readonly tapRows: number;
  readonly tapColumns: number;
  /** Of the picture's first window's sample in the after. */
  readonly origin: readonly [row: number, column: number];
  readonly inputs: readonly number[];
  readonly target: number;
}

async function addWindows(to: Sums, tile: Tile, windows: Windows, pause: () => Promise<void>): Promise<void> {
  const { example, height, width } = tile;
  const { before, after } = example;
  const { origin, target } = windows;
  const here = emptySums(to.taps);
  const lines = new Float64Array(here.rows * width);
  const columns = new Int32Array(width);
  for (let i = tile.top; i < tile.top + height; i++) {
    const start = (target * after.height + i + origin[0]) * after.width + tile.left + origin[1];
    let count = 0;
    for (let j = 0; j < width; j++) if (!isClipped(after.data[start + j], example)) columns[count++] = j;
    here.clipped += width - count;
    if (count === 0) continue;
    const kept = columns.subarray(0, count);
    gather(lines, tile, windows, i, kept);
    fillLine(lines, here.taps, count, () => 1);
    fillLine(lines, here.taps + 1, count, (at) => after.data[start + kept[at]]);
    if (here.rows > here.taps + 2) fillLine(lines, here.taps + 2, count, () => 0);
    addProducts(here.products, lines, here.rows, count);
    await pause();
  }
  addScaled(to, here, whiteOf(before), whiteOf(after));
}

/** One line a tap: the samples under it in the windows of row i, kept column after kept column. */
function gather(
  lines: Float64Array,
  { example: { before }, left, width }: Tile,
  { inputs, tapRows, tapColumns }: Windows,
  i: number,
  kept: Int32Array,
): void {
  let to = 0;
  for (const channel of inputs) {
    for (let r = 0; r < tapRows; r++) {
      for (let q = 0; q < tapColumns; q++, to += kept.length) {
        const from = (channel * before.height + i + r) * before.width + left + q;
        if (kept.length === width) lines.set(before.data.subarray(from, from + width), to);
        else for (let at = 0; at < kept.length; at++) lines[to + at] = before.data[from + kept[at]];
      }
    }
  }
}

function fillLine(lines: Float64Array, line: number, count: number, value: (at: number) => number): void {
  for (let at = 0; at < count; at++) lines[line * count + at] = value(at);
}

/** Adds the products of every two lines, below the diagonal alone; two by two, which halves the loads. */
function addProducts(products: Float64Array, lines: Float64Array, rows: number, count: number): void {
  for (let a = 0; a < rows; a += 2) {
    for (let b = 0; b <= a; b += 2) {
      let p = a * count;
      let q = b * count;
      let aa = 0;
      let ab = 0;
      let ba = 0;
      let bb = 0;
      for (const end = p + count; p < end; p++, q++) {
        const first = lines[p];
        const second = lines[p + count];
        const left = lines[q];
        const right = lines[q + count];
        aa += first * left;
        ab += first * right;
        ba += second * left;
        bb += second * right;
      }
      const at = a * rows + b;
      products[at] += aa;
      products[at + 1] += ab;
      products[at + rows] += ba;
      products[at + rows + 1] += bb;
    }
  }
}

function addScaled(to: Sums, from: Sums, whiteBefore: number, whiteAfter: number): void {
  const { taps, rows } = to;
  const unit = (line: number): number => (line < taps ? whiteBefore : line === taps + 1 ? whiteAfter : 1);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b <= a; b++) to.products[a * rows + b] += from.products[a * rows + b] / (unit(a) * unit(b));
  }
  to.clipped += from.clipped;
}

function momentsFrom({ taps, rows, products, clipped }: Sums, bias: boolean): Moments {
  const product = (a: number, b: number): number => products[Math.max(a, b) * rows + Math.min(a, b)];
  const one = taps;
  const after = taps + 1;
  const samples = product(one, one);
  const unknowns = taps + (bias ? 1 : 0);
  const gram = new Float64Array(unknowns * unknowns);
  for (let a = 0; a < unknowns; a++) for (let b = 0; b < unknowns; b++) gram[a * unknowns + b] = product(a, b);
  return {
    unknowns,
    gram,
    cross: Float64Array.from({ length: unknowns }, (_, a) => product(a, after)),
    energy: product(after, after),
    total: product(after, one),
    samples,
    clipped,
  };
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
