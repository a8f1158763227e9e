import type { Kernel } from '../../kernels/kernel.ts';
import { whiteOf } from '../../planes/planes.ts';
import { isExplained } from '../diagnosis/explained.ts';
import { partsOfPairs } from '../diagnosis/partsOfPairs.ts';
import { copiedRim } from '../feasible/copiedRim.ts';
import { type ChannelSharing, type KernelShape, kernelShape } from '../kernelShape.ts';
import { kernelFrom } from '../kernelUnknowns.ts';
import { leastSquares } from '../moments/leastSquares.ts';
import { momentsOfTiles } from '../moments/moments.ts';
import { windowsOf } from '../moments/tiles.ts';
import { type Example, isClipped, wholeOf } from '../pairs.ts';
import { solveAligned } from '../solve/solveAligned.ts';
import type { ExactOptions, LearnedPairs } from '../solve/solved.ts';
import { type Block, SIDE as BLOCK, blocksOf, detailed, isClean, isSpared } from './blocks.ts';
import { type Exceptions, exceptionsOf } from './exceptions.ts';
import { type Left, leftOf, spreadOf, without } from './misfits.ts';
import { startingKernels } from './startingKernels.ts';

export interface Majority {
  readonly learned: LearnedPairs;
  readonly exceptions: Exceptions;
  /** The pairs without what is not of the kernel. */
  readonly examples: readonly Example[];
}

/** What must be seen of a kernel of most. */
interface Least {
  /** Of blocks with detail that the filter did not spare, so many must be the kernel's. */
  readonly blocks: number;
  /** Of samples that were changed, so many must be left. */
  readonly kept: number;
  /** Of samples in clean blocks, at most so many may be none of the kernel's: dead pixels are fewer. */
  readonly strays: number;
  /** At most so many may be near to it without being it: more come of a filter that is only like one. */
  readonly near: number;
}

const OF_PICTURES: Least = { blocks: 0.5, kept: 0.35, strays: 0.004, near: 0.01 };

/** What is drawn into pictures may fill more of some parts of them, and taps that are fitted to parts are less exact. */
const OF_PARTS: Least = { blocks: 0.35, kept: 0.25, strays: 0.008, near: 0.05 };

/**
 * The kernel of most of the pictures where something else made the rest: what was drawn into an after, parts that a mask spared, a rim
 * that was copied, a wrong pair, dead pixels. Samples that the kernel does not give by rounding are left out, and it is learned again,
 * until they are the same.
 *
 * @param examples of stored afters without losses
 * @param learned from all samples
 * @returns undefined where no kernel explains most parts of the pictures with detail
 */
export async function learnMajority(
  examples: readonly Example[],
  options: ExactOptions,
  learned: LearnedPairs,
  pause: () => Promise<void>,
): Promise<Majority | undefined> {
  const own: Start = { kernel: learned.kernel, shape: undefined };
  const parts = partsOfPairs(examples);
  if (parts === undefined) {
    return firstOf([...(await startsOf(examples, options, pause)), own], examples, options, pause, placed);
  }
  // What is not the kernel of most of some parts from all over the pictures is not that of most of them.
  const startOf = (found: Confirmed): Start => ({ kernel: found.learned.kernel, shape: undefined });
  const starts = [...(await startsOf(parts, options, pause)), own];
  const likely = await firstOf(starts, parts, options, pause, startOf, OF_PARTS);
  return likely && firstOf([likely], examples, options, pause, placed);
}

/** What is made of the first of these kernels that is one of most. */
async function firstOf<Made>(
  starts: readonly Start[],
  examples: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
  make: (found: Confirmed) => Made | undefined,
  least: Least = OF_PICTURES,
): Promise<Made | undefined> {
  for (const start of starts) {
    const kept = await settled(examples, start, pause, least);
    if (kept === undefined) continue;
    const found = await confirmed(kept, options, pause, least);
    const made = found && make(found);
    if (made !== undefined) return made;
  }
  return undefined;
}

/** Undefined where what is not of the kernel lies all over the pictures. */
function placed({ learned, used, kept, lefts, middle }: Confirmed): Majority | undefined {
  const exceptions = exceptionsOf(lefts, middle, ROUNDING, copiedRim(wholeOf(used)));
  if (!isElsewhere(exceptions)) return undefined;
  return { learned: numbered(counted(learned, used), used, kept), exceptions, examples: used };
}

interface Start {
  readonly kernel: Kernel;
  /** In which it is improved on; the kernel's own by default. */
  readonly shape: KernelShape | undefined;
}

/** Rows and columns of the taps that parts of the pictures are tried with, where none are stated. */
const SIDE = 7;

