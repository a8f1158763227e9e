import { applyDetector } from '../../../edges/detector/applyDetector.ts';
import { type KernelDetector, THIN_RULES, type ThinRule } from '../../../edges/detector/detector.ts';
import { openResponder } from '../../../edges/detector/respondRows.ts';
import { thinRow } from '../../../edges/detector/thinRow.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import { commonThreshold, commonThresholds, type LinePair } from '../linePairs.ts';
import {
  inUnitsOfWhite,
  isRound,
  LAST_BITS,
  linkedThresholds,
  type LineThresholds,
  roundestIn,
  roundestPair,
  singleThreshold,
} from '../lineThresholds.ts';
import { isUnrounded, type MapTarget } from '../mapTarget.ts';
import type { Strip } from '../strips.ts';
import { type CoreOfInput, coresOfInputs } from './coresOfInputs.ts';
import { NO_BLUR } from './inputs.ts';
import { skimageLinked, skimageResponses, skimageUnit } from './skimage.ts';

const BORDERS = ['reflect101', 'replicate', 'symmetric', 'zero'] as const;

/** All of them, and none. */
const RULES: readonly (ThinRule | undefined)[] = [undefined, ...THIN_RULES];

/**
 * Kernels that are known by a name whose responses, thin or as they are, are cut by two thresholds and linked, or are thin and cut by one:
 * in the words of scikit-image where it links so, else as no program that is known here does it.
 *
 * @param strips of the first pair
 * @param inverted whether lines are dark
 */
