import { type Detector, isNamed, type KernelDetector } from '../../edges/detector/detector.ts';
import { expected, expectInteger } from '../../planes/expected.ts';
import { expectOptions, optionNames } from '../../planes/expectOptions.ts';
import { whiteOf } from '../../planes/planes.ts';
import { pacer } from '../pace.ts';
import { type BeforeAfter, examplesOf } from '../pairs.ts';
import { blackAndWhiteAgain } from './blackAndWhiteAgain.ts';
import { type Certified, certifyDetector } from './certifyDetector.ts';
import type { DetectorMethod, DetectorReport } from './detectorReport.ts';
import { findKnown } from './known/findKnown.ts';
import { type MapTarget, mapTarget } from './mapTarget.ts';
import { nearKnown } from './nearKnown.ts';
import { notesOfDetector } from './notesOfDetector.ts';
import { thresholdRanges } from './thresholdRanges.ts';

export interface LearnDetectorOptions {
  /** Rows and columns of kernels that are looked for where no program's are the ones: odd numbers from 3 to 11, in order; 3, 5 and 7 by default. */
  sides?: readonly number[];
  /** Whether detectors that are known by a name are tried, first and, where none gives the maps, for what comes near; true by default. */
  known?: boolean;
  /** Whether kernels are looked for that nobody has named; true by default. Where it is false, nothing that only comes near is given. */
  unknown?: boolean;
  /** Called with what is tried, as it begins. */
  onStage?: (stage: string) => void;
  /** Ends the work at its next pause. */
  signal?: AbortSignal;
}

export interface LearnedDetector {
  readonly detector: Detector;
  readonly report: DetectorReport;
}

const OPTIONS = optionNames<LearnDetectorOptions>({
  sides: true,
  known: true,
  unknown: true,
  onStage: true,
  signal: true,
});

const SIDES: readonly number[] = [3, 5, 7];
const WIDEST = 11;

/** Of the samples, what a known detector that fits a few rows must give at the least: the rest may be a rim, or another processor's last bits. */
const LEAST_KNOWN = 0.95;

/** Of a map's variance, what kernels that are recovered must explain, and a known detector that is only near. */
const LEAST_RECOVERED = 0.99;

/** Or of its samples. */
const LEAST_GIVEN = 0.98;
const LEAST_NEAR = 0.95;

/**
 * The edge detector that makes maps of pictures: kernels, how they answer together, colour, scale, thresholds, border and rounding, so that
 * `detectEdges` gives the maps back, sample for sample where that can be.
 *
 * Detectors of OpenCV, scikit-image, FFmpeg, ImageMagick, Pillow, G'MIC and our own are tried first, on a few rows. Else the kernels are
 * recovered: squared, a length of responses is linear in the products of samples, which least squares and an eigendecomposition resolve;
 * descent and a linear program over the intervals of rounding make them exact, and of a black-and-white map a linear program over the
 * products finds them. Maps are read as `learnKernel` reads afters: a map may be smaller by a window's sides less 1, or inverted.
 *
 * @param pairs pictures or planes and their edge maps, all made in one way
 * @returns nothing where no detector of these kinds explains the maps
 * @throws ExpectationError where pairs or options do not fit, or a map is flat; the signal's reason
 * @example
 * const photo = planes([...Array(40)].map((_, y) => [...Array(40)].map((__, x) => (x * x * 7 + x * y * 13 + y * 5) % 251)), 255)
 * const sobel = { operator: 'sobel', options: {}, rounding: 'nearest' }
 * const stored = (samples) => ({ planes: samples, depth: 8, lossy: false, metadata: {} })
 * const after = stored(detectEdges(photo, { operator: sobel }).map)
 * const { detector, report } = await learnDetector([{ before: stored(photo), after }])
 * detector.from.call // "corr2d detect before.png --operator sobel"
 * report.certificate.reproduced // 1600
 */
export async function learnDetector(
  pairs: readonly BeforeAfter[],
  options: LearnDetectorOptions = {},
): Promise<LearnedDetector | undefined> {
  expectOptions(options, OPTIONS, 'learnDetector');
  const { known = true, unknown = true, onStage = () => {}, signal } = options;
  const sides = sidesOf(options.sides);
  const targets = readTargets(pairs);
  expectAlike(targets);
  const pause = pacer(signal);
  if (known) {
    onStage('detectors known by a name');
    const found = await findKnown(targets, pause);
    if (found !== undefined && shareOf(found) >= LEAST_KNOWN) return learned(found, 'known', targets);
  }
  if (!unknown) return undefined;
  return unnamed(targets, { sides, near: known, onStage }, pause);
}

