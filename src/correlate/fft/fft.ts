import type { Kernel } from '../../kernels/kernel.ts';
import type { Border } from '../../planes/border.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { Arena } from '../../wasm/arena.ts';
import type { Exports } from '../../wasm/host.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { arenaOf, workspace } from '../../wasm/workspace.ts';
import type { Geometry } from '../geometry.ts';
import { type Part, shareOf, WHOLE } from '../part.ts';
import { columnsCode } from './fftColumns.ts';
import { type Block, blocksOf, placeBlock } from './fftKernel.ts';
import { pitchOf, tileBytes, type TileSize, VECTOR } from './fftLayout.ts';
import { type Place, type TileWindow } from './fftLayout.ts';
import { rowsCode } from './fftRows.ts';
import { inputStrips, outputStrips, stripBytes } from './fftStrips.ts';
import { type Cut, type Tiling, tilingFor } from './fftTiles.ts';
import { TABLE_BYTES, tileWeights } from './fftWeights.ts';
import { resultWriter, windowReader } from './fftWindow.ts';

/**
 * The correlation by Fourier transforms of overlapping tiles (overlap-save), two at a time: one is the real part, the other the
 * imaginary part, which a real kernel keeps apart. What a sample costs hardly depends on the kernel's size.
 *
 * The result is not the definition's bits, but the same bytes on every machine unless `fused`: multiplications, additions and
 * weights are exactly specified. It is within (2·10⁻⁶·‖k‖₂ + 4·10⁻⁷·‖k‖₁)·M of the real number, where ‖k‖₂ and ‖k‖₁ are those
 * norms of an output channel's taps, all input channels together, and M is the largest |sample|, border included: twice the
 * largest error that was seen, which a kernel of a single tap has. Small responses to large samples are therefore less exact
 * than the definition's.
 *
 * Samples that are infinite or NaN, or so large that ‖k‖₁·M is beyond 10³², spoil all responses of the tiles that they lie in and
 * of those tiles' partners. Taps below 10⁻³² lose bits.
 *
 */
export function correlateByFft(
  x: Planes,
  k: Kernel,
  at: Geometry,
  border: Border,
  out: Planes,
  { fused, part = WHOLE, tiling = tilingFor(at, k) }: FftOptions,
): void {
  const tile = { rows: tiling.rows.tile, columns: tiling.columns.tile };
  const pairs = pairsOf(tiling.rows, tiling.columns);
  const { together } = tiling;
  const most = k.inChannels * tiling.rows.blocks * tiling.columns.blocks;
  const strips = stripsFor(x, k, at, out, tiling);
  const memory = reserve([out.data, x.data], tile, together, most, strips);
  const { arena } = memory;
  const input = strips.input > 0 ? inputStrips(x, arena, memory.inputs, k.inChannels, tile.rows) : undefined;
  const output = strips.output > 0 ? outputStrips(out, arena, memory.outputs, together, tiling.rows.step) : undefined;
  const suffix = fused ? ' fused' : '';
  const code = {
    ...functionsOf(`fft f32 columns${suffix}`, arena, () => columnsCode(fused)),
    ...functionsOf(`fft f32 rows of ${tile.columns}${suffix}`, arena, () => rowsCode(tile.columns, fused)),
  };
  const job: Job = {
    ...memory,
    code,
    tile,
    windowAt: windowReader(x, at, border, arena, code, tile, input),
    write: resultWriter(at, out, arena, code, output),
    pairs: pairs.slice(...shareOf(pairs.length, part)),
  };
  arena.floats.set(tileWeights(), job.weights / 4);
  arena.floats.fill(0, job.zeros / 4, job.zeros / 4 + tile.columns);

  const outputsOfGroup = k.outChannels / (k.groups ?? 1);
  for (let group = 0; group < k.outChannels; group += outputsOfGroup) {
    const firstInput = (group / outputsOfGroup) * k.inChannels;
    for (let o = group; o < group + outputsOfGroup; o += together) {
      const outputs = Math.min(together, group + outputsOfGroup - o);
      const blocks = blocksOf(k, o, outputs, at, tiling);
      const biases = Array.from({ length: outputs }, (_, i) => Math.fround(k.bias[o + i] * whiteOf(x)) + 0);
      if (blocks.length === 0) {
        const size = out.height * out.width;
        for (const [i, bias] of biases.entries()) out.data.fill(bias, (o + i) * size, (o + i + 1) * size);
        continue;
      }
      transformKernels(job, k, o, outputs, at, blocks);
      for (const pair of job.pairs) correlatePair(job, pair, blocks, firstInput, o, biases);
      output?.flush();
    }
  }
}

interface FftOptions {
  /** Multiply and add in one rounding where a product meets a sum. */
  readonly fused: boolean;
  /** The pairs of tiles to compute. */
  readonly part?: Part;
  /** How the result is cut: by its shape by default; as the whole is where it is some rows of one. */
  readonly tiling?: Tiling | undefined;
}

/** Bytes of strips for a picture and a result that lie outside the arena that is worked in, where windows are of one row of tiles. */
function stripsFor(x: Planes, k: Kernel, at: Geometry, out: Planes, { rows, together }: Tiling): Strips {
  const home = arenaOf(out.data) ?? arenaOf(x.data);
  const away = (p: Planes): boolean => home === undefined || arenaOf(p.data) !== home;
  const strided = at.rows.stride !== 1 || at.columns.stride !== 1;
  return {
    input: away(x) && rows.blocks === 1 && rows.tile <= x.height ? stripBytes(k.inChannels, rows.tile, x.width) : 0,
    output: away(out) && !strided ? stripBytes(together, rows.step, out.width) : 0,
  };
}