export async function linkedCores(
  target: MapTarget,
  strips: readonly Strip[],
  pairs: readonly LinePair[],
  inverted: boolean,
  pause: () => Promise<void>,
): Promise<KernelDetector | undefined> {
  const isBytes = target.stored && !isUnrounded(target) && whiteOf(target.before) === 255;
  for await (const { core, input, steps, ofPrepared, prepared } of coresOfInputs(target, strips, [NO_BLUR], pause)) {
    if (steps.color === 'length') continue;
    const rules = core.kernels.length === 2 ? RULES : RULES.slice(0, 1);
    // Where a program's own arithmetic is known, its last bits decide among strengths that are as much as a threshold.
    const slack = isBytes && skimageUnit(core) !== undefined ? LAST_BITS : 0;
    const left = new Map(rules.map((rule) => [rule, openCuts(slack)]));
    strips.forEach((strip, i) => {
      if (left.size === 0) return;
      const seen = respondAround(prepared[i](), ofPrepared, strip);
      for (const [rule, mayBeCut] of left) if (!mayBeCut(seen(rule), strip)) left.delete(rule);
    });
    for (const thin of left.keys()) {
      await pause();
      const own = thin === undefined && isBytes ? ofSkimage({ core, input, steps }, pairs, inverted) : undefined;
      if (own !== undefined) return own;
      for (const border of BORDERS) {
        const found = cut({ ...steps, ...(thin === undefined ? {} : { thin }), border }, pairs, core.title);
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

/** A strip's row of responses under a rule of thin lines. */
function respondAround(
  prepared: Planes,
  detector: KernelDetector,
  { row }: Strip,
): (rule: ThinRule | undefined) => Float64Array {
  const { width } = prepared;
  const directed = detector.kernels.length === 2;
  const responder = openResponder(prepared, detector, directed);
  const lines = [-1, 0, 1].map((by) => {
    const line = new Float64Array(width + 2);
    line.set(responder.respond(0, row + by).size, 1);
    return line;
  });
  const { across, down } = responder.respond(0, row);
  return (rule) => {
    if (rule === undefined) return lines[1].subarray(1, width + 1);
    const thin = new Float64Array(width);
    thinRow({ above: lines[0], here: lines[1], below: lines[2], across, down }, rule, thin);
    return thin;
  };
}

/**
 * Tells of strip after strip whether nothing black beside something white, in any of them, answers as much as what is white, which answers at
 * all.
 *
 * @param slack of a response, by what share it may be less than what is black
 */
export function openCuts(slack = 0): (row: ArrayLike<number>, strip: Strip) => boolean {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  return (row, { column, samples: [samples] }) => {
    for (let j = 0; j < samples.length; j++) {
      const response = row[column + j];
      if (samples[j] > 0) least = Math.min(least, response);
      else if (samples[j - 1] > 0 || samples[j + 1] > 0) most = Math.max(most, response);
    }
    return most < least * (1 + slack);
  };
}

function cut(detector: KernelDetector, pairs: readonly LinePair[], title: string): KernelDetector | undefined {
  const white = whiteOf(pairs[0].before);
  const made = pairs.map(({ before, lines }) => ({ map: applyDetector(before, detector).map, lines }));
  const one = commonThreshold(made, ({ map, lines }) => singleThreshold(map.data, lines.data));
  if (one !== undefined) return above(detector, roundestIn(one), white, title);
  const found = linkOf(made);
  if (found === undefined) return undefined;
  const { both, link } = found;
  const [low, high] = roundestPair(both, false, []);
  const name = `${lined(detector, title)} with hysteresis, low ${ofWhite(low, white)}, high ${ofWhite(high, white)}`;
  return { ...detector, low: low / white, high: high / white, ...link, rounding: 'nearest', name };
}

/** The same by `apply_hysteresis_threshold`, of numbers that a person writes: by chance hardly any others tell a program. */
function ofSkimage(
  { core, input, steps }: Pick<CoreOfInput, 'core' | 'input' | 'steps'>,
  pairs: readonly LinePair[],
  inverted: boolean,
): KernelDetector | undefined {
  const detector = skimageResponses(core, steps);
  if (detector === undefined) return undefined;
  const both = commonThresholds(
    pairs,
    ({ before, lines }) => linkedThresholds(applyDetector(before, detector).map, lines, true, LAST_BITS),
    LAST_BITS,
  );
  if (both === undefined) return undefined;
  const white = whiteOf(pairs[0].before);
  const levels = roundestPair(
    { low: inUnitsOfWhite(both.low, white), high: inUnitsOfWhite(both.high, white) },
    false,
    [],
  );
  const call = levels.every(isRound) ? skimageLinked(core, input, levels, inverted) : undefined;
  if (call === undefined) return undefined;
  const [low, high] = levels;
  const from = { program: 'scikit-image', call };
  const own: KernelDetector = {
    ...detector,
    low,
    high,
    link: 'sides',
    rounding: 'nearest',
    from,
  };
  return pairs.every((pair) => givesLines(own, pair)) ? own : undefined;
}

/** Whether a detector's map is white where a pair's lines are, and nowhere else. */
export function givesLines(detector: KernelDetector, { before, lines }: LinePair): boolean {
  return applyDetector(before, detector).map.data.every((sample, i) => sample > 0 === lines.data[i] > 0);
}

interface Linked {
  readonly both: LineThresholds;
  readonly link: Pick<KernelDetector, 'link'>;
}

/** Two thresholds that join lines by sides and corners, or else by sides alone. */
export function linkOf(made: readonly { readonly map: Planes; readonly lines: Planes }[]): Linked | undefined {
  for (const sides of [false, true]) {
    const both = commonThresholds(made, ({ map, lines }) => linkedThresholds(map, lines, sides));
    if (both !== undefined) return { both, link: sides ? { link: 'sides' } : {} };
  }
  return undefined;
}

/** Responses that are white above a level of samples. */
export function above(detector: KernelDetector, level: number, white: number, title: string): KernelDetector {
  const name = `${lined(detector, title)} above ${ofWhite(level, white)}`;
  return { ...detector, threshold: level / white, rounding: 'nearest', name };
}

function lined({ thin }: KernelDetector, title: string): string {
  return thin === undefined ? title : `${title}, thinned to lines,`;
}

function ofWhite(level: number, white: number): string {
  const short = Number(level.toPrecision(6));
  return white === 1 ? String(short) : `${short} of ${white}`;
}
