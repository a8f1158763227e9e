import { applyDetector } from '../../../edges/detector/applyDetector.ts';
import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { openResponder } from '../../../edges/detector/respondRows.ts';
import { whiteOf } from '../../../planes/planes.ts';
import { commonThreshold, type LinePair } from '../linePairs.ts';
import {
  inUnitsOfWhite,
  isRound,
  LAST_BITS,
  roundestIn,
  singleThreshold,
  type ThresholdRange,
} from '../lineThresholds.ts';
import { isUnrounded, type MapTarget } from '../mapTarget.ts';
import type { Strip } from '../strips.ts';
import type { Core } from './cores.ts';
import { type CoreOfInput, coresOfInputs } from './coresOfInputs.ts';
import type { KnownBlur, KnownInput } from './inputs.ts';
import { above, givesLines } from './linkedCores.ts';
import { opencvAbove } from './opencv.ts';
import { skimageAbove, skimageResponses, skimageUnit } from './skimage.ts';

const BORDERS = ['reflect101', 'symmetric', 'replicate'] as const;

/**
 * Kernels that are known by a name whose response tells black from white by one threshold, in the words of OpenCV or scikit-image where
 * they are theirs.
 *
 * @param strips of the first pair
 * @param inverted whether lines are dark
 */
export async function thresholdedCores(
  target: MapTarget,
  blurs: readonly KnownBlur[],
  strips: readonly Strip[],
  pairs: readonly LinePair[],
  inverted: boolean,
  pause: () => Promise<void>,
): Promise<KernelDetector | undefined> {
  // Kernels that are multiples of one another give one map, and a program may have but one of them.
  let unnamed: KernelDetector | undefined;
  for await (const { core, input, steps, ofPrepared, prepared } of coresOfInputs(target, strips, blurs, pause)) {
    const places = strips.map((strip, i) => ({ strip, planes: prepared[i] }));
    // One threshold for all of them.
    const fitting = (slack: number): ThresholdRange | undefined =>
      commonThreshold(
        places,
        ({ strip: { row, column, samples }, planes }) => {
          const { size } = openResponder(planes(), ofPrepared, false).respond(0, row);
          return singleThreshold(size.subarray(column, column + samples[0].length), samples[0], slack);
        },
        slack,
      );
    const near = fitting(LAST_BITS);
    if (near === undefined) continue;
    const white = whiteOf(target.before);
    const isBytes = target.stored && !isUnrounded(target) && white === 255;
    const named = isBytes ? ofSkimage({ core, input, steps }, pairs, inverted) : undefined;
    if (named !== undefined) return named;
    if (!(near.from < near.to)) continue;
    const found: Thresholded[] = [];
    for (const border of BORDERS) {
      const detector: KernelDetector = { ...steps, border };
      const range = commonThreshold(pairs, ({ before, lines }) =>
        singleThreshold(applyDetector(before, detector).map.data, lines.data),
      );
      if (range === undefined) continue;
      const own = above(detector, roundestIn(range), white, core.title);
      const call = isBytes ? CALLS[border]?.(core, input, range, inverted) : undefined;
      // A number that a person writes tells which program it was.
      if (call?.isRound === true) return { ...own, ...call.steps };
      found.push(call === undefined ? { detector: own } : { detector: own, steps: call.steps });
    }
    if (unnamed !== undefined || found.length === 0) continue;
    const told = found.find(({ steps: own }) => own !== undefined);
    if (told !== undefined) return { ...told.detector, ...told.steps };
    unnamed = found[0].detector;
  }
  return unnamed;
}

/**
 * Above a threshold that a person writes, in scikit-image's own arithmetic: 0.1 of its `sobel` is a length of whole samples, and the last bits of
 * an equal one decide.
 */
function ofSkimage(
  { core, input, steps }: Pick<CoreOfInput, 'core' | 'input' | 'steps'>,
  pairs: readonly LinePair[],
  inverted: boolean,
): KernelDetector | undefined {
  const detector = skimageResponses(core, steps);
  if (detector === undefined) return undefined;
  const range = commonThreshold(
    pairs,
    ({ before, lines }) => singleThreshold(applyDetector(before, detector).map.data, lines.data, LAST_BITS),
    LAST_BITS,
  );
  if (range === undefined) return undefined;
  const level = roundestIn(inUnitsOfWhite(range, whiteOf(pairs[0].before)));
  const call = isRound(level) ? skimageAbove(core, input, level, inverted) : undefined;
  if (call === undefined) return undefined;
  const own: KernelDetector = {
    ...detector,
    threshold: level,
    rounding: 'nearest',
    from: { program: 'scikit-image', call },
  };
  return pairs.every((pair) => givesLines(own, pair)) ? own : undefined;
}

interface Thresholded {
  readonly detector: KernelDetector;
  readonly steps?: ThresholdCall['steps'];
}

interface ThresholdCall {
  readonly steps: Pick<KernelDetector, 'threshold' | 'from'>;
  readonly isRound: boolean;
}

type CallOf = (core: Core, input: KnownInput, range: ThresholdRange, inverted: boolean) => ThresholdCall | undefined;

/** A program's own call, by the border that its correlations have. */
const CALLS: Readonly<Record<string, CallOf>> = {
  reflect101: (core, input, range, inverted) => {
    const level = roundestIn(range);
    const call = opencvAbove(core, input, level, inverted);
    if (call === undefined) return undefined;
    return { steps: { threshold: level / 255, from: { program: 'OpenCV', call } }, isRound: isRound(level) };
  },
  symmetric: (core, input, range, inverted) => {
    const unit = skimageUnit(core);
    if (unit === undefined) return undefined;
    const level = roundestIn({ from: range.from / unit, to: range.to / unit });
    const call = skimageAbove(core, input, level, inverted);
    if (call === undefined) return undefined;
    return {
      steps: { threshold: (level * unit) / 255, from: { program: 'scikit-image', call } },
      isRound: isRound(level),
    };
  },
};
