import { applyDetector } from '../../../edges/detector/applyDetector.ts';
import {
  type Detector,
  isNamed,
  type KernelDetector,
  type NamedDetector,
  seesApart,
} from '../../../edges/detector/detector.ts';
import { openResponder } from '../../../edges/detector/respondRows.ts';
import { thinRow } from '../../../edges/detector/thinRow.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import { isInverted } from '../isInverted.ts';
import { channelsApart, commonThresholds, type LinePair, linePairs } from '../linePairs.ts';
import { adjacentThresholds, isRound, linkedThresholds, roundestPair, type ThresholdRange } from '../lineThresholds.ts';
import type { MapTarget } from '../mapTarget.ts';
import { partOfLines, type Strip, stripsOf } from '../strips.ts';
import { prepareStrip } from './coresOfInputs.ts';
import { imagemagickCanny } from './imagemagickCanny.ts';
import { BLURS } from './inputs.ts';
import { type LineFamily, plainFamilies, smoothedFamilies } from './lineFamilies.ts';
import { linkedCores } from './linkedCores.ts';
import { callOf } from './ownDetectors.ts';
import { ownLines } from './ownLines.ts';
import { thresholdedCores } from './thresholdedCores.ts';

/** What fits by chance the first, in which most is to be seen, seldom fits all; what does not is not asked of the others. */
const STRIPS = 16;

/** Columns of the first strip that are looked at before its whole. */
const PROBE = 40;

/**
 * Detectors of thin lines and of one threshold that are known by a name, with the thresholds that make the maps; of maps that are black and
 * white, or black between lines. Where maps have a channel for each of their pictures', each is one of its own.
 */
export async function findLines(targets: readonly MapTarget[], pause: () => Promise<void>): Promise<Detector[]> {
  const apart = targets.flatMap(channelsApart);
  const [target] = apart;
  if (apart.some(({ map, before }) => map.height !== before.height || map.width !== before.width)) return [];
  const inverted = isInverted(target);
  const pairs = linePairs(apart, inverted);
  if (!target.binary && !isMostlyBlack(pairs[0].lines)) return [];
  const white = whiteOf(target.map);
  const strips = stripsOf(target, STRIPS);
  if (strips.length === 0) return [];
  const bright = inverted
    ? strips.map((strip) => ({ ...strip, samples: strip.samples.map((row) => row.map((s) => white - s)) }))
    : strips;
  const found = await linesOfOne(target, bright, pairs, inverted, pause);
  return targets[0].map.channels === 1
    ? found.map((one) => named(one, targets[0]))
    : found.map((one) => named(ofEachChannel(one), targets[0]));
}

