import { type ExpectationError, expected } from '../../planes/expected.ts';
import { whiteOf } from '../../planes/planes.ts';
import { hasSimd } from '../../wasm/features.ts';
import { type KernelShape, originInAfter } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';
import { gatheredSums } from './gatheredSums.ts';
import { type Part, cutTile, type TargetFacts } from './parts.ts';
import { type Tile, windowsOf } from './tiles.ts';
import { type Row } from './windows.ts';
import { windowSums } from './windowSums.ts';

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
 * Products that are summed for windows by themselves, a third of a second: clipped windows are taken away from the sums over all
 * as long as they need no more, else those that are not clipped are summed alone, and where that needs more too, some of them.
 */
const MOST_PRODUCTS = 4e9;

/**
 * The moments of each output channel (of all channels together where they share one kernel). Windows that leave the picture and
 * samples that are clipped are no equations, and left out. Stored samples are summed as they are, in whole numbers, exactly for
 * 8 bits, and for 16 until sums exceed 2⁵³ (2 megapixels of white); other samples in Float64.
 *
 * @param pause awaited now and then
 * @param most products that are summed for windows by themselves, an output channel
 * @throws ExpectationError where sizes do not fit, the kernel is too large for this, or no sample is left
 */
export async function momentsOf(
  examples: readonly Example[],
  shape: KernelShape,
  pause: () => Promise<void>,
  most?: number,
): Promise<Moments[]> {
  for (const example of examples) originInAfter(example, shape);
  const tiles = examples.map((example) => ({ example, ...windowsOf(example, shape) }));
  const moments = await momentsOfTiles(tiles, shape, pause, most);
  const empty = moments.find(({ samples }) => samples === 0);
  if (empty !== undefined) throw allClipped(empty.clipped);
  return moments;
}

/**
 * The same of a part of the windows: what is learned from some tiles can be judged by others.
 *
 * @param most products that are summed for windows by themselves, an output channel
 * @returns moments of no sample where all of the tiles' are clipped
 */
export async function momentsOfTiles(
  tiles: readonly Tile[],
  shape: KernelShape,
  pause: () => Promise<void>,
  most: number = MOST_PRODUCTS,
): Promise<Moments[]> {
  const taps = shape.inChannels * shape.height * shape.width;
  if (taps > MOST_UNKNOWNS) {
    throw expected(`at most ${MOST_UNKNOWNS} taps for an output channel`, 'a kernel that is learned', taps);
  }
  const sums = Array.from({ length: shape.outChannels }, () => emptySums(taps));
  for (const { inputs, targets } of channelSets(tiles, shape)) {
    const parts = tiles.flatMap((tile) => cutTile(tile, shape, inputs, targets));
    const shares = targets.map((_, i) =>
      shareOf(
        parts.map(({ facts }) => facts[i]),
        most / (taps + 2) ** 2,
      ),
    );
    const to = targets.map((target) => sums[shape.sharing === 'shared' ? 0 : target]);
    for (const part of parts) await addPart(to, part, shares, pause);
  }
  return sums.map((sum) => momentsFrom(sum, shape.bias));
}

/** Channels that do not mix are summed one after the other. */
function channelSets(tiles: readonly Tile[], { sharing }: KernelShape): { inputs: number[]; targets: number[] }[] {
  if (tiles.length === 0) return [];
  const { before, after } = tiles[0].example;
  if (sharing === 'full') return [{ inputs: indices(before.channels), targets: indices(after.channels) }];
  return indices(after.channels).map((channel) => ({ inputs: [channel], targets: [channel] }));
}

/** How a target's windows are summed: all, less those that are clipped; or so large a share of the others by themselves. */
type Share = 'all' | number;

/** @param most windows that may be summed by themselves */
function shareOf(facts: readonly TargetFacts[], most: number): Share {
  const clipped = facts.reduce((sum, of) => sum + of.clipped, 0);
  const samples = facts.reduce((sum, of) => sum + of.samples, 0);
  return clipped <= Math.min(samples, most) && hasSimd() ? 'all' : Math.min(1, most / samples);
}

/** What is said where nothing is left to learn from. */
export function allClipped(clipped: number): ExpectationError {
  return expected(
    'samples after that are neither 0 nor white, as those may stand for anything below or above (planes are taken as exact),',
    'a kernel that is learned',
    `${clipped} clipped ones`,
  );
}

/** Sums of products of every two of a window's taps, 1, and the sample after. */
interface Sums {
  readonly taps: number;
  readonly products: Float64Array;
  clipped: number;
}