interface Strips {
  readonly input: number;
  readonly output: number;
}

/** Where things lie in the arena. */
interface Memory {
  readonly arena: Arena;
  readonly weights: number;
  /** A row of zeros: with a pitch of 0 it is a window of zeros. */
  readonly zeros: number;
  /** Copies of windows, and of results. */
  readonly copies: readonly [TileWindow, TileWindow];
  /** A tile for each block of the kernel. */
  readonly tiles: number;
  readonly sum: number;
  /** The spectra of the output channels that are made at a time, block by block. */
  readonly spectra: number;
  /** From tile to tile, and from spectrum to spectrum. */
  readonly distance: number;
  /** Strips of the picture and of the result. */
  readonly inputs: number;
  readonly outputs: number;
}

interface Job extends Memory {
  readonly code: Exports;
  readonly tile: TileSize;
  readonly windowAt: ReturnType<typeof windowReader>;
  readonly write: ReturnType<typeof resultWriter>;
  readonly pairs: readonly Pair[];
}

type Pair = readonly [first: Place, second: Place | undefined];

function reserve(
  operands: readonly Float32Array[],
  tile: TileSize,
  outputs: number,
  blocks: number,
  strips: Strips,
): Memory {
  let size = 0;
  const take = (bytes: number): number => {
    size += Math.ceil(bytes / LINE) * LINE;
    return size - Math.ceil(bytes / LINE) * LINE;
  };
  const pitch = 4 * tile.columns + LINE;
  const distance = tileBytes(tile);
  const weights = take(TABLE_BYTES);
  const zeros = take(pitch);
  const copies = [take(tile.rows * pitch), take(tile.rows * pitch)];
  const tiles = take(blocks * distance);
  const sum = take(distance);
  const spectra = take(outputs * blocks * distance);
  const [input, output] = [take(strips.input), take(strips.output)];
  const { arena, address } = workspace(operands, size);
  return {
    arena,
    weights: address + weights,
    zeros: address + zeros,
    copies: [
      { address: address + copies[0], pitch },
      { address: address + copies[1], pitch },
    ],
    tiles: address + tiles,
    sum: address + sum,
    spectra: address + spectra,
    distance,
    inputs: address + input,
    outputs: address + output,
  };
}

const LINE = 64;

/** The tiles row by row, in pairs; the last one may stand alone. */
function pairsOf(rows: Cut, columns: Cut): Pair[] {
  const places: Place[] = [];
  for (let i = 0; i < rows.count; i++) {
    for (let j = 0; j < columns.count; j++) {
      const [row, column] = [i * rows.step, j * columns.step];
      places.push({
        row,
        column,
        rows: Math.min(rows.step, rows.results - row),
        columns: Math.min(columns.step, columns.results - column),
      });
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0; i < places.length; i += 2) pairs.push([places[i], places[i + 1]]);
  return pairs;
}

function transformKernels(
  job: Job,
  k: Kernel,
  first: number,
  outputs: number,
  at: Geometry,
  blocks: readonly Block[],
): void {
  const { arena, code, copies, distance, spectra, tile, weights, zeros } = job;
  const [{ address, pitch }] = copies;
  let spectrum = spectra;
  for (let output = first; output < first + outputs; output++) {
    for (const block of blocks) {
      placeBlock(k, output, at, block, tile, arena, copies[0]);
      code.rowsIn(address, pitch, zeros, 0, spectrum, block.rows, weights);
      const beyond = spectrum + block.rows * pitchOf(tile.columns);
      arena.floats.fill(0, beyond / 4, (spectrum + distance) / 4);
      columnsIn(job, spectrum);
      spectrum += distance;
    }
  }
}

function columnsIn({ code, tile, weights }: Job, address: number): void {
  code.columnsIn(address, address + rowBytes(tile), pitchOf(tile.columns), tile.rows, weights);
}

function rowBytes({ columns }: TileSize): number {
  return (columns / 4) * VECTOR;
}

/** The results of two windows, for some output channels. */
function correlatePair(
  job: Job,
  [one, other]: Pair,
  blocks: readonly Block[],
  firstInput: number,
  firstOutput: number,
  biases: readonly number[],
): void {
  const { code, copies, distance, spectra, tile, tiles, weights, zeros } = job;
  const pitch = pitchOf(tile.columns);
  for (const [b, block] of blocks.entries()) {
    const [left, right] = [one, other].map((place, i) =>
      place === undefined
        ? { address: zeros, pitch: 0 }
        : job.windowAt(firstInput + block.input, place.row + block.row, place.column + block.column, copies[i]),
    );
    const to = tiles + b * distance;
    code.rowsIn(left.address, left.pitch, right.address, right.pitch, to, tile.rows, weights);
    columnsIn(job, to);
  }
  // The last output's sum may lie where its first factor does.
  for (const [output, bias] of biases.entries()) {
    const sum = output === biases.length - 1 ? tiles : job.sum;
    const spectrum = spectra + output * blocks.length * distance;
    code.columnsOut(sum, sum + rowBytes(tile), pitch, tile.rows, weights, tiles, spectrum, distance, blocks.length);
    const firstRow = sum + (blocks[0].rows - 1) * pitch;
    job.write(firstRow, weights, firstOutput + output, one, other, copies, bias);
  }
}
