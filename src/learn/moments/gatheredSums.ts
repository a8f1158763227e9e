import type { Arena } from '../../wasm/arena.ts';
import { hasSimd } from '../../wasm/features.ts';
import { allocateAnywhere } from '../../wasm/workspace.ts';
import { BYTES_OF_SAMPLE, MOST_OTHERS, sumsOf } from './lagCode.ts';
import { lineSamplesOf, PASSES, writeLine } from './lineSamples.ts';
import type { Row, Windows } from './windows.ts';

/** Windows whose samples are written down at a time: for each sample of a window a line of so many. */
const BATCH = 512;

/** Such lines, and sums of the products of every two of them. */
interface Lines {
  /** Where line `i` is written, and the place of its first sample there. */
  readonly view: Int16Array | Float64Array;
  readonly place: (line: number) => number;
  /** Adds the products of the first `count` samples of all lines. */
  readonly add: (count: number) => void;
  /** Adds what has been summed, times a weight, to lines × lines products, at and below the diagonal; and starts anew. */
  readonly take: (products: Float64Array, weight: number) => void;
  readonly close: () => void;
}

/**
 * The sums of the products of every two of these numbers over chosen windows: the samples of a window, 1, and its sample of a
 * target. Unlike sums over whole rectangles they take taps²/2 products a window.
 *
 * @param positions row · width + column of each window, in rising order
 * @param pause awaited between batches
 * @returns (taps + 2) × (taps + 2) sums; exact for whole numbers while they stay below 2⁵³
 */
export async function gatheredSums(
  windows: Windows,
  target: number,
  positions: Int32Array,
  pause: () => Promise<void>,
): Promise<Float64Array> {
  const { inputs, tapRows, tapColumns, range } = windows;
  const count = inputs * tapRows * tapColumns + 2;
  const products = new Float64Array(count * count);
  const lines = hasSimd() ? linesInArena(count, windows) : plainLines(count);
  try {
    for (const { digit, weight } of hasSimd() ? PASSES[range] : PASSES.floats) {
      for (let from = 0; from < positions.length; from += BATCH) {
        const batch = positions.subarray(from, from + BATCH);
        eachLine(windows, target, batch, (line, samples) =>
          writeLine(lines.view, lines.place(line), samples, 0, batch.length, digit),
        );
        lines.add(batch.length);
        await pause();
      }
      lines.take(products, weight);
    }
  } finally {
    lines.close();
  }
  for (let a = 0; a < count; a++) for (let b = 0; b < a; b++) products[b * count + a] = products[a * count + b];
  return products;
}

/** Calls `visit` for every number of a window, with those of all windows in turn. */
function eachLine(
  windows: Windows,
  target: number,
  positions: Int32Array,
  visit: (line: number, samples: Float32Array) => void,
): void {
  const { tapRows, tapColumns, inputs } = windows;
  const { columns, runs } = runsOfRows(positions, windows.width);
  const samples = new Float32Array(positions.length);
  let line = 0;
  const gather = (rowAt: (row: number) => Row, moved: number): void => {
    for (const { row, first, end } of runs) {
      const { samples: own, from } = rowAt(row);
      const start = from + moved;
      for (let i = first; i < end; i++) samples[i] = own[start + columns[i]];
    }
    visit(line++, samples);
  };
  for (let channel = 0; channel < inputs; channel++) {
    for (let r = 0; r < tapRows; r++) {
      for (let q = 0; q < tapColumns; q++) gather((row) => windows.inputRow(channel, row + r), q);
    }
  }
  visit(line++, samples.fill(1));
  gather((row) => windows.targetRow(target, row), 0);
}

/** Windows of one row that follow each other. */
interface RunOfRow {
  readonly row: number;
  readonly first: number;
  readonly end: number;
}

