import type { Kernel } from '../../kernels/kernel.ts';
import type { Arena } from '../../wasm/arena.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { isDense } from '../direct/schedule.ts';
import { oddLines } from '../direct/strip.ts';
import { type ChannelTaps, directTaps, type SourceLayout } from '../direct/taps.ts';
import type { Geometry } from '../geometry.ts';
import { minimalCode, minimalName, minimalWords, packMinimal } from './minimalCode.ts';

/** Whether two rows of results can share products: three rows of taps or more, none of them 0, nothing between samples. */
export function isMinimal(k: Kernel, at: Geometry): boolean {
  return k.height >= 3 && isDense(k.weights, at);
}

/**
 * The taps of all output channels for minimal filtering of pairs of rows; those of {@link directTaps} where it cannot be. The last of
 * an odd number of rows is computed directly, so that no result depends on where the rows are cut into parts.
 */
export function minimalTaps(k: Kernel, at: Geometry, layout: SourceLayout, fused: boolean): ChannelTaps {
  const direct = directTaps(k, at, layout, fused);
  if (!isMinimal(k, at)) return direct;
  const blocks = blocksOf(k, at, fused);
  const scratch = scratchOf(k, at);
  const words = blocks.reduce((sum, { outputs }) => sum + listWords(k, outputs), 0);
  return {
    words: words + scratch.words + direct.words,
    load(arena, address, white) {
      const split = address + 4 * words;
      const single = direct.load(arena, split + 4 * scratch.words, white);
      let list = address;
      const runs = blocks.map((block) => {
        const run = blockRunner({ k, at, layout, fused, arena, white, scratch, split, list }, block);
        list += 4 * listWords(k, block.outputs);
        return run;
      });
      const splitRows = splitter(k, layout, arena, scratch, split);
      return (source, target, outPlane, outPitch, rows) => {
        const pairs = Math.floor(rows / 2);
        for (let group = 0; group < (k.groups ?? 1); group++) {
          const plane = source + 4 * group * k.inChannels * layout.planePitch;
          eachBlock(2 * pairs, at.columns.output, scratch, blocks[0].vectors * 4, (row, count, column, columns) => {
            const from = plane + 4 * (row * layout.rowPitch + column);
            splitRows(from, count, columns);
            for (const { outputOf, run } of runs) {
              if (outputOf !== group) continue;
              run(from, target + row * outPitch + 4 * column, outPlane, outPitch, count / 2, columns);
            }
          });
        }
        if (rows % 2 === 1) {
          single(source + 4 * (rows - 1) * layout.rowPitch, target + (rows - 1) * outPitch, outPlane, outPitch, 1);
        }
      };
    },
  };
}

/** Output channels of one group whose sums share what is loaded. */
interface Block {
  readonly first: number;
  readonly outputs: number;
  readonly vectors: number;
}

/** Vectors of sums by outputs that share samples: with samples, weights and a product that is not fused they fit 15 registers. */
const VECTORS: Readonly<Record<number, readonly [fused: number, unfused: number]>> = {
  1: [7, 6],
  2: [4, 4],
  3: [3, 2],
};

function blocksOf(k: Kernel, at: Geometry, fused: boolean): Block[] {
  const ofGroup = k.outChannels / (k.groups ?? 1);
  const size = [3, 2].find((count) => ofGroup % count === 0) ?? 1;
  const vectors = Math.min(VECTORS[size][fused ? 0 : 1], Math.floor(at.columns.output / 4));
  return Array.from({ length: k.outChannels / size }, (_, i) => ({ first: i * size, outputs: size, vectors }));
}

function listWords(k: Kernel, outputs: number): number {
  return minimalWords(outputs, k.inChannels, k.height, k.width);
}

/** The rows of differences, sums and steps that are made at a time, in floats. */
interface Scratch {
  /** Rows and columns of results that they serve. */
  readonly rows: number;
  readonly columns: number;
  readonly pitch: number;
  /** From differences to sums to steps. */
  readonly part: number;
  readonly plane: number;
  readonly words: number;
}

