import type { Kernel } from '../../kernels/kernel.ts';
import type { Axis, Geometry } from '../geometry.ts';
import { LARGEST_TILE, LEAST_TILE, tileBytes } from './fftLayout.ts';

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
  /** Output channels of a group whose spectra are kept at a time. */
  readonly together: number;
  /** What it takes, in nanoseconds on one core of a server of 2024: a measure to compare with, not a promise. */
  readonly cost: number;
}

/** Longer kernels are cut into blocks that leave at least half of the largest tile to results. */
const LARGEST_BLOCK = 512;

/** Columns that are transformed together: steps along rows are multiples of them. */
const GROUP = 4;

/** Bytes of kernel spectra that are kept at a time, where one output channel's are not more. */
const SPECTRA = 16 * 2 ** 20;

/** The tiles that take the least, by shape alone. */
export function tilingFor(at: Geometry, k: Channels): Tiling {
  let best: Tiling | undefined;
  for (const rows of cutsOf(at.rows, 1)) {
    for (const columns of cutsOf(at.columns, GROUP)) {
      const tiling = tilingOf(rows, columns, k);
      if (best === undefined || tiling.cost < best.cost) best = tiling;
    }
  }
  return best as Tiling;
}

type Channels = Pick<Kernel, 'inChannels' | 'outChannels' | 'groups'>;

function tilingOf(rows: Cut, columns: Cut, { inChannels, outChannels, groups = 1 }: Channels): Tiling {
  const bytes = tileBytes({ rows: rows.tile, columns: columns.tile });
  const parts = inChannels * rows.blocks * columns.blocks;
  const outputs = outChannels / groups;
  const together = Math.max(1, Math.min(outputs, Math.floor(SPECTRA / (parts * bytes))));
  const there = parts * Math.ceil(outputs / together);
  const product = PRODUCT + FAR_PRODUCT * doublings(parts * together * bytes, SPECTRA_NEARBY);
  const steps = there * THERE + parts * outputs * product + outputs * BACK;
  const pairs = Math.ceil((rows.count * columns.count) / 2);
  const kernels = parts * outputs * THERE;
  const calls = pairs * (there + outputs) * CALL;
  const inner = Math.max(0, rows.count - 2) * Math.max(0, columns.count - 2);
  const copies = (rows.count * columns.count - inner) * there * rows.tile * COPY;
  const samples = rows.tile * columns.tile;
  const slowness = 1 + SLOWER * doublings(samples, QUICKEST);
  const cost = groups * ((pairs * steps + kernels) * samples * slowness + calls + copies);
  return { rows, columns, together, cost };
}

/** Nanoseconds that a pair's sample takes to be transformed, multiplied by a spectrum and added up, and transformed back. */
const [THERE, PRODUCT, BACK] = [2, 0.35, 2];

/** What a product takes more for each doubling of the spectra from where a level-2 cache holds them. */
const FAR_PRODUCT = 0.18;
const SPECTRA_NEARBY = 2 ** 20;

/** How the time of a sample grows with each doubling of a tile from 64×64 samples, which a level-1 cache nearly holds. */
const SLOWER = 0.2;
const QUICKEST = 2 ** 12;

/** Nanoseconds that a transform takes besides, wherever it begins. */
const CALL = 700;

/** Nanoseconds that a row of a window at the picture's side takes to be copied. */
const COPY = 50;

/** How many times a size is twice another. (`Math.log2` is not the same in every engine.) */
function doublings(size: number, of: number): number {
  return Math.max(0, 31 - Math.clz32(size / of));
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