function emptySums(taps: number): Sums {
  return { taps, products: new Float64Array((taps + 2) ** 2), clipped: 0 };
}

/** @param to one for each of the part's targets */
async function addPart(
  to: readonly Sums[],
  part: Part,
  shares: readonly Share[],
  pause: () => Promise<void>,
): Promise<void> {
  const { windows, facts, example } = part;
  // A tile narrower than a window has no column that the windows of all taps have.
  const wholes = windows.width < windows.tapColumns ? [] : indices(to.length).filter((i) => shares[i] === 'all');
  if (wholes.length > 0) {
    const targetRow = (i: number, row: number): Row => windows.targetRow(wholes[i], row);
    const { products, cross } = await windowSums({ ...windows, targets: wholes.length, targetRow }, pause);
    for (const [i, target] of wholes.entries()) {
      const sums = assembled(products, cross[i], cross[wholes.length], windows, facts[target]);
      if (facts[target].clipped > 0) {
        const clipped = positionsOf(part, target, (_, isClipped) => isClipped);
        const left = await gatheredSums(windows, target, clipped, pause);
        for (let k = 0; k < sums.length; k++) sums[k] -= left[k];
      }
      addScaled(to[target], sums, example);
    }
  }
  for (const [target, sums] of to.entries()) {
    sums.clipped += facts[target].clipped;
    if (wholes.includes(target)) continue;
    const share = shares[target] === 'all' ? 1 : shares[target];
    const chosen = positionsOf(part, target, (i, isClipped) => !isClipped && isChosen(i, share));
    addScaled(sums, await gatheredSums(windows, target, chosen, pause), example);
  }
}

/** The sums over all of a part's windows, clipped samples being 0, as {@link gatheredSums} has them. */
function assembled(
  products: Float64Array,
  cross: Float64Array,
  ones: Float64Array,
  { height, width }: Part['windows'],
  { total, energy }: TargetFacts,
): Float64Array {
  const taps = cross.length;
  const rows = taps + 2;
  const sums = new Float64Array(rows * rows);
  for (let a = 0; a < taps; a++) {
    sums.set(products.subarray(a * taps, (a + 1) * taps), a * rows);
    sums[a * rows + taps] = sums[taps * rows + a] = ones[a];
    sums[a * rows + taps + 1] = sums[(taps + 1) * rows + a] = cross[a];
  }
  sums.set([height * width, total], taps * rows + taps);
  sums.set([total, energy], (taps + 1) * rows + taps);
  return sums;
}

/** The windows that `wanted` says yes to. */
function positionsOf(
  { windows: { height, width }, markClipped }: Part,
  target: number,
  wanted: (position: number, isClipped: boolean) => boolean,
): Int32Array {
  const positions = new Int32Array(height * width);
  const clipped = new Uint8Array(width);
  let count = 0;
  for (let row = 0; row < height; row++) {
    markClipped(target, row, clipped);
    for (let j = 0, at = row * width; j < width; j++, at++) if (wanted(at, clipped[j] === 1)) positions[count++] = at;
  }
  return positions.slice(0, count);
}

/** The same share of all parts of a picture, in no pattern that the picture could have: multiples of the golden ratio. */
function isChosen(position: number, share: number): boolean {
  return share >= 1 || Math.imul(position, 0x9e37_79b1) >>> 0 < share * 2 ** 32;
}

function addScaled(to: Sums, products: Float64Array, { before, after }: Example): void {
  const { taps } = to;
  const rows = taps + 2;
  const unit = (line: number): number => (line < taps ? whiteOf(before) : line === taps ? 1 : whiteOf(after));
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < rows; b++) to.products[a * rows + b] += products[a * rows + b] / (unit(a) * unit(b));
  }
}

function momentsFrom({ taps, products, clipped }: Sums, bias: boolean): Moments {
  const rows = taps + 2;
  const one = taps;
  const after = taps + 1;
  const unknowns = taps + (bias ? 1 : 0);
  const gram = new Float64Array(unknowns * unknowns);
  for (let a = 0; a < unknowns; a++) gram.set(products.subarray(a * rows, a * rows + unknowns), a * unknowns);
  return {
    unknowns,
    gram,
    cross: products.slice(after * rows, after * rows + unknowns),
    energy: products[after * rows + after],
    total: products[one * rows + after],
    samples: products[one * rows + one],
    clipped,
  };
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
