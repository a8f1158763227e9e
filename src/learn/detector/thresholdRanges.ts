import { applyDetector } from '../../edges/detector/applyDetector.ts';
import { type Detector, type DetectorLink, isNamed } from '../../edges/detector/detector.ts';
import { LOW_SHARE } from '../../edges/thresholds/orderedThresholds.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { DetectorReport } from './detectorReport.ts';
import { ownStrengths } from './known/ownStrengths.ts';
import {
  adjacentThresholds,
  brightLines,
  highAlone,
  linkedThresholds,
  singleThreshold,
  type ThresholdRange,
} from './lineThresholds.ts';
import type { MapTarget } from './mapTarget.ts';

type Ranges = NonNullable<DetectorReport['ranges']>;

/** Between which numbers a detector's thresholds give the same maps; nothing where it has none, or not all samples come out. */
export function thresholdRanges(detector: Detector, targets: readonly MapTarget[]): Ranges | undefined {
  const cut = cutOf(detector);
  if (cut === undefined) return undefined;
  const { strengths, inverted, threshold, low, link, reached } = cut;
  const all = new Map<keyof Ranges, ThresholdRange>();
  const narrow = (name: keyof Ranges, range: ThresholdRange): void => {
    const known = all.get(name) ?? range;
    all.set(name, { from: Math.max(known.from, range.from), to: Math.min(known.to, range.to) });
  };
  for (const { before, map } of targets) {
    if (before.height !== map.height || before.width !== map.width || map.channels !== 1) return undefined;
    const responses = strengths(before);
    if (responses.channels !== 1) return undefined;
    const lines = brightLines(map, inverted);
    if (threshold) {
      const range = singleThreshold(responses.data, lines.data);
      if (range === undefined) return undefined;
      narrow('threshold', range);
      continue;
    }
    const ranges =
      link === 'adjacent' ? adjacentThresholds(responses, lines) : linkedThresholds(responses, lines, link === 'sides');
    if (ranges === undefined) return undefined;
    if (low) narrow('low', ranges.low);
    narrow('high', low ? ranges.high : highAlone(ranges, LOW_SHARE));
  }
  const white = whiteOf(targets[0].before);
  const told = [...all].map(([name, range]): [keyof Ranges, ThresholdRange] => [name, inner(range, reached)]);
  if (told.some(([, { from, to }]) => from >= to)) return undefined;
  return Object.fromEntries(told.map(([name, { from, to }]) => [name, [from / white, to / white]]));
}

/** What Float32 holds of a strength may be off by this share. */
const ROUNDED = 2 ** -23;

/** The part of a range that is sure: strengths that are whole are exact, and may be a threshold unless what reaches it is above. */
function inner({ from, to }: ThresholdRange, reached: boolean): ThresholdRange {
  return {
    from: Number.isInteger(from) && !reached ? from : from * (1 + ROUNDED),
    to: Number.isInteger(to) ? to : to * (1 - ROUNDED),
  };
}

/** How a detector comes to black and white. */
interface Cut {
  /** What is compared with thresholds. */
  readonly strengths: (before: Planes) => Planes;
  readonly inverted: boolean;
  readonly link: DetectorLink;
  /** Whether it has one threshold; else it has `high`, and `low` of its own or a share of `high`. */
  readonly threshold: boolean;
  readonly low: boolean;
  readonly reached: boolean;
}

/** Nothing where there is no threshold, or a rule in its place. */
function cutOf(detector: Detector): Cut | undefined {
  const { threshold, low, high } = isNamed(detector) ? detector.options : detector;
  const numbers = [threshold, low, high].filter((one) => one !== undefined);
  if (numbers.length === 0 || numbers.some((one) => typeof one !== 'number')) return undefined;
  const kinds = { threshold: threshold !== undefined, low: low !== undefined };
  if (isNamed(detector)) {
    const { operator, options } = detector;
    const strengths = (before: Planes): Planes => ownStrengths(before, operator, options);
    return { strengths, inverted: false, link: 'connected', reached: false, ...kinds };
  }
  const {
    threshold: _,
    low: __,
    high: ___,
    link = 'connected',
    strengths: ____,
    reached = false,
    rounding: _____,
    inverted = false,
    ...steps
  } = detector;
  return {
    strengths: (before) => applyDetector(before, steps).map,
    inverted,
    link,
    reached,
    ...kinds,
  };
}