async function startsOf(
  examples: readonly Example[],
  { size = 'auto', channels = 'auto' }: ExactOptions,
  pause: () => Promise<void>,
): Promise<Start[]> {
  const { before, after } = examples[0];
  const white = whiteOf(after);
  const side = Math.min(
    SIDE,
    ...examples.flatMap((one) => [one.before.height, one.before.width]).map((n) => (n >> 2) | 1),
  );
  const isValid = before.height !== after.height || before.width !== after.width;
  const sharings: readonly ChannelSharing[] =
    channels !== 'auto'
      ? [channels]
      : before.channels !== after.channels
        ? ['full']
        : before.channels === 1
          ? ['shared']
          : ['per-channel', 'full'];
  const starts: Start[] = [];
  for (const sharing of sharings) {
    const shape = kernelShape(examples, {
      size: size === 'auto' && !isValid ? side : size,
      channels: sharing,
      bias: true,
    });
    for (const kernel of await startingKernels(examples, shape, white, pause)) starts.push({ kernel, shape });
  }
  return starts;
}

/** Standard deviations, and levels, from the middle beyond which a sample is not taken for the kernel's. */
const BEYOND = 3.5;
const ROUNDING = 1;
const LEAST_DEVIATION = 0.29;
/** What a few taps leave of a kernel of many; more is none. */
const MOST_DEVIATION = 3;

const MOST_STEPS = 6;
/** At rest where fewer samples than this share are taken in or left out. */
const AT_REST = 1e-4;

/** Products that a step's moments are summed of, an output channel: with fewer windows the taps are as good as it takes to tell misfits. */
const MOST_PRODUCTS = 2 ** 28;

/** The pairs without samples that are none of the kernel's, and the kernel fitted to the others, in turn until both rest. */
async function settled(
  examples: readonly Example[],
  { kernel: start, shape }: Start,
  pause: () => Promise<void>,
  least: Least,
): Promise<readonly Example[] | undefined> {
  let kernel = start;
  let before = -1;
  for (let step = 0; ; step++) {
    const lefts: Left[] = [];
    for (const example of examples) {
      await pause();
      lefts.push(leftOf(example, kernel));
    }
    const spares = sparing(lefts);
    const spread = spreadOf(lefts, (left, i) => !Number.isNaN(left.levels[i]) && !(spares && left.unchanged[i] === 1));
    if (spread === undefined || spread.deviation > MOST_DEVIATION) return undefined;
    const most = Math.max(ROUNDING, BEYOND * Math.max(LEAST_DEVIATION, spread.deviation));
    let [out, all] = [0, 0];
    const blocksOfAll = lefts.map((left) => blocksOf(left, spread.middle, most));
    if (!isMost(blocksOfAll.flat(), spares, least.blocks)) return undefined;
    const kept = lefts.map((left, i) => {
      const blocks = blocksOfAll[i];
      const leftOut = leftOutOf(left, blocks, spread.middle, most, spares);
      all += left.levels.length;
      return without(left, (at) => {
        if (leftOut[at] === 0) return false;
        out++;
        return true;
      });
    });
    if (all - out < least.kept * (all - (spares ? sparedIn(lefts) : 0))) return undefined;
    const rests = Math.abs(out - before) <= AT_REST * all;
    if (rests || step === MOST_STEPS || shape === undefined) return kept;
    before = out;
    const tiles = kept.map((example) => ({ example, ...windowsOf(example, shape) }));
    const moments = await momentsOfTiles(tiles, shape, pause, MOST_PRODUCTS);
    if (moments.some(({ samples }) => samples === 0)) return undefined;
    kernel = kernelFrom(
      shape,
      moments.map((m) => leastSquares(m, { bias: true }).unknowns),
    );
  }
}

/** Where nearly all was left as it was, that is what was done. */
const NEARLY_ALL = 0.9;

/** Whether what was left as it was is taken for spared. */
function sparing(lefts: readonly Left[]): boolean {
  const all = lefts.reduce((sum, { levels }) => sum + levels.length, 0);
  return sparedIn(lefts) < NEARLY_ALL * all;
}

function sparedIn(lefts: readonly Left[]): number {
  return lefts.reduce((sum, { unchanged }) => sum + unchanged.reduce((count, one) => count + one, 0), 0);
}

/** With those that touch one: what is drawn ends in them. */
function beside(some: readonly Block[], blocks: readonly Block[]): readonly Block[] {
  const key = (row: number, column: number): string => `${Math.round(row / BLOCK)} ${Math.round(column / BLOCK)}`;
  const near = new Set(
    some.flatMap(({ row, column }) =>
      [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => key(row + down * BLOCK, column + right * BLOCK))),
    ),
  );
  return blocks.filter(({ row, column }) => near.has(key(row, column)));
}

/** A block with so many misfits was drawn over: what fits there does so by chance. */
const DRAWN_OVER = 0.04;

function leftOutOf(left: Left, blocks: readonly Block[], middle: number, most: number, spares: boolean): Uint8Array {
  const { height, width, levels } = left;
  const leftOut = new Uint8Array(levels.length);
  for (let i = 0; i < levels.length; i++) if (!(Math.abs(levels[i] - middle) <= most)) leftOut[i] = 1;
  const channels = levels.length / (height * width);
  const drawnOver = blocks.filter((block) => block.misfits > DRAWN_OVER * block.samples || (spares && isSpared(block)));
  for (const block of beside(drawnOver, blocks)) {
    for (let c = 0; c < channels; c++) {
      for (let r = block.row; r < block.row + block.height; r++) {
        const from = (c * height + r) * width + block.column;
        leftOut.fill(1, from, from + block.width);
      }
    }
  }
  return leftOut;
}

