import type { Arena } from '../../wasm/arena.ts';
import { allocateAnywhere } from '../../wasm/workspace.ts';
import { BYTES_OF_SAMPLE, LONGEST_LINE, type LineExtent, MOST_OTHERS, sumsOf } from './lagCode.ts';
import { lineSamplesOf, type Pass, PASSES, writeLine } from './lineSamples.ts';
import { addRims } from './rims.ts';
import { type Windows } from './windows.ts';

/** Sums over windows; taps are counted channel by channel, row-major. */
interface WindowSums {
  /** Σ x·xᵀ: taps × taps. */
  readonly products: Float64Array;
  /** Σ x·y for each target, and at last Σ x. */
  readonly cross: readonly Float64Array[];
}

export const MOST_COLUMNS: number = LONGEST_LINE - 64;

/**
 * The products of every two samples of a window, and of a window's samples with its targets, summed over all windows without
 * ever writing a window down.
 *
 * The product of taps a and b of a window is a sample's with the one b − a away: summed over the picture it is one number for all
 * such pairs of taps, but for the rim, as the windows of tap a reach from row a on. So sums are kept for every difference, row by
 * row; what they were when the first windows' row of tap a was reached is taken from what they are when the last windows' was
 * passed. Columns are summed where the windows of all taps have them, and the others' products added one by one. For k×k taps
 * that is about 2·k² products a sample and pair of channels, where all pairs of taps have k⁴/2.
 *
 * Whole numbers are summed exactly while their sums stay below 2⁵³.
 *
 * @param pause awaited between strips of rows
 */
export async function windowSums(windows: Windows, pause: () => Promise<void>): Promise<WindowSums> {
  const { inputs, targets, tapRows, tapColumns } = windows;
  const taps = inputs * tapRows * tapColumns;
  const to: WindowSums = {
    products: new Float64Array(taps * taps),
    cross: Array.from({ length: targets + 1 }, () => new Float64Array(taps)),
  };
  const layout = layoutOf(windows);
  const { arena, address } = allocateAnywhere(layout.bytes);
  try {
    for (const pass of PASSES[windows.range]) await addPass(to, windows, layout, pass, arena, address, pause);
  } finally {
    arena.free(address);
  }
  await addRims(to.products, windows, pause);
  for (let a = 0; a < taps; a++) for (let b = 0; b < a; b++) to.products[b * taps + a] = to.products[a * taps + b];
  return to;
}

interface Layout {
  /** Rows that a strip takes up, beside those that are kept from the one before. */
  readonly rows: number;
  /** Bytes of a line of an input or target, and of a row of all of them. */
  readonly inputPitch: number;
  readonly targetPitch: number;
  readonly inputsPitch: number;
  readonly targetsPitch: number;
  /** Offsets from the first byte. */
  readonly targetsAt: number;
  readonly onesAt: number;
  readonly masksAt: number;
  readonly pairsAt: number;
  readonly bytes: number;
}

/** A strip stays in the level-2 cache where it can. */
const STRIP_BYTES = 2 ** 19;
const LEAST_ROWS = 8;
const MOST_ROWS = 64;

function layoutOf({ height, width, tapRows, tapColumns, inputs, targets, range }: Windows): Layout {
  const size = BYTES_OF_SAMPLE[lineSamplesOf(range)];
  const pitchOf = (samples: number): number => 64 * Math.ceil((size * samples) / 64) + 64;
  const inputPitch = pitchOf(width + tapColumns - 1 + MOST_OTHERS);
  const targetPitch = pitchOf(width);
  const inputsPitch = inputs * inputPitch;
  const targetsPitch = targets * targetPitch;
  const spacious = Math.floor(STRIP_BYTES / (inputsPitch + targetsPitch)) - tapRows;
  const rows = Math.min(height + tapRows - 1, Math.max(LEAST_ROWS, Math.min(MOST_ROWS, spacious)));
  const held = rows + tapRows - 1;
  const targetsAt = held * inputsPitch;
  const onesAt = targetsAt + held * targetsPitch;
  const masksAt = onesAt + targetPitch;
  const pairsAt = masksAt + 64;
  const lags = inputs * tapRows * (inputs * (2 * tapColumns - 1) + (targets + 1) * tapColumns);
  const bytes = pairsAt + 16 * lags;
  return { rows, inputPitch, targetPitch, inputsPitch, targetsPitch, targetsAt, onesAt, masksAt, pairsAt, bytes };
}