/**
 * What {@link learnDetector} looks for where it has found no detector that is known by a name: for callers that have asked it for those
 * already, and got none.
 */
export function learnUnnamedDetector(pairs: readonly BeforeAfter[]): Promise<LearnedDetector | undefined> {
  const targets = readTargets(pairs);
  return unnamed(targets, { sides: SIDES, near: true, onStage: () => {} }, pacer(undefined));
}

/** Maps of black and white that were coded with losses are read as black and white. */
function readTargets(pairs: readonly BeforeAfter[]): readonly MapTarget[] {
  const targets = examplesOf(pairs).map(mapTarget);
  return targets.some(({ lossy }) => lossy) ? (blackAndWhiteAgain(targets) ?? targets) : targets;
}

async function unnamed(
  targets: readonly MapTarget[],
  { sides, near, onStage }: Required<Pick<LearnDetectorOptions, 'sides' | 'onStage'>> & { readonly near: boolean },
  pause: () => Promise<void>,
): Promise<LearnedDetector | undefined> {
  const lossy = targets.some((target) => target.lossy);
  let own: LearnedDetector | undefined;
  onStage('kernels that nobody has named');
  const { recoverUnknown } = await import('./unknown/recoverUnknown.ts');
  const found = await recoverUnknown(targets, sides, pause);
  if (found !== undefined) {
    const result = learned(found, 'recovered', targets);
    const enough = lossy ? LEAST_NEAR : LEAST_RECOVERED;
    if (result.report.r2 >= enough || shareOf(found) >= LEAST_GIVEN) own = result;
  }
  if (!near || (own !== undefined && !lossy)) return own;
  onStage('what comes near');
  const nearest = await nearestKnown(targets, pause);
  // Estimated taps fit a coder's errors as well: what has a name is the likelier where it leaves hardly more.
  if (nearest === undefined || (own !== undefined && own.report.rms < FAR_BETTER * nearest.report.rms)) return own;
  return nearest;
}

/** What estimates must leave of what is left over by a detector that is known, to be told in its place. */
const FAR_BETTER = 0.8;

async function nearestKnown(
  targets: readonly MapTarget[],
  pause: () => Promise<void>,
): Promise<LearnedDetector | undefined> {
  const near = await nearKnown(targets[0], pause);
  if (near === undefined || near.r2 < LEAST_NEAR) return undefined;
  const result = learned(certifyDetector(near.detector, targets), 'near', targets);
  return result.report.r2 >= LEAST_NEAR ? result : undefined;
}

function sidesOf(sides: readonly number[] = SIDES): readonly number[] {
  if (!Array.isArray(sides) || sides.length === 0) throw expected('a list of odd numbers', 'sides', sides);
  sides.forEach((side, i) => {
    expectInteger(side, `sides[${i}]`, 3, WIDEST);
    if (side % 2 === 0) throw expected('an odd number', `sides[${i}]`, side);
  });
  return sides;
}

function expectAlike(targets: readonly MapTarget[]): void {
  const [first] = targets;
  const textOf = ({ before, map }: MapTarget): string => `${before.channels} and ${map.channels}`;
  const other = targets.find((target) => textOf(target) !== textOf(first));
  if (other !== undefined) {
    throw expected(`${textOf(first)} channels, as in ${first.where},`, other.where, textOf(other));
  }
}

function shareOf({ certificate: { reproduced, samples } }: Certified): number {
  return reproduced / samples;
}

function learned(
  { detector, certificate, residual }: Certified,
  method: DetectorMethod,
  targets: readonly MapTarget[],
): LearnedDetector {
  const exact = targets.every(({ lossy }) => !lossy);
  const all = certificate.reproduced === certificate.samples;
  const ranges = !exact || !all ? undefined : thresholdRanges(detector, targets);
  const report: DetectorReport = {
    method,
    ...residual,
    samples: certificate.samples,
    white: whiteOf(targets[0].map),
    ...(exact ? { certificate } : {}),
    ...(ranges === undefined ? {} : { ranges }),
    notes: [],
  };
  const notes = notesOfDetector(detector, report, targets);
  return { detector: withoutEmpty(detector), report: { ...report, notes } };
}

function withoutEmpty(detector: Detector): Detector {
  if (isNamed(detector)) return detector;
  const { scale, ...others } = detector;
  return (scale === undefined || scale === 1 ? others : detector) as KernelDetector;
}