/** A pair of which less is left shows something else. */
const LEAST_OF_PAIR = 0.25;

function isUsed({ after }: Example): boolean {
  const left = after.data.reduce((count, sample) => count + (Number.isNaN(sample) ? 0 : 1), 0);
  return left >= LEAST_OF_PAIR * after.data.length;
}

interface Confirmed {
  readonly learned: LearnedPairs;
  readonly kept: readonly Example[];
  /** The pairs that enough is left of. */
  readonly used: readonly Example[];
  readonly lefts: readonly Left[];
  readonly middle: number;
}

/** Learned anew from what is left; undefined where most of the pictures is not that kernel's. */
async function confirmed(
  kept: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
  least: Least,
): Promise<Confirmed | undefined> {
  const used = kept.filter(isUsed);
  if (used.length === 0) return undefined;
  const learned = await solveAligned(used, { ...options, byPrograms: options.method === 'feasible' }, pause).catch(
    (error: unknown) => {
      if (error instanceof RangeError) return undefined;
      throw error;
    },
  );
  if (learned === undefined || !isExplained(learned.report, used) || learned.report.program.shift) return undefined;
  const lefts = wholeOf(kept).map((example) => leftOf(example, learned.kernel));
  const spares = sparing(lefts);
  const spread = spreadOf(lefts, (left, i) => !(spares && left.unchanged[i] === 1));
  if (spread === undefined) return undefined;
  const all = lefts.flatMap((left) => blocksOf(left, spread.middle, ROUNDING));
  if (!isMost(all, spares, least.blocks, least.strays) || !isRounded(lefts, spread.middle, least.near))
    return undefined;
  return { learned, kept, used, lefts, middle: spread.middle };
}

/** Levels from the middle that rounding alone explains, with some room for Float32. */
const HALF = 0.55;

/** Whether one of the pairs, or all parts of one, have few samples that are near to the kernel without being its. */
function isRounded(lefts: readonly Left[], middle: number, most: number): boolean {
  const pairs = new Map<string, { near: number; samples: number }>();
  for (const { example, levels, unchanged } of lefts) {
    let { near, samples } = pairs.get(example.where) ?? { near: 0, samples: 0 };
    for (let i = 0; i < levels.length; i++) {
      const distance = Math.abs(levels[i] - middle);
      // What a mask spared is near to the kernel where the picture is flat.
      if (distance > HALF && distance <= ROUNDING && unchanged[i] === 0) near++;
    }
    samples += levels.length;
    pairs.set(example.where, { near, samples });
  }
  return [...pairs.values()].some(({ near, samples }) => near <= most * samples);
}

/** Misfits that are the before's own samples were spared; of the others, more than this share all over a picture are no accident. */
const ALL_OVER = 0.02;

/** A pair that has more misfits than this shows something else. */
const OTHER_PAIR = 0.75;

/**
 * Whether the misfits lie in a place of their own: what another filter made differs wherever the picture has detail, and is near to
 * the kernel elsewhere.
 */
function isElsewhere({ misfits, unchanged, samples, places }: Exceptions): boolean {
  if (misfits - unchanged <= ALL_OVER * samples) return true;
  return places.every(
    (place) =>
      place.rectangle !== undefined ||
      place.misfits <= ALL_OVER * place.samples ||
      place.misfits >= OTHER_PAIR * place.samples,
  );
}

/**
 * Whether most blocks with detail that the filter did not spare are clean of misfits.
 *
 * @param strays that clean blocks may have, a share of their samples; any by default
 */
function isMost(blocks: readonly Block[], spares: boolean, least: number, strays = 1): boolean {
  const telling = detailed(blocks.filter((block) => !(spares && isSpared(block))));
  const clean = telling.filter(isClean);
  const misfits = clean.reduce((sum, block) => sum + block.misfits, 0);
  const samples = clean.reduce((sum, block) => sum + block.samples, 0);
  return clean.length >= least * telling.length && misfits <= strays * samples;
}

/** What is left out is not clipped. */
function counted(learned: LearnedPairs, kept: readonly Example[]): LearnedPairs {
  const { report } = learned;
  const clipped = kept.reduce((sum, example) => {
    let count = 0;
    for (const sample of example.after.data) if (!Number.isNaN(sample) && isClipped(sample, example)) count++;
    return sum + count;
  }, 0);
  return { ...learned, report: { ...report, clipped: Math.min(report.clipped, clipped) } };
}

/** Its certificate's first other sample is of one of all pairs. */
function numbered(learned: LearnedPairs, used: readonly Example[], all: readonly Example[]): LearnedPairs {
  const { certificate } = learned.report;
  if (certificate?.first === undefined) return learned;
  const { where } = used[certificate.first.pair];
  const first = { ...certificate.first, pair: all.findIndex((example) => example.where === where) };
  return { ...learned, report: { ...learned.report, certificate: { ...certificate, first } } };
}