async function addPass(
  to: WindowSums,
  windows: Windows,
  layout: Layout,
  pass: Pass,
  arena: Arena,
  address: number,
  pause: () => Promise<void>,
): Promise<void> {
  const { height, tapRows } = windows;
  const above = tapRows - 1;
  const total = height + above;
  arena.bytes.fill(0, address, address + layout.bytes);
  const fill = filler(windows, layout, pass, arena, address);
  const runs = runsOf(windows, layout, arena, address);
  const pairs = new Float64Array(arena.memory.buffer, address + layout.pairsAt, (layout.bytes - layout.pairsAt) / 8);
  for (let from = 0; from < total; from += layout.rows) {
    const end = Math.min(total, from + layout.rows);
    fill(from, end);
    // Where sums are read, a run of rows ends.
    for (let row = from; row < end;) {
      const next = row < above ? row + 1 : row < height ? Math.min(end, height) : row + 1;
      for (const run of runs) run(above + row - from, next - row);
      row = next;
      if (row < tapRows) addSums(to, windows, -pass.weight, row, pairs);
      if (row >= height) addSums(to, windows, pass.weight, row - height, pairs);
    }
    await pause();
  }
}

/** Writes rows of all inputs and targets behind those that are kept. */
function filler(
  windows: Windows,
  layout: Layout,
  { digit }: Pass,
  arena: Arena,
  address: number,
): (from: number, end: number) => void {
  const { height, width, tapRows, tapColumns, inputs, targets, range } = windows;
  const { rows, inputPitch, targetPitch, inputsPitch, targetsPitch } = layout;
  const samples = lineSamplesOf(range);
  const size = BYTES_OF_SAMPLE[samples];
  const { buffer } = arena.memory;
  const view = samples === 'i16' ? new Int16Array(buffer) : new Float64Array(buffer);
  const above = tapRows - 1;
  const targetsAt = address + layout.targetsAt;
  const keep = (at: number, pitch: number): void =>
    void arena.bytes.copyWithin(at, at + rows * pitch, at + (rows + above) * pitch);
  writeLine(view, (address + layout.onesAt) / size, new Float32Array(width).fill(1), 0, width, digit);
  maskInto(arena, address + layout.masksAt, width - tapColumns + 1, 16 / size);
  maskInto(arena, address + layout.masksAt + 16, width, 16 / size);
  return (from, end) => {
    if (from > 0) {
      keep(address, inputsPitch);
      keep(targetsAt, targetsPitch);
    }
    for (let row = from; row < end; row++) {
      const slot = above + row - from;
      for (let channel = 0; channel < inputs; channel++) {
        const source = windows.inputRow(channel, row);
        const place = (address + slot * inputsPitch + channel * inputPitch) / size;
        writeLine(view, place, source.samples, source.from, width + tapColumns - 1, digit);
      }
      for (let target = 0; target < targets; target++) {
        const place = targetsAt + slot * targetsPitch + target * targetPitch;
        if (row >= height) {
          arena.bytes.fill(0, place, place + targetPitch);
          continue;
        }
        const source = windows.targetRow(target, row);
        writeLine(view, place / size, source.samples, source.from, width, digit);
      }
    }
  };
}

/** All ones for the samples that the last vector of a line has. */
function maskInto(arena: Arena, place: number, length: number, lanes: number): void {
  const left = length - lanes * wholeVectors(length, lanes);
  arena.bytes.fill(255, place, place + (16 / lanes) * left);
}

/** All vectors of a line but the last. */
function wholeVectors(length: number, lanes: number): number {
  return Math.ceil(length / lanes) - 1;
}

