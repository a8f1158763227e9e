import { detectEdges } from '../../../edges/detectEdges.ts';
import type { NamedDetector } from '../../../edges/detector/detector.ts';
import type { NamedOptions } from '../../../edges/namedOptions.ts';
import { kernelOperatorNames } from '../../../edges/operators/operators.ts';
import { LOW_SHARE } from '../../../edges/thresholds/orderedThresholds.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import {
  highAlone,
  linkedThresholds,
  type LineThresholds,
  roundestIn,
  roundestPair,
  singleThreshold,
  type ThresholdRange,
} from '../lineThresholds.ts';
import type { MapTarget } from '../mapTarget.ts';
import type { Strip } from '../strips.ts';
import { mayBeCut } from './linkedCores.ts';
import { callOf, optionsFor } from './ownDetectors.ts';
import { ownStrengths } from './ownStrengths.ts';

/**
 * The command of ours whose lines, or one threshold, make a black-and-white map: an operator, what is asked of it, and the thresholds, as
 * rules (`otsu`, or what `canny` takes by itself) where these come to what the map tells, else as numbers.
 *
 * @param lines the map's plane, above 0 on edges
 */
export async function ownLines(
  target: MapTarget,
  strips: readonly Strip[],
  lines: Planes,
  pause: () => Promise<void>,
): Promise<NamedDetector | undefined> {
  for (const operator of ['canny', ...kernelOperatorNames.filter((name) => name !== 'canny')]) {
    for (const options of optionsFor(operator, target)) {
      await pause();
      if (!strips.every((strip) => mayBeCut(rowOf(ownStrengths(strip.before, operator, options), strip), strip)))
        continue;
      const found = cut(operator, options, target, lines);
      if (found === undefined) continue;
      const detector: NamedDetector = { operator, options: found, rounding: 'nearest' };
      return { ...detector, from: { program: 'corr2d', call: callOf(detector, target) } };
    }
  }
  return undefined;
}

function rowOf({ data, width }: Planes, { row }: Strip): Float32Array {
  return data.subarray(row * width, (row + 1) * width);
}

function cut(operator: string, options: NamedOptions, { before }: MapTarget, lines: Planes): NamedOptions | undefined {
  const strengths = ownStrengths(before, operator, options);
  const white = whiteOf(before);
  const one = operator === 'canny' ? undefined : singleThreshold(strengths.data, lines.data);
  if (one !== undefined) {
    const range = inWhite(one, white);
    const otsu = comesTo(before, operator, { ...options, threshold: 'otsu' }).high;
    return { ...options, threshold: isIn(range, otsu) ? 'otsu' : roundestIn(range) };
  }
  const both = linkedThresholds(strengths, lines);
  if (both === undefined) return undefined;
  const ranges = { low: inWhite(both.low, white), high: inWhite(both.high, white) };
  if (operator === 'canny') {
    const usual = comesTo(before, operator, options);
    if (isIn(ranges.low, usual.low) && isIn(ranges.high, usual.high)) return options;
  }
  return { ...options, ...numbersOf(ranges) };
}

/** `high` alone where the usual share of it serves for `low`. */
function numbersOf({ low, high }: LineThresholds): Pick<NamedOptions, 'low' | 'high'> {
  const both = highAlone({ low, high }, LOW_SHARE);
  if (both.from < both.to) return { high: roundestIn(both) };
  const [lower, upper] = roundestPair({ low, high }, false, []);
  return { low: lower, high: upper };
}

function comesTo(before: Planes, operator: string, options: NamedOptions): { low?: number; high?: number } {
  return detectEdges(before, { operator, ...options }).thresholds ?? {};
}

function isIn({ from, to }: ThresholdRange, value: number | undefined): boolean {
  return value !== undefined && value >= from && value < to;
}

function inWhite({ from, to }: ThresholdRange, white: number): ThresholdRange {
  return { from: from / white, to: to / white };
}
