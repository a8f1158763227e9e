import { applyDetector } from '../../edges/detector/applyDetector.ts';
import type { KernelDetector } from '../../edges/detector/detector.ts';
import { whiteOf } from '../../planes/planes.ts';
import type { DetectorReport } from './detectorReport.ts';
import {
  adjacentThresholds,
  brightLines,
  linkedThresholds,
  singleThreshold,
  type ThresholdRange,
} from './lineThresholds.ts';
import type { MapTarget } from './mapTarget.ts';

/** Between which numbers a detector's thresholds give the same maps; nothing where it has none, or not all samples come out. */
export function thresholdRanges(
  detector: KernelDetector,
  targets: readonly MapTarget[],
): NonNullable<DetectorReport['ranges']> | undefined {
  const {
    threshold,
    low,
    high,
    link,
    strengths: _,
    reached: __,
    rounding: ___,
    inverted = false,
    ...others
  } = detector;
  if (threshold === undefined && high === undefined) return undefined;
  const { threshold: ____, low: _____, high: ______, ...steps } = { threshold, low, high, ...others };
  const all = new Map<'low' | 'high' | 'threshold', ThresholdRange>();
  const narrow = (name: 'low' | 'high' | 'threshold', range: ThresholdRange): void => {
    const known = all.get(name) ?? range;
    all.set(name, { from: Math.max(known.from, range.from), to: Math.min(known.to, range.to) });
  };
  for (const { before, map } of targets) {
    if (before.height !== map.height || before.width !== map.width || map.channels !== 1) return undefined;
    const { map: responses } = applyDetector(before, steps);
    const lines = brightLines(map, inverted);
    if (threshold !== undefined) {
      const range = singleThreshold(responses.data, lines.data);
      if (range === undefined) return undefined;
      narrow('threshold', range);
      continue;
    }
    const ranges = link === 'adjacent' ? adjacentThresholds(responses, lines) : linkedThresholds(responses, lines);
    if (ranges === undefined) return undefined;
    narrow('low', ranges.low);
    narrow('high', ranges.high);
  }
  const white = whiteOf(targets[0].before);
  return Object.fromEntries([...all].map(([name, { from, to }]) => [name, [from / white, to / white]]));
}