/** Runs of rows of one difference of rows and two channels: they are given the first row's slot, and how many follow. */
function runsOf(
  windows: Windows,
  layout: Layout,
  arena: Arena,
  address: number,
): ((slot: number, rows: number) => void)[] {
  const { width, tapRows, tapColumns, inputs, targets, range } = windows;
  const { inputPitch, targetPitch, inputsPitch, targetsPitch } = layout;
  const samples = lineSamplesOf(range);
  const size = BYTES_OF_SAMPLE[samples];
  const extentOf = (length: number, mask: number): LineExtent => ({
    bytes: 16 * wholeVectors(length, 16 / size),
    mask: address + layout.masksAt + mask,
  });
  const core = extentOf(width - tapColumns + 1, 0);
  const whole = extentOf(width, 16);
  const runs: ((slot: number, rows: number) => void)[] = [];
  const add = (
    line: number,
    linePitch: number,
    other: number,
    pair: number,
    lags: number,
    extent: LineExtent,
  ): void => {
    const parts = Math.ceil(lags / MOST_OTHERS);
    for (let part = 0, lag = 0; part < parts; part++) {
      const others = Math.ceil((lags - lag) / (parts - part));
      const run = sumsOf({ samples, others, moved: true }, arena);
      const start = other + lag * size;
      const out = address + layout.pairsAt + 16 * (pair + lag);
      lag += others;
      runs.push((slot, rows) =>
        run({
          line: line + slot * linePitch,
          other: start + slot * inputsPitch,
          out,
          otherPitch: 0,
          blocks: rows,
          nextLine: linePitch,
          nextOther: inputsPitch,
          nextOut: 0,
          extent,
        }),
      );
    }
  };
  for (let lower = 0; lower < inputs; lower++) {
    const other = address + lower * inputPitch;
    for (let rows = 0; rows < tapRows; rows++) {
      // Of two taps in one row, the one of the lower channel, or in the lower column, comes first.
      for (let upper = 0; upper <= (rows === 0 ? lower : inputs - 1); upper++) {
        const skipped = rows === 0 && upper === lower ? tapColumns - 1 : 0;
        const line = address - rows * inputsPitch + upper * inputPitch + (tapColumns - 1) * size;
        const pair = pairOfInputs(windows, rows, upper, lower) + skipped;
        add(line, inputsPitch, other + skipped * size, pair, 2 * tapColumns - 1 - skipped, core);
      }
      for (let target = 0; target < targets; target++) {
        const line = address + layout.targetsAt - rows * targetsPitch + target * targetPitch;
        add(line, targetsPitch, other, pairOfTarget(windows, rows, target, lower), tapColumns, whole);
      }
      add(address + layout.onesAt, 0, other, pairOfTarget(windows, rows, targets, lower), tapColumns, whole);
    }
  }
  return runs;
}

/** Of the difference of −(tapColumns − 1) columns. */
function pairOfInputs({ tapColumns, inputs }: Windows, rows: number, upper: number, lower: number): number {
  return ((rows * inputs + upper) * inputs + lower) * (2 * tapColumns - 1);
}

/** Of the first column of taps. */
function pairOfTarget(
  { tapRows, tapColumns, inputs, targets }: Windows,
  row: number,
  target: number,
  input: number,
): number {
  const ofInputs = tapRows * inputs * inputs * (2 * tapColumns - 1);
  return ofInputs + ((row * (targets + 1) + target) * inputs + input) * tapColumns;
}

/** Adds what has been summed so far to the taps of row b, as the lower of two, and with the targets. */
function addSums(to: WindowSums, windows: Windows, weight: number, b: number, pairs: Float64Array): void {
  const { tapRows, tapColumns, inputs } = windows;
  const taps = inputs * tapRows * tapColumns;
  const sum = (pair: number): number => weight * (pairs[2 * pair] + pairs[2 * pair + 1]);
  for (let lower = 0; lower < inputs; lower++) {
    const below = (lower * tapRows + b) * tapColumns;
    to.cross.forEach((cross, target) => {
      const pair = pairOfTarget(windows, b, target, lower);
      for (let q = 0; q < tapColumns; q++) cross[below + q] += sum(pair + q);
    });
    for (let a = 0; a <= b; a++) {
      for (let upper = 0; upper <= (a === b ? lower : inputs - 1); upper++) {
        const above = (upper * tapRows + a) * tapColumns;
        const pair = pairOfInputs(windows, b - a, upper, lower) + tapColumns - 1;
        for (let p = 0; p < tapColumns; p++) {
          const first = a === b && upper === lower ? p : 0;
          for (let q = first; q < tapColumns; q++)
            addProduct(to.products, taps, above + p, below + q, sum(pair + q - p));
        }
      }
    }
  }
}

/** Below the diagonal alone. */
function addProduct(products: Float64Array, taps: number, a: number, b: number, sum: number): void {
  products[a > b ? a * taps + b : b * taps + a] += sum;
}
