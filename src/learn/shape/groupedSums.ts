import { whiteOf } from '../../planes/planes.ts';
import type { ChannelSharing, KernelShape } from '../kernelShape.ts';
import { leastSquares, type Solution } from '../moments/leastSquares.ts';
import { addMoments, selectUnknowns } from '../moments/momentAlgebra.ts';
import { allClipped, type Moments, momentsOfTiles } from '../moments/moments.ts';
import { groupsOfTiles } from '../moments/tiles.ts';
import type { Example } from '../pairs.ts';

/** Moments of each output channel, with a bias, group by group and of all groups. */
export interface GroupedSums {
  readonly sharing: ChannelSharing;
  readonly window: WindowSize;
  /** Input channels of an output. */
  readonly inputs: number;
  readonly outputs: readonly Grouped[];
  /** What a squared error is that is as good as none. */
  readonly floor: number;
  /** Samples whose errors tell something of their own. */
  readonly samples: number;
}

interface Grouped {
  readonly groups: readonly Moments[];
  readonly all: Moments;
  /** By all taps of the window, over all groups. */
  readonly solution: Solution;
}

/** Taps of the largest kernel that sums are kept for. */
export type WindowSize = readonly [height: number, width: number];

/** Groups of windows, each judged by what is learned from the others; and where so many unknowns are to be solved for each. */
export const MOST_GROUPS = 8;
const GROUPS_OF_MANY = 4;
const MANY_UNKNOWNS = 512;

/** Windows that a choice is made from, of all pairs together: 2 megapixels tell taps of some 1e-4 from 0. */
const MOST_WINDOWS = 2 ** 21;

/** Products that are summed for windows by themselves where samples are clipped, a group and an output channel. */
const MOST_PRODUCTS = 2 ** 28;

/** The sums of windows of so many rows and columns, from tiles all over the pictures. */
export async function groupedSums(
  examples: readonly Example[],
  sharing: ChannelSharing,
  window: WindowSize,
  pause: () => Promise<void>,
): Promise<GroupedSums> {
  const shape = shapeWithin(examples[0], sharing, window);
  const { inChannels: inputs, outChannels } = shape;
  const unknowns = inputs * window[0] * window[1];
  const count = unknowns < MANY_UNKNOWNS ? MOST_GROUPS : GROUPS_OF_MANY;
  const groups = await groupedMoments(examples, shape, { groups: count, windows: MOST_WINDOWS }, pause);
  const outputs = Array.from({ length: outChannels }, (_, o) => groupedOf(groups.map((group) => group[o])));
  return { sharing, window, inputs, outputs, ...noiseOf(outputs, examples) };
}

/** All taps of a window, and a bias. */
export function shapeWithin(
  { before, after }: Example,
  sharing: ChannelSharing,
  [height, width]: WindowSize,
): KernelShape {
  return {
    sharing,
    outChannels: sharing === 'shared' ? 1 : after.channels,
    inChannels: sharing === 'full' ? before.channels : 1,
    height,
    width,
    groups: sharing === 'per-channel' ? before.channels : 1,
    bias: true,
  };
}

/** The moments of each output channel, group by group of tiles from all over the pictures. */
export async function groupedMoments(
  examples: readonly Example[],
  shape: KernelShape,
  most: { readonly groups: number; readonly windows: number },
  pause: () => Promise<void>,
): Promise<Moments[][]> {
  const groups: Moments[][] = [];
  for (const tiles of groupsOfTiles(examples, shape, most.groups, most.windows)) {
    groups.push(await momentsOfTiles(tiles, shape, pause, MOST_PRODUCTS));
  }
  return groups;
}

/** Errors beyond this many times what rounding leaves are not rounding's alone. */
const EXCESS = 1.5;

/** Samples whose errors are taken to hang together then: JPEG and its kin code blocks of 8×8. */
const TOGETHER = 64;

/** The error is as good as none below this share of the samples' squares, as sums are rounded too; */
const NOTHING = 1e-12;

/** or below this share of what rounding leaves. */
const EXACT = 1e-3;

function noiseOf(outputs: readonly Grouped[], examples: readonly Example[]): Pick<GroupedSums, 'floor' | 'samples'> {
  let [squares, energy, samples] = [0, 0, 0];
  for (const { all, solution } of outputs) {
    squares += solution.squares;
    energy += all.energy;
    samples += all.samples;
  }
  const rounding = samples * Math.max(...examples.map(roundingVariance));
  const floor = Math.max(NOTHING * energy, EXACT * rounding, Number.MIN_VALUE);
  return { floor, samples: squares > Math.max(EXCESS * rounding, floor) ? samples / TOGETHER : samples };
}

/** Rounding moves a sample by −½ to ½ steps, all as likely: 1/12 of a step squared. */
function roundingVariance({ after, clips }: Example): number {
  return clips ? 1 / (12 * whiteOf(after) ** 2) : 0;
}

function groupedOf(groups: readonly Moments[]): Grouped {
  const all = addMoments(groups);
  if (all.samples === 0) throw allClipped(all.clipped);
  return { groups, all, solution: leastSquares(all, { bias: true }) };
}

/** The sums of channels that do not mix, or share a kernel, out of those of channels that may mix. */
export function narrowed(sums: GroupedSums, sharing: ChannelSharing): GroupedSums {
  if (sharing === sums.sharing) return sums;
  const taps = (sums.outputs[0].all.unknowns - 1) / sums.inputs;
  const own = sums.outputs.map(({ groups }, o) => {
    const indices = [...Array.from({ length: taps }, (_, i) => o * taps + i), sums.inputs * taps];
    return groups.map((group) => selectUnknowns(group, indices));
  });
  const outputs =
    sharing === 'shared'
      ? [groupedOf(own[0].map((_, group) => addMoments(own.map((groups) => groups[group]))))]
      : own.map(groupedOf);
  return { ...sums, sharing, inputs: 1, outputs };
}
