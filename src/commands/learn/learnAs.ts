import { type Detector, isNamed, type KernelDetector } from '../../edges/detector/detector.ts';
import { type Kernel, kernel as kernelOfRows } from '../../kernels/kernel.ts';
import type { Sequential } from '../../layers/sequential.ts';
import { blackAndWhiteAgain } from '../../learn/detector/blackAndWhiteAgain.ts';
import {
  learnDetector,
  type LearnDetectorOptions,
  type LearnedDetector,
  learnUnnamedDetector,
} from '../../learn/detector/learnDetector.ts';
import { linearShare } from '../../learn/detector/linearShare.ts';
import { mapTarget, type MapTarget, scaleOfMap } from '../../learn/detector/mapTarget.ts';
import type { LearnOptions, LearnResult } from '../../learn/learnOptions.ts';
import type { FitReport } from '../../learn/model/fitModel.ts';
import { type FoundCurve, findCurve } from '../../learn/nonlinear/findCurve.ts';
import { findPasses } from '../../learn/nonlinear/findPasses.ts';
import { type FoundRank, findRank } from '../../learn/nonlinear/findRank.ts';
import type { FoundPasses } from '../../learn/nonlinear/foundPasses.ts';
import { pacer } from '../../learn/pace.ts';
import { type Example, examplesOf } from '../../learn/pairs.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { channelOf, type Planes } from '../../planes/planes.ts';
import type { EpochLoss, PicturePair } from './learnModelPairs.ts';

export type { PicturePair } from './learnModelPairs.ts';

interface Tried {
  /** What was tried in vain, a sentence each. */
  readonly tried: readonly string[];
}

export interface FoundKernel extends Tried {
  readonly kernel: LearnResult;
}

export interface FoundDetector extends Tried {
  readonly detector: LearnedDetector;
}

export interface FoundModel extends Tried {
  readonly model: Sequential;
  readonly layers: string;
  readonly report: FitReport;
  /** Of every epoch, before its step. */
  readonly losses: readonly EpochLoss[];
}

interface FoundSpecial {
  readonly found: FoundRank | FoundPasses | FoundCurve;
  /** Whether afters hold three times what the filter makes of a grey picture. */
  readonly repeats?: boolean;
}

export interface FoundFilter extends Tried {
  readonly filter: FoundSpecial;
}

/** What the pairs were found to be. */
export type FoundAny = FoundKernel | FoundDetector | FoundFilter | FoundModel;

/** Of a map's variance: what a linear kernel must explain for it to be looked for first. */
const LINEAR = 0.9;

/**
 * A tone curve, the median, minimum or maximum of a window, or a blur (or a mask of it) of passes that are rounded one by one, where one
 * gives nearly all samples; else the kernel, where a linear one explains the pairs; else the detector of an edge map, where there is one;
 * else the kernel that comes nearest.
 *
 * @throws ExpectationError where pairs do not fit, or black-and-white maps, from which no kernel can be learned, have no detector
 */
export async function learnEither(
  pairs: readonly PicturePair[],
  asked: LearnOptions,
): Promise<FoundKernel | FoundDetector | FoundFilter> {
  const simple = await simpleFilter(pairs);
  if (simple !== undefined) return { filter: simple, tried: [] };
  const maps = mapsOf(pairs);
  if (maps instanceof ExpectationError) return { kernel: await kernelOr(maps, pairs, asked), tried: [] };
  const tried: string[] = [];
  const binary = maps.every((map) => map.binary);
  const share = binary ? 0 : linearShare(maps);
  const known = await learnDetector(pairs, { unknown: false });
  if (share === undefined || share >= LINEAR) {
    if (share === undefined && known !== undefined && !isLinear(known.detector)) return { detector: known, tried };
    const kernel = (await kernelOf(known, pairs, asked)) ?? (await learnAKernel(pairs, sizedLike(known, asked)));
    // A kernel whose responses are cut at 0 is linear: what a program does where a picture ends may still be its own.
    return known === undefined || isExplained(kernel) ? { kernel, tried } : { detector: known, tried };
  }
  if (known !== undefined) return { detector: known, tried };
  tried.push(
    binary
      ? 'a linear kernel: none can be learned from black and white alone'
      : `a linear kernel: one of 5×5 taps explains ${percent(share)} of the map's variance`,
  );
  const unknown = await learnUnnamedDetector(pairs);
  if (unknown !== undefined) {
    if (unknown.report.method === 'recovered') tried.push('detectors that are known by a name: none gives the map');
    return { detector: unknown, tried };
  }
  if (binary) throw noDetector(maps);
  const kernel = await learnAKernel(pairs, asked);
  tried.push(
    `${triedDetectors(blackAndWhiteAgain(maps) ?? maps)}: none gives the map; --as model learns a stack of layers`,
  );
  // Of a pair that a kernel explains after all, such as one that was displaced, nothing was tried in vain.
  return { kernel, tried: kernel.report.explained ? [] : tried };
}