/** What is the same for every number of a window. */
function runsOfRows(positions: Int32Array, width: number): { columns: Int32Array; runs: readonly RunOfRow[] } {
  const columns = new Int32Array(positions.length);
  const runs: RunOfRow[] = [];
  for (let first = 0; first < positions.length;) {
    const row = Math.floor(positions[first] / width);
    let end = first;
    for (; end < positions.length && positions[end] < (row + 1) * width; end++)
      columns[end] = positions[end] - row * width;
    runs.push({ row, first, end });
    first = end;
  }
  return { columns, runs };
}

/** In the engine's memory, a line with several others at a time. */
function linesInArena(count: number, { range }: Windows): Lines {
  const samples = lineSamplesOf(range);
  const size = BYTES_OF_SAMPLE[samples];
  const lanes = 16 / size;
  const pitch = BATCH * size + 64;
  const groups = groupsOf(count);
  const pairs = groups.reduce((sum, { first, others }) => sum + (count - first) * others, 0);
  const masksAt = count * pitch;
  const pairsAt = masksAt + 16 * (lanes + 1);
  const { arena, address } = allocateAnywhere(pairsAt + 16 * pairs);
  const { buffer } = arena.memory;
  const sums = new Float64Array(buffer, address + pairsAt, 2 * pairs).fill(0);
  // What lay in the memory before may be no number, which not even a mask makes 0 of.
  arena.bytes.fill(0, address, address + masksAt);
  writeMasks(arena, address + masksAt, lanes);
  return {
    view: samples === 'i16' ? new Int16Array(buffer) : new Float64Array(buffer),
    place: (line) => (address + line * pitch) / size,
    add(length) {
      const whole = Math.ceil(length / lanes) - 1;
      const extent = { bytes: 16 * whole, mask: address + masksAt + 16 * (length - lanes * whole) };
      let out = address + pairsAt;
      for (const { first, others } of groups) {
        const at = address + first * pitch;
        const nextOut = 16 * others;
        const blocks = count - first;
        const run = sumsOf({ samples, others, moved: false }, arena);
        run({ line: at, other: at, out, otherPitch: pitch, blocks, nextLine: pitch, nextOther: 0, nextOut, extent });
        out += blocks * nextOut;
      }
    },
    take(products, weight) {
      let pair = 0;
      for (const { first, others } of groups) {
        for (let line = first; line < count; line++) {
          for (let other = first; other < first + others; other++, pair += 2) {
            if (other <= line) products[line * count + other] += weight * (sums[pair] + sums[pair + 1]);
          }
        }
      }
      sums.fill(0);
    },
    close: () => arena.free(address),
  };
}

/** Lines that others are met with together: each by itself and all after the first. */
function groupsOf(count: number): { first: number; others: number }[] {
  const parts = Math.ceil(count / MOST_OTHERS);
  const at = (part: number): number => Math.floor((part * count) / parts);
  return Array.from({ length: parts }, (_, part) => ({ first: at(part), others: at(part + 1) - at(part) }));
}

/** The vector that lets the first 0, 1, 2 … samples pass. */
function writeMasks(arena: Arena, address: number, lanes: number): void {
  for (let length = 0; length <= lanes; length++) {
    const mask = address + 16 * length;
    arena.bytes.fill(0, mask, mask + 16);
    arena.bytes.fill(255, mask, mask + (16 / lanes) * length);
  }
}

/** Where the machine has no vector code. */
function plainLines(count: number): Lines {
  const view = new Float64Array(count * BATCH);
  const sums = new Float64Array(count * count);
  return {
    view,
    place: (line) => line * BATCH,
    add(length) {
      for (let a = 0; a < count; a++) {
        for (let b = 0; b <= a; b++) {
          let sum = 0;
          for (let i = 0; i < length; i++) sum += view[a * BATCH + i] * view[b * BATCH + i];
          sums[a * count + b] += sum;
        }
      }
    },
    take(products, weight) {
      for (let i = 0; i < sums.length; i++) products[i] += weight * sums[i];
      sums.fill(0);
    },
    close() {},
  };
}
