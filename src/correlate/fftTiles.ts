import { LEAST_TILE, type TileSize } from './fftLayout.ts';
import type { Axis, Geometry } from './geometry.ts';

/** How an axis is cut: windows of `tile` samples give `step` results each, for a part of `block` of the kernel's samples. */
export interface Cut {
  readonly tile: number;
  readonly step: number;
  readonly count: number;
  /** Results along the axis, at stride 1. */
  readonly results: number;
  readonly block: number;
  readonly blocks: number;
}

export interface Tiling {
  readonly rows: Cut;
  readonly columns: Cut;
  /** What it takes, in nanoseconds on one core of 2024, for one input channel and one output channel. */
  readonly cost: number;
}

/** The largest side of a tile: 1024×1024 complex numbers are 8 MiB. */
const LARGEST_TILE = 1024;

/** Longer kernels are cut into blocks that leave at least half of the largest tile to results. */
const LARGEST_BLOCK = 512;

/** Results begin on a multiple of 8 columns: the columns that are transformed together. */
const GROUP = 8;

/** The tiles that take the least, by shape alone. */
export function tilingFor(at: Geometry): Tiling {
  let best: Tiling | undefined;
  for (const rows of cutsOf(at.rows, 1)) {
    for (const columns of cutsOf(at.columns, GROUP)) {
      const pairs = Math.ceil((rows.count * columns.count) / 2);
      const cost = pairs * rows.blocks * columns.blocks * nanosecondsOfPair({ rows: rows.tile, columns: columns.tile });
      if (best === undefined || cost < best.cost) best = { rows, columns, cost };
    }
  }
  return best as Tiling;
}

/** What a pair of tiles takes, transformed there and back. */
function nanosecondsOfPair({ rows, columns }: TileSize): number {
  const samples = rows * columns;
  return samples * Math.log2(samples) * 0.3;
}

function cutsOf({ taps, dilation, output, stride }: Axis, group: number): Cut[] {
  const span = dilation * (taps - 1) + 1;
  const blocks = Math.ceil(span / LARGEST_BLOCK);
  const block = Math.ceil(span / blocks);
  const results = (output - 1) * stride + 1;
  const cuts: Cut[] = [];
  for (let tile = LEAST_TILE; tile <= LARGEST_TILE; tile *= 2) {
    const valid = tile - block + 1;
    const step = valid - (valid % group);
    if (step > 0) cuts.push({ tile, step, count: Math.ceil(results / step), results, block, blocks });
  }
  return cuts;
}