/** The same of planes. */
async function linesOfOne(
  target: MapTarget,
  wide: readonly Strip[],
  pairs: readonly LinePair[],
  inverted: boolean,
  pause: () => Promise<void>,
): Promise<Detector[]> {
  const { binary } = target;
  const probe = partOfLines(wide[0], PROBE);
  const strips = probe === undefined ? wide : [probe, ...wide];
  const prepared = strips.map(preparing);
  const lost = strips.map((strip) => LOST * Math.max(brightOf(strip), strip === probe ? brightOf(wide[0]) : 0));
  const inFamilies = async (families: Iterable<LineFamily>): Promise<KernelDetector | undefined> => {
    for (const family of families) {
      if (family.strengths === binary) continue;
      await pause();
      if (!strips.every((strip, i) => mayBeLines(family.detector, prepared[i](family.detector), strip, lost[i])))
        continue;
      const found = linked(family, pairs, inverted);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const program =
    (await inFamilies(plainFamilies(target))) ??
    (binary ? await imagemagickCanny(target, strips, pairs, inverted, pause) : undefined) ??
    (await inFamilies(smoothedFamilies(target)));
  const own = program !== undefined || !binary || inverted ? [] : await ownLines(target, strips, pairs, pause);
  if (own.length > 0 && isWritten(own[0])) return own;
  const found =
    program ??
    (binary ? await thresholdedCores(target, BLURS, strips, pairs, inverted, pause) : undefined) ??
    (binary && own.length === 0 ? await linkedCores(target, strips, pairs, inverted, pause) : undefined);
  if (found === undefined) return own;
  return [inverted ? { ...found, inverted } : found];
}

/** An operator of ours with the command that it stands for. */
function named(detector: Detector, target: MapTarget): Detector {
  return isNamed(detector) ? { ...detector, from: { program: 'corr2d', call: callOf(detector, target) } } : detector;
}

/** A detector of one plane for each channel of a picture, in the words of its program where it has any. */
function ofEachChannel(detector: Detector): Detector {
  if (isNamed(detector)) return { ...detector, options: { color: 'each', ...detector.options } };
  const { from, color: _, ...steps } = detector;
  const call = from && EACH_CHANNEL[from.program]?.(from.call);
  return { ...steps, color: 'each', ...(from && call !== undefined ? { from: { ...from, call } } : {}) };
}

const EACH_CHANNEL: Readonly<Record<string, (call: string) => string>> = {
  OpenCV: (call) => `cv2.merge([${call} for before in cv2.split(before)])`,
  'scikit-image': (call) => `np.dstack([${call} for before in np.moveaxis(before, -1, 0)])`,
  ImageMagick: (call) =>
    call.replace('before.png ', 'before.png -separate ').replace(' after.png', ' -combine after.png'),
};

/** Whether thresholds are rules, or numbers that a person writes: by chance hardly any that fits has so few digits. */
function isWritten({ options: { threshold, low, high } }: NamedDetector): boolean {
  return [threshold, low, high].every((one) => typeof one !== 'number' || isRound(one));
}

/** What a detector's kernels see of a strip, made once for all that see the same. */
function preparing(strip: Strip): (detector: KernelDetector) => Planes {
  const made = new Map<string, Planes>();
  return ({ color, smoothing }) => {
    const key = JSON.stringify([color, smoothing]);
    const planes = made.get(key) ?? prepareStrip(strip.before, color, smoothing);
    made.set(key, planes);
    return planes;
  };
}

/** Between lines of strengths nothing is left. */
function isMostlyBlack({ data }: Planes): boolean {
  let black = 0;
  for (let i = 0; i < data.length; i++) if (data[i] === 0) black++;
  return 2 * black > data.length;
}

/** Of the samples of a strip's lines, those that a thin response of Float64 may have lost where the strip's is another's last bit. */
const LOST = 0.02;

function brightOf({ samples: [samples] }: Strip): number {
  return samples.reduce((count, sample) => count + Number(sample > 0), 0);
}

/** Whether all that is bright in a strip, but for so much that may be lost, is where a family's lines may be. */
function mayBeLines(
  detector: KernelDetector,
  prepared: Planes,
  { row, column, samples: [samples] }: Strip,
  lost: number,
): boolean {
  const { kernels, parts, response, color } = detector;
  const steps = { kernels, response, ...(parts && { parts }), ...(seesApart(color) ? { color } : {}) };
  const responder = openResponder(prepared, steps, true);
  const { width } = prepared;
  const padded = (): Float64Array => new Float64Array(width + 2);
  const rows = [padded(), padded(), padded()];
  const [across, down] = [new Float64Array(width), new Float64Array(width)];
  [-1, 0, 1].forEach((by, i) => {
    const made = responder.respond(0, row + by);
    rows[i].set(made.size, 1);
    if (by !== 0) return;
    across.set(made.across);
    down.set(made.down);
  });
  const thin = new Float64Array(width);
  thinRow(
    { above: rows[0], here: rows[1], below: rows[2], across, down },
    detector.thin as NonNullable<KernelDetector['thin']>,
    thin,
  );
  let missed = 0;
  for (let j = 0; j < samples.length; j++) if (samples[j] > 0 && !(thin[column + j] > 0)) missed++;
  return missed <= lost;
}

function linked(
  { detector, link, name, unit, reached, usual }: LineFamily,
  pairs: readonly LinePair[],
  inverted: boolean,
): KernelDetector | undefined {
  const { rounding: _, ...plain } = detector;
  const ranges = commonThresholds(pairs, ({ before, lines }) => {
    const { map: strengths } = applyDetector(before, plain);
    return link === 'adjacent' ? adjacentThresholds(strengths, lines) : linkedThresholds(strengths, lines);
  });
  if (ranges === undefined) return undefined;
  const white = whiteOf(pairs[0].before);
  const inUnits = { low: scaled(ranges.low, unit / white), high: scaled(ranges.high, unit / white) };
  const [low, high] = roundestPair(inUnits, reached, usual);
  const levels = { low: low / unit, high: high / unit };
  return { ...detector, ...levels, from: name(low, high, inverted) };
}

function scaled({ from, to }: ThresholdRange, by: number): ThresholdRange {
  return { from: from * by, to: to * by };
}
