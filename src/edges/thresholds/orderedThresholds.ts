import type { Hysteresis } from './hysteresisThresholds.ts';
import type { ParsedThreshold } from './threshold.ts';

/** What low is of high where only one of them is given. */
export const LOW_SHARE = 0.4;

interface OrderedThresholds {
  readonly low: number;
  readonly high: number;
  /** One sentence where they were given the other way round. */
  readonly notes: readonly string[];
}

/**
 * Low, then high, whichever way round they were given; where neither was, high is `q90`, at most half of the largest response.
 *
 * @param levelOf what a threshold comes to on the picture
 */
export function orderedThresholds(
  { low, high }: Hysteresis,
  levelOf: (threshold: ParsedThreshold) => number,
): OrderedThresholds {
  const statedHigh = high === undefined ? undefined : levelOf(high);
  const statedLow = low === undefined ? undefined : levelOf(low);
  const upper = statedHigh ?? (statedLow === undefined ? levelOf({ kind: 'default' }) : statedLow / LOW_SHARE);
  const lower = statedLow ?? LOW_SHARE * upper;
  if (lower <= upper) return { low: lower, high: upper, notes: [] };
  return {
    low: upper,
    high: lower,
    notes: [`low ${shown(lower)} is above high ${shown(upper)}: taken the other way round`],
  };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
