import type { DetectorResponse } from '../../../edges/detector/detector.ts';

/** How parts (one for each kernel, of each lane in turn) answer together, and how steeply with each. */
type Joint = (parts: Float64Array, slopes: Float64Array) => number;

/** What becomes of a window's channels: one mixture of them, the strongest of their answers, or the length of all. */
export type LaneRule = 'one' | 'max' | 'length';

/**
 * The response of a window from its correlations.
 *
 * @param kernels how many parts belong to a lane
 */
export function jointOf(response: DetectorResponse, rule: LaneRule, kernels: number): Joint {
  const own = OWN[response];
  if (rule === 'one' || rule === 'length') return (parts, slopes) => own(parts, slopes, 0, parts.length);
  return (parts, slopes) => {
    let most = Number.NEGATIVE_INFINITY;
    let at = 0;
    for (let from = 0; from < parts.length; from += kernels) {
      const size = own(parts, slopes, from, from + kernels);
      if (size > most) {
        most = size;
        at = from;
      }
    }
    slopes.fill(0, 0, at);
    slopes.fill(0, at + kernels);
    return most;
  };
}

type Own = (parts: Float64Array, slopes: Float64Array, from: number, to: number) => number;

function l2(parts: Float64Array, slopes: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += parts[i] * parts[i];
  const length = Math.sqrt(sum);
  for (let i = from; i < to; i++) slopes[i] = length > 0 ? parts[i] / length : 0;
  return length;
}

function l1(parts: Float64Array, slopes: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    slopes[i] = parts[i] < 0 ? -1 : 1;
    sum += Math.abs(parts[i]);
  }
  return sum;
}

function max(parts: Float64Array, slopes: Float64Array, from: number, to: number): number {
  let at = from;
  for (let i = from; i < to; i++) {
    slopes[i] = 0;
    if (Math.abs(parts[i]) > Math.abs(parts[at])) at = i;
  }
  slopes[at] = parts[at] < 0 ? -1 : 1;
  return Math.abs(parts[at]);
}

function strongest(parts: Float64Array, slopes: Float64Array, from: number, to: number): number {
  let at = from;
  for (let i = from; i < to; i++) {
    slopes[i] = 0;
    if (parts[i] > parts[at]) at = i;
  }
  slopes[at] = 1;
  return Math.max(0, parts[at]);
}

const OWN: Readonly<Record<DetectorResponse, Own>> = { l2, hypot: l2, l1, max, strongest, abs: l1, clamp: strongest };