/** The kernel of a linear detector that gives every sample, where it is all that there is to it; not learned again. */
async function kernelOf(
  known: LearnedDetector | undefined,
  pairs: readonly PicturePair[],
  asked: LearnOptions,
): Promise<LearnResult | undefined> {
  if (known === undefined || isNamed(known.detector) || !Object.values(asked).every(isOpen)) return undefined;
  const { detector } = known;
  if (pairs.some(({ before, after }) => before.alpha !== undefined || after.alpha !== undefined)) return undefined;
  const examples = examplesOf(pairs);
  const kernel = plainKernel(detector);
  if (kernel === undefined || !examples.every((example) => isOfEachChannel(detector, example))) return undefined;
  const { reportGiven } = await import('../../learn/solve/reportGiven.ts');
  return reportGiven(kernel, examples, detector.from, pacer(undefined));
}

function isOpen(option: unknown): boolean {
  return option === undefined || option === 'auto';
}

/** Of colours a detector that does not say otherwise takes the luma. */
function isOfEachChannel({ color }: KernelDetector, { before, after }: Example): boolean {
  return before.channels === after.channels && (before.channels === 1 || color === 'each');
}

/** Of a detector that is one kernel for each channel and nothing else but a factor. */
function plainKernel({ kernels, response, scale = 1, ...others }: KernelDetector): Kernel | undefined {
  const { from: _, name: __, border: ___, rounding: ____, color: _____, ...steps } = others;
  const isPlain = response === 'clamp' && Object.keys(steps).length === 0 && typeof scale === 'number';
  if (!isPlain || kernels.length !== 1) return undefined;
  const [{ height, width, taps }] = kernels;
  const rows = Array.from({ length: height }, (_row, row) =>
    Array.from(taps.subarray(row * width, (row + 1) * width), (tap) => tap * scale),
  );
  return kernelOfRows(rows);
}

/** Of the size of a linear detector that gives every sample, so that no other is looked for. */
function sizedLike(known: LearnedDetector | undefined, asked: LearnOptions): LearnOptions {
  const certificate = known?.report.certificate;
  if (known === undefined || isNamed(known.detector) || !isOpen(asked.size)) return asked;
  if (certificate === undefined || certificate.reproduced < certificate.samples) return asked;
  const [{ height, width }] = known.detector.kernels;
  return { ...asked, size: [height, width] };
}

/** What solves for kernels is loaded where one is looked for: for a detector that is known it would take longer than finding it. */
async function learnAKernel(pairs: readonly PicturePair[], asked: LearnOptions): Promise<LearnResult> {
  const { learnKernel } = await import('../../learn/learnKernel.ts');
  return learnKernel(pairs, asked);
}

