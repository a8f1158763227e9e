import type { Kernel } from '../../kernels/kernel.ts';
import type { Border } from '../../planes/border.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { Arena } from '../../wasm/arena.ts';
import type { Exports } from '../../wasm/host.ts';
import { workspace } from '../../wasm/workspace.ts';
import type { Geometry } from '../geometry.ts';
import { functionsOf } from '../modules.ts';
import { type Part, shareOf, WHOLE } from '../part.ts';
import { fftCode, fftName } from './fftCode.ts';
import { type Block, blocksOf, placeBlock } from './fftKernel.ts';
import { type TileLayout, tileLayout } from './fftLayout.ts';
import { type Cut, tilingFor } from './fftTiles.ts';
import { tileWeights } from './fftWeights.ts';
import { type Place, resultWriter, type Window, windowReader } from './fftWindow.ts';

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
 * @param fused multiply and add in one rounding where a product meets a sum
 * @param part the pairs of tiles to compute
 */
export function correlateByFft(
  x: Planes,
  k: Kernel,
  at: Geometry,
  border: Border,
  out: Planes,
  fused: boolean,
  part: Part = WHOLE,
): void {
  const tiling = tilingFor(at, k);
  const pairs = pairsOf(tiling.rows, tiling.columns);
  const layout = tileLayout({ rows: tiling.rows.tile, columns: tiling.columns.tile });
  const { together } = tiling;
  const most = k.inChannels * tiling.rows.blocks * tiling.columns.blocks;
  const memory = reserve([out.data, x.data], layout, together, most);
  const { arena } = memory;
  const specification = { rows: layout.rows, columns: layout.columns, sums: most * together > 1, fused };
  const code = functionsOf(fftName(specification), arena, () => fftCode(specification));
  const job: Job = {
    ...memory,
    code,
    sumsUp: specification.sums,
    layout,
    windowAt: windowReader(x, at, border, arena, layout),
    write: resultWriter(at, out, arena, code, layout),
    pairs: pairs.slice(...shareOf(pairs.length, part)),
  };
  arena.floats.set(tileWeights(layout), job.weights / 4);
  arena.floats.fill(0, job.zeros / 4, job.zeros / 4 + layout.columns);

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
    }
  }
}

/** Where things lie in the arena. */
interface Memory {
  readonly arena: Arena;
  readonly weights: number;
  /** A row of zeros: with a pitch of 0 it is a window of zeros. */
  readonly zeros: number;
  /** Copies of windows, and of results. */
  readonly copies: readonly [Window, Window];
  readonly tile: number;
  /** A tile for each output channel that is made at a time. */
  readonly sums: number;
  /** The spectra of those output channels, block by block. */
  readonly spectra: number;
}

interface Job extends Memory {
  readonly code: Exports;
  /** Whether a result may be a sum of several products. */
  readonly sumsUp: boolean;
  readonly layout: TileLayout;
  readonly windowAt: ReturnType<typeof windowReader>;
  readonly write: ReturnType<typeof resultWriter>;
  readonly pairs: readonly Pair[];
}

type Pair = readonly [first: Place, second: Place | undefined];

function reserve(operands: readonly Float32Array[], layout: TileLayout, outputs: number, blocks: number): Memory {
  let size = 0;
  const take = (bytes: number): number => {
    size += Math.ceil(bytes / LINE) * LINE;
    return size - Math.ceil(bytes / LINE) * LINE;
  };
  const pitch = 4 * layout.columns + LINE;
  const weights = take(layout.tableBytes);
  const zeros = take(pitch);
  const copies = [take(layout.rows * pitch), take(layout.rows * pitch)];
  const tile = take(layout.bytes);
  const sums = take(outputs * layout.bytes);
  const spectra = take(outputs * blocks * layout.bytes);
  const { arena, address } = workspace(operands, size);
  return {
    arena,
    weights: address + weights,
    zeros: address + zeros,
    copies: [
      { address: address + copies[0], pitch },
      { address: address + copies[1], pitch },
    ],
    tile: address + tile,
    sums: address + sums,
    spectra: address + spectra,
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
  const { arena, code, copies, layout, weights, zeros } = job;
  for (let output = 0; output < outputs; output++) {
    for (const [b, block] of blocks.entries()) {
      placeBlock(k, first + output, at, block, layout, arena, copies[0]);
      const spectrum = spectrumOf(job, output, blocks, b);
      code.columnsIn(copies[0].address, copies[0].pitch, zeros, 0, spectrum, weights);
      code.rowsIn(spectrum, weights);
    }
  }
}

function spectrumOf({ spectra, layout }: Job, output: number, blocks: readonly Block[], block: number): number {
  return spectra + (output * blocks.length + block) * layout.bytes;
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
  const { arena, code, copies, layout, sums, tile, weights, zeros } = job;
  const transformed = (block: Block): void => {
    const [a, b] = [one, other].map((place, i) =>
      place === undefined
        ? { address: zeros, pitch: 0 }
        : job.windowAt(firstInput + block.input, place.row + block.row, place.column + block.column, copies[i]),
    );
    code.columnsIn(a.address, a.pitch, b.address, b.pitch, tile, weights);
  };
  const finish = (output: number, result: number): void => {
    job.write(result, weights, firstOutput + output, one, other, copies, biases[output]);
  };

  if (!job.sumsUp) {
    transformed(blocks[0]);
    code.rowsThrough(tile, weights, spectrumOf(job, 0, blocks, 0));
    finish(0, tile);
    return;
  }
  arena.floats.fill(0, sums / 4, (sums + biases.length * layout.bytes) / 4);
  for (const [b, block] of blocks.entries()) {
    transformed(block);
    code.rowsIn(tile, weights);
    for (const output of biases.keys()) {
      code.addProduct(sums + output * layout.bytes, tile, spectrumOf(job, output, blocks, b));
    }
  }
  for (const output of biases.keys()) {
    const sum = sums + output * layout.bytes;
    code.rowsOut(sum, weights);
    finish(output, sum);
  }
}
