import { applyDetector } from '../../../edges/detector/applyDetector.ts';
import { type Detector, type KernelDetector, type NamedDetector, seesApart } from '../../../edges/detector/detector.ts';
import { openResponder } from '../../../edges/detector/respondRows.ts';
import { thinRow } from '../../../edges/detector/thinRow.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import { isInverted } from '../isInverted.ts';
import {
  adjacentThresholds,
  brightLines,
  isRound,
  linkedThresholds,
  roundestIn,
  roundestPair,
  singleThreshold,
  type ThresholdRange,
} from '../lineThresholds.ts';
import type { MapTarget } from '../mapTarget.ts';
import type { Strip } from '../strips.ts';
import { CORES } from './cores.ts';
import { imagemagickCanny } from './imagemagickCanny.ts';
import { BLURS, type KnownBlur, NO_BLUR } from './inputs.ts';
import { type LineFamily, plainFamilies, smoothedFamilies } from './lineFamilies.ts';
import { linkedCores } from './linkedCores.ts';
import { inputsOf, prepareStrip } from './matches.ts';
import { ownLines } from './ownLines.ts';

/**
 * Detectors of thin lines and of one threshold that are known by a name, with the thresholds that make the map; of maps that are black and
 * white, or black between lines.
 */
export async function findLines(
  target: MapTarget,
  strips: readonly Strip[],
  pause: () => Promise<void>,
): Promise<Detector[]> {
  const { map, before } = target;
  if (map.channels !== 1 || map.height !== before.height || map.width !== before.width) return [];
  const inverted = isInverted(target);
  const lines = brightLines(map, inverted);
  if (!target.binary && !isMostlyBlack(lines)) return [];
  const white = whiteOf(map);
  const bright = inverted
    ? strips.map((strip) => ({ ...strip, samples: strip.samples.map((row) => row.map((s) => white - s)) }))
    : strips;
  const prepared = bright.map(preparing);
  const inFamilies = async (families: Iterable<LineFamily>): Promise<KernelDetector | undefined> => {
    for (const family of families) {
      if (family.strengths === target.binary) continue;
      await pause();
      if (!bright.every((strip, i) => mayBeLines(family.detector, prepared[i](family.detector), strip))) continue;
      const found = linked(family, before, lines, inverted);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const named =
    (await inFamilies(plainFamilies(target))) ??
    (target.binary ? await imagemagickCanny(target, bright, lines, inverted, pause) : undefined);
  const own =
    named !== undefined || !target.binary || inverted ? undefined : await ownLines(target, bright, lines, pause);
  if (own !== undefined && isWritten(own)) return [own];
  const found =
    named ??
    (target.binary ? await thresholded(target, [NO_BLUR], bright, lines, pause) : undefined) ??
    (target.binary && own === undefined ? await linkedCores(target, [NO_BLUR], bright, lines, pause) : undefined) ??
    (await inFamilies(smoothedFamilies(target))) ??
    (target.binary ? await thresholded(target, BLURS.slice(1), bright, lines, pause) : undefined);
  if (found === undefined) return own === undefined ? [] : [own];
  return [inverted ? { ...found, inverted } : found];
}

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

/** Samples of a line that a thin response of Float64 may have lost where the strip's is another's last bit. */
const LOST = 0.02;

/** Whether all that is bright in a strip is a place where a family's lines may be. */
function mayBeLines(detector: KernelDetector, prepared: Planes, { row, column, samples: [samples] }: Strip): boolean {
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
  let bright = 0;
  let missed = 0;
  for (let j = 0; j < samples.length; j++) {
    if (!(samples[j] > 0)) continue;
    bright++;
    if (!(thin[column + j] > 0)) missed++;
  }
  return missed <= LOST * bright;
}

function linked(
  { detector, link, name, unit, reached, usual }: LineFamily,
  before: Planes,
  lines: Planes,
  inverted: boolean,
): KernelDetector | undefined {
  const { rounding: _, ...plain } = detector;
  const { map: strengths } = applyDetector(before, plain);
  const ranges = link === 'adjacent' ? adjacentThresholds(strengths, lines) : linkedThresholds(strengths, lines);
  if (ranges === undefined) return undefined;
  const white = whiteOf(before);
  const inUnits = { low: scaled(ranges.low, unit / white), high: scaled(ranges.high, unit / white) };
  const [low, high] = roundestPair(inUnits, reached, usual);
  const levels = { low: low / unit, high: high / unit };
  return { ...detector, ...levels, from: name(low, high, inverted) };
}

function scaled({ from, to }: ThresholdRange, by: number): ThresholdRange {
  return { from: from * by, to: to * by };
}

/** Cores whose response tells black from white by one threshold. */
async function thresholded(
  target: MapTarget,
  blurs: readonly KnownBlur[],
  strips: readonly Strip[],
  lines: Planes,
  pause: () => Promise<void>,
): Promise<KernelDetector | undefined> {
  const white = whiteOf(target.before);
  for (const input of inputsOf(target, blurs)) {
    await pause();
    const prepared = strips.map((strip) => prepareStrip(strip.before, input.grey.color, input.blur.smoothing));
    for (const core of CORES) {
      const { color } = input.grey;
      if (color === 'length' && core.response !== 'l2') continue;
      const apart = seesApart(color) ? { color } : {};
      const steps = { kernels: core.kernels, response: core.response, ...(core.parts && { parts: core.parts }) };
      const fits = strips.every(({ row, column, samples: [samples] }, i) => {
        const { size } = openResponder(prepared[i], { ...steps, ...apart }, false).respond(0, row);
        return singleThreshold(size.subarray(column, column + samples.length), samples) !== undefined;
      });
      if (!fits) continue;
      const detector: KernelDetector = {
        ...(color === undefined ? {} : { color }),
        ...(input.blur.smoothing === undefined ? {} : { smoothing: input.blur.smoothing }),
        ...steps,
      };
      for (const border of ['reflect101', 'symmetric', 'replicate'] as const) {
        const { data } = applyDetector(target.before, { ...detector, border }).map;
        const range = singleThreshold(data, lines.data);
        if (range === undefined) continue;
        const level = roundestIn(range);
        return {
          ...detector,
          border,
          threshold: level / white,
          rounding: 'nearest',
          name: `${core.name} above ${level}`,
        };
      }
    }
  }
  return undefined;
}
