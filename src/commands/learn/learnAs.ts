import {
  type Detector,
  ExpectationError,
  type FitReport,
  learnDetector,
  type LearnDetectorOptions,
  type LearnedDetector,
  learnKernel,
  type LearnOptions,
  type LearnResult,
  type Sequential,
} from '../../core.ts';
import { isNamed } from '../../edges/detector/detector.ts';
import { linearShare } from '../../learn/detector/linearShare.ts';
import { mapTarget } from '../../learn/detector/mapTarget.ts';
import { examplesOf } from '../../learn/pairs.ts';
import { learnModelPairs, type ModelDescentArguments, type PicturePair } from './learnModelPairs.ts';
import { DEFAULT_LAYERS, modelLayers } from './modelLayers.ts';

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
}

/** What the pairs were found to be. */
export type FoundAny = FoundKernel | FoundDetector | FoundModel;

/** Of a map's variance: what a linear kernel must explain for it to be looked for first. */
const LINEAR = 0.9;

/**
 * The kernel, where a linear one explains the pairs; else the detector of an edge map, where there is one; else the kernel that comes
 * nearest.
 */
export async function learnEither(
  pairs: readonly PicturePair[],
  asked: LearnOptions,
): Promise<FoundKernel | FoundDetector> {
  const linear = shareOf(pairs);
  const known = linear === undefined ? undefined : await learnDetector(pairs, { unknown: false });
  const tried: string[] = [];
  if (known !== undefined && !isLinear(known.detector)) return { detector: known, tried };
  if (linear === undefined || linear.share === undefined || linear.share >= LINEAR) {
    const kernel = await learnKernel(pairs, asked);
    // A kernel whose responses are cut at 0 is linear: what a program does where a picture ends may still be its own.
    if (known === undefined || isWhole(kernel)) return { kernel, tried };
    return { detector: known, tried };
  }
  tried.push(`no kernel: of the map's variance a linear one explains ${percent(linear.share)}`);
  if (known !== undefined) return { detector: known, tried };
  const unknown = await learnDetector(pairs, { known: false });
  if (unknown !== undefined) {
    tried.push('no detector that is known by a name');
    return { detector: unknown, tried };
  }
  const kernel = await learnKernel(pairs, asked);
  tried.push(
    'no detector: neither one of a program, nor the length, the sum of absolute values or the larger of two kernels, nor the absolute value of one; ' +
      '--as model learns a stack of layers',
  );
  // Of a pair that a kernel explains after all, such as one that was displaced, nothing was tried in vain.
  return { kernel, tried: kernel.report.explained ? [] : tried };
}

/** @throws ExpectationError where no detector of these kinds explains the pairs */
export async function learnOnlyDetector(
  pairs: readonly PicturePair[],
  options: LearnDetectorOptions,
): Promise<FoundDetector> {
  const detector = await learnDetector(pairs, options);
  if (detector !== undefined) return { detector, tried: [] };
  throw new ExpectationError(
    `Expected maps of a detector that is known by a name, or of the length, the sum of absolute values or the larger of two kernels, ` +
      `or of the absolute value of one, for pairs[0] but found none that gives them; --as model learns a stack of layers`,
  );
}

/** A stack of layers for the pairs, by gradient descent. */
export async function learnModel(
  pairs: readonly PicturePair[],
  layers: string = DEFAULT_LAYERS,
  how: ModelDescentArguments,
): Promise<FoundModel> {
  const [{ before, after }] = pairs;
  const model = modelLayers(layers, before.planes.channels, after.planes.channels, how.seed ?? 0);
  return { model, layers, report: await learnModelPairs(model, pairs, how), tried: [] };
}

/** The linear share of pairs that could be maps; nothing of pairs that could not. */
function shareOf(pairs: readonly PicturePair[]): { share: number | undefined } | undefined {
  try {
    return { share: linearShare(examplesOf(pairs).map(mapTarget)) };
  } catch (error) {
    if (error instanceof ExpectationError) return undefined;
    throw error;
  }
}

function isLinear(detector: Detector): boolean {
  return !isNamed(detector) && detector.response === 'clamp';
}

function isWhole({ report: { certificate } }: LearnResult): boolean {
  return certificate !== undefined && certificate.reproduced === certificate.samples;
}

function percent(share: number): string {
  return `${Math.max(0, Number((100 * share).toPrecision(2)))} %`;
}
