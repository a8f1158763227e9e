import { channelOf, type Planes } from '../../planes/planes.ts';
import { brightLines, type LineThresholds, type ThresholdRange } from './lineThresholds.ts';
import type { MapTarget } from './mapTarget.ts';

/** A plane of lines, above 0 on edges, and the picture behind it. */
export interface LinePair {
  readonly before: Planes;
  readonly lines: Planes;
}

/** Each channel as a target of its own, where a map has as many as its picture; else the target. */
export function channelsApart(target: MapTarget): MapTarget[] {
  const { before, picture, map } = target;
  if (map.channels === 1) return [target];
  return Array.from({ length: map.channels }, (_, c) => ({
    ...target,
    before: channelOf(before, c),
    picture: channelOf(picture, c),
    map: channelOf(map, c),
  }));
}

/** @param inverted whether lines are dark */
export function linePairs(targets: readonly MapTarget[], inverted: boolean): LinePair[] {
  return targets.map(({ before, map }) => ({ before, lines: brightLines(map, inverted) }));
}

/**
 * The threshold that all pairs allow, if there is one.
 *
 * @param slack as `singleThreshold` takes it
 */
export function commonThreshold<T>(
  pairs: readonly T[],
  rangeOf: (pair: T) => ThresholdRange | undefined,
  slack = 0,
): ThresholdRange | undefined {
  let common: ThresholdRange = { from: 0, to: Number.POSITIVE_INFINITY };
  for (const pair of pairs) {
    const own = rangeOf(pair);
    if (own === undefined) return undefined;
    common = overlapOf(common, own);
    if (!(common.from < common.to * (1 + slack))) return undefined;
  }
  return common;
}

/**
 * The two thresholds that all pairs allow, if there are any.
 *
 * @param slack as `linkedThresholds` takes it
 */
export function commonThresholds<T>(
  pairs: readonly T[],
  rangesOf: (pair: T) => LineThresholds | undefined,
  slack = 0,
): LineThresholds | undefined {
  const all: LineThresholds[] = [];
  for (const pair of pairs) {
    const own = rangesOf(pair);
    if (own === undefined) return undefined;
    all.push(own);
  }
  const low = commonThreshold(all, (one) => one.low, slack);
  const high = commonThreshold(all, (one) => one.high, slack);
  return low === undefined || high === undefined ? undefined : { low, high };
}

function overlapOf(a: ThresholdRange, b: ThresholdRange): ThresholdRange {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}