/** What is told at once, as it gives the samples themselves. */
async function simpleFilter(pairs: readonly PicturePair[]): Promise<FoundSpecial | undefined> {
  if (pairs.some(({ before, after }) => before.alpha !== undefined || after.alpha !== undefined)) return undefined;
  const given = examplesOf(pairs);
  const repeats = given.every(isRepeated);
  const examples = repeats ? given.map((one) => ({ ...one, after: channelOf(one.after, 0) })) : given;
  const pause = pacer(undefined);
  const found = findCurve(examples) ?? (await findRank(examples, pause)) ?? (await findPasses(examples, pause));
  return found && { found, ...(repeats && { repeats }) };
}

/** Whether a grey before has an after that is stored in three channels and is grey all the same. */
function isRepeated({ before, after }: Example): boolean {
  if (before.channels !== 1 || after.channels !== 3) return false;
  const size = after.height * after.width;
  return after.data.every((sample, i) => sample === after.data[i % size]);
}

/** The kernel of pairs that cannot be a picture and its edge map; where they can be nothing else, why they are none. */
async function kernelOr(
  fault: ExpectationError,
  pairs: readonly PicturePair[],
  asked: LearnOptions,
): Promise<LearnResult> {
  try {
    return await learnAKernel(pairs, asked);
  } catch (error) {
    const resized = pairs.some(({ before, after }) => scaleOfMap(before.planes, after.planes) !== undefined);
    // Nor can anything be learned of black or white throughout.
    const flat = pairs.some(({ after }) => isFlat(after.planes));
    throw error instanceof ExpectationError && (resized || flat) ? fault : error;
  }
}

function isFlat({ data }: Planes): boolean {
  return data.every((sample) => sample === data[0]);
}

/** @throws ExpectationError where no detector of these kinds explains the pairs */
export async function learnOnlyDetector(
  pairs: readonly PicturePair[],
  options: LearnDetectorOptions,
): Promise<FoundDetector> {
  const detector = await learnDetector(pairs, options);
  if (detector !== undefined) return { detector, tried: [] };
  throw noDetector(examplesOf(pairs).map(mapTarget), options);
}

/** What was tried of pairs for which no detector was found. */
function noDetector(maps: readonly MapTarget[], options: LearnDetectorOptions = {}): ExpectationError {
  return new ExpectationError(
    `Expected a map that one of these detectors gives for pairs[0] but none does: ${triedDetectors(maps, options)}; ` +
      '--as model learns a stack of layers',
  );
}

function triedDetectors(maps: readonly MapTarget[], { sides }: LearnDetectorOptions = {}): string {
  const isInner = maps.some(({ before, map }) => before.height !== map.height || before.width !== map.width);
  if (!maps.every(({ binary }) => binary)) {
    return `detectors known by a name, and one or two unknown kernels of ${sidesText(sides ?? [3, 5, 7])} (absolute value, magnitude, sum of absolute values, larger of two)`;
  }
  const unknown = `one or two unknown kernels of ${sidesText(sides?.slice(0, 2) ?? [3, 5])} above one threshold`;
  const untried = 'unknown kernels that are thinned to lines were not tried';
  return isInner
    ? `${unknown} (of a black-and-white map smaller than its picture nothing else is tried)`
    : `canny and the kernels that are known by a name, above a threshold, thinned to lines or with hysteresis, and ${unknown} or with hysteresis (${untried})`;
}

function sidesText(sides: readonly number[]): string {
  return sides.map((side) => `${side}×${side}`).join(', ');
}

/** Pairs as pictures and their edge maps, or why they cannot be that. */
function mapsOf(pairs: readonly PicturePair[]): MapTarget[] | ExpectationError {
  try {
    return examplesOf(pairs).map(mapTarget);
  } catch (error) {
    if (error instanceof ExpectationError) return error;
    throw error;
  }
}

function isLinear(detector: Detector): boolean {
  return !isNamed(detector) && detector.response === 'clamp';
}

/** Whether every sample comes out or, of numbers, which nothing certifies, what is left over is their last places. */
function isExplained({ report: { certificate, explained } }: LearnResult): boolean {
  return certificate === undefined ? explained === true : certificate.reproduced === certificate.samples;
}

function percent(share: number): string {
  return `${Math.max(0, Number((100 * share).toPrecision(2)))} %`;
}