/** What is made at a time stays well within a level-2 cache, and what a pair of rows reads of it within the first-level cache. */
const SCRATCH_BYTES = 512 * 1024;
const MOST_ROWS = 24;
const LEAST_ROWS = 12;

function scratchOf({ inChannels, height, width }: Kernel, at: Geometry): Scratch {
  const halo = 3 * Math.floor(height / 3) - 3;
  const rows = inChannels === 1 ? MOST_ROWS : LEAST_ROWS;
  const fitting = Math.floor(SCRATCH_BYTES / (4 * 3 * inChannels * (rows + halo))) - width + 1;
  const columns = Math.min(
    at.columns.output,
    Math.max(LEAST_COLUMNS, Math.floor(fitting / LEAST_COLUMNS) * LEAST_COLUMNS),
  );
  const pitch = oddLines(columns + width - 1);
  const part = (rows + halo) * pitch;
  return { rows, columns, pitch, part, plane: 3 * part, words: 3 * part * inChannels };
}

/** Whole tiles of three, four, six and seven vectors. */
const LEAST_COLUMNS = 84;

/** Blocks of results; the last of a row is moved left where it would be narrower than a tile. */
function eachBlock(
  rows: number,
  columns: number,
  scratch: Scratch,
  narrowest: number,
  body: (row: number, rows: number, column: number, columns: number) => void,
): void {
  for (let row = 0; row < rows; row += scratch.rows) {
    for (let column = 0; column < columns; column += scratch.columns) {
      const width = Math.max(narrowest, Math.min(scratch.columns, columns - column));
      body(row, Math.min(scratch.rows, rows - row), Math.min(column, columns - width), width);
    }
  }
}

function splitter(
  k: Kernel,
  layout: SourceLayout,
  arena: Arena,
  scratch: Scratch,
  split: number,
): (source: number, rows: number, columns: number) => void {
  const specification = { outputs: 1, vectors: 1, fused: false };
  const code = functionsOf(minimalName(specification), arena, () => minimalCode(specification));
  const halo = 3 * Math.floor(k.height / 3) - 3;
  return (source, rows, columns) => {
    for (let c = 0; c < k.inChannels; c++) {
      code.split(
        source + 4 * c * layout.planePitch,
        4 * layout.rowPitch,
        split + 4 * c * scratch.plane,
        4 * scratch.pitch,
        4 * scratch.part,
        rows + halo,
        4 * (columns + k.width - 1),
      );
    }
  };
}

interface Runner {
  readonly k: Kernel;
  readonly at: Geometry;
  readonly layout: SourceLayout;
  readonly fused: boolean;
  readonly arena: Arena;
  readonly white: number;
  readonly scratch: Scratch;
  readonly split: number;
  readonly list: number;
}

function blockRunner(
  { k, layout, fused, arena, white, scratch, split, list }: Runner,
  { first, outputs, vectors }: Block,
): {
  readonly outputOf: number;
  readonly run: (
    source: number,
    target: number,
    outPlane: number,
    outPitch: number,
    pairs: number,
    columns: number,
  ) => void;
} {
  const size = k.inChannels * k.height * k.width;
  const channels = Array.from({ length: outputs }, (_, o) => first + o);
  const taps = channels.map((o) => k.weights.subarray(o * size, (o + 1) * size));
  const biases = channels.map((o) => Math.fround(k.bias[o] * white));
  packMinimal(arena.floats, list / 4, taps, biases, k.height, k.width);
  const specification = { outputs, vectors, fused };
  const code = functionsOf(minimalName(specification), arena, () => minimalCode(specification));
  const groups = Math.floor(k.height / 3);
  return {
    outputOf: Math.floor((first * (k.groups ?? 1)) / k.outChannels),
    run(source, target, outPlane, outPitch, pairs, columns) {
      code.pairs(
        source,
        4 * layout.rowPitch,
        4 * layout.planePitch,
        split,
        4 * scratch.pitch,
        4 * scratch.part,
        4 * scratch.plane,
        list,
        target + first * outPlane,
        outPitch,
        outPlane,
        pairs,
        4 * columns,
        k.inChannels,
        groups,
        k.height - 3 * groups,
        4 * k.width,
      );
    },
  };
}
