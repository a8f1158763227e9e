import type { Kernel } from '../../kernels/kernel.ts';
import type { Arena } from '../../wasm/arena.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { oddLines } from '../direct/strip.ts';
import { type ChannelTaps, directTaps, type RowsMethod, type SourceLayout } from '../direct/taps.ts';
import type { Geometry } from '../geometry.ts';
import { minimalCode, minimalName, PARTS } from './minimalCode.ts';
import { minimalWords, packMinimal } from './packMinimal.ts';

/**
 * Minimal filtering of pairs of rows. The last of an odd number of rows is made directly, and so are rows that hold no vector of
 * results.
 */
export const MINIMAL: RowsMethod = { rowsTogether: 2, prepare: minimalTaps };

function minimalTaps(k: Kernel, at: Geometry, layout: SourceLayout, fused: boolean): ChannelTaps {
  const direct = directTaps(k, at, layout, fused);
  if (at.columns.output < 4) return direct;
  const blocks = blocksOf(k, at, fused);
  const scratch = scratchOf(k, at);
  const listsWords = blocks.reduce((sum, { outputs }) => sum + minimalWords(k, outputs), 0);
  return {
    words: listsWords + scratch.words + direct.words,
    load(arena, address, white) {
      const split = address + 4 * listsWords;
      const single = direct.load(arena, split + 4 * scratch.words, white);
      let list = address;
      const runs = blocks.map((block) => {
        const run = blockRunner({ k, fused, arena, white, scratch, split, list }, block);
        list += 4 * minimalWords(k, block.outputs);
        return run;
      });
      const splitRows = splitter(k, layout, runs[0].code, scratch, split);
      return (source, target, outPlane, outPitch, rows) => {
        const pairs = Math.floor(rows / 2);
        for (let group = 0; group < (k.groups ?? 1); group++) {
          const plane = source + 4 * group * k.inChannels * layout.planePitch;
          eachBlock(pairs, at.columns.output, scratch, 4 * blocks[0].vectors, (pair, count, column, columns) => {
            splitRows(plane + 4 * (2 * pair * layout.rowPitch + column), count, columns);
            for (const { outputOf, run } of runs) {
              if (outputOf !== group) continue;
              run(target + 2 * pair * outPitch + 4 * column, outPlane, outPitch, count, columns);
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

/** The rows that are made at a time, in floats. */
interface Scratch {
  /** Pairs of rows and columns of results that they serve. */
  readonly pairs: number;
  readonly columns: number;
  readonly pitch: number;
  readonly plane: number;
  readonly words: number;
}

/** What is made ready at a time stays well within a level-2 cache. */
const SCRATCH_BYTES = 512 * 1024;

/** Pairs of rows that are made ready at once: fewer cost more calls, more leave the first-level cache. */
const PAIRS = 3;

function scratchOf({ inChannels, width }: Kernel, at: Geometry): Scratch {
  const fitting = Math.floor(SCRATCH_BYTES / (4 * PARTS * PAIRS * inChannels)) - width + 1;
  const columns = Math.min(
    at.columns.output,
    Math.max(LEAST_COLUMNS, Math.floor(fitting / LEAST_COLUMNS) * LEAST_COLUMNS),
  );
  const pitch = oddLines(columns + width - 1);
  const plane = PAIRS * PARTS * pitch;
  return { pairs: PAIRS, columns, pitch, plane, words: plane * inChannels };
}

/** Whole tiles of three, four, six and seven vectors. */
const LEAST_COLUMNS = 84;

/** Blocks of results; the last of a row is moved left where it would be narrower than a tile. */
function eachBlock(
  pairs: number,
  columns: number,
  scratch: Scratch,
  narrowest: number,
  body: (pair: number, pairs: number, column: number, columns: number) => void,
): void {
  for (let pair = 0; pair < pairs; pair += scratch.pairs) {
    for (let column = 0; column < columns; column += scratch.columns) {
      const width = Math.max(narrowest, Math.min(scratch.columns, columns - column));
      body(pair, Math.min(scratch.pairs, pairs - pair), Math.min(column, columns - width), width);
    }
  }
}

function splitter(
  k: Kernel,
  layout: SourceLayout,
  code: MinimalCode,
  scratch: Scratch,
  split: number,
): (source: number, pairs: number, columns: number) => void {
  return (source, pairs, columns) => {
    for (let c = 0; c < k.inChannels; c++) {
      code.split(
        source + 4 * c * layout.planePitch,
        4 * layout.rowPitch,
        split + 4 * c * scratch.plane,
        4 * scratch.pitch,
        pairs,
        4 * (columns + k.width - 1),
      );
    }
  };
}

type MinimalCode = ReturnType<typeof functionsOf>;

interface Runner {
  readonly k: Kernel;
  readonly fused: boolean;
  readonly arena: Arena;
  readonly white: number;
  readonly scratch: Scratch;
  readonly split: number;
  readonly list: number;
}

function blockRunner(
  { k, fused, arena, white, scratch, split, list }: Runner,
  { first, outputs, vectors }: Block,
): {
  readonly code: MinimalCode;
  readonly outputOf: number;
  readonly run: (target: number, outPlane: number, outPitch: number, pairs: number, columns: number) => void;
} {
  packMinimal(arena.floats, list / 4, k, first, outputs, white);
  const specification = { outputs, vectors, fused };
  const code = functionsOf(minimalName(specification), arena, () => minimalCode(specification));
  return {
    code,
    outputOf: Math.floor((first * (k.groups ?? 1)) / k.outChannels),
    run(target, outPlane, outPitch, pairs, columns) {
      code.pairs(
        split,
        4 * scratch.pitch,
        4 * scratch.plane,
        list,
        target + first * outPlane,
        outPitch,
        outPlane,
        pairs,
        4 * columns,
        k.inChannels,
        4 * k.width,
      );
    },
  };
}
