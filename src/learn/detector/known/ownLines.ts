import { detectEdges } from '../../../edges/detectEdges.ts';
import type { NamedDetector } from '../../../edges/detector/detector.ts';
import type { NamedOptions } from '../../../edges/namedOptions.ts';
import { kernelOperatorNames } from '../../../edges/operators/operators.ts';
import { LOW_SHARE } from '../../../edges/thresholds/orderedThresholds.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import { commonThreshold, commonThresholds, type LinePair } from '../linePairs.ts';
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
import { openCuts } from './linkedCores.ts';
import { optionsFor } from './ownDetectors.ts';
import { ownStrengths } from './ownStrengths.ts';

/**
 * The operator of ours whose lines, or one threshold, make black-and-white maps, and what is asked of it: with thresholds as rules (`otsu`,
 * or what `canny` takes by itself) first, where these come to what the maps tell, and as numbers.
 *
 * @param strips of the first pair
 */
export async function ownLines(
  target: MapTarget,
  strips: readonly Strip[],
  pairs: readonly LinePair[],
  pause: () => Promise<void>,
): Promise<NamedDetector[]> {
  for (const operator of ['canny', ...kernelOperatorNames.filter((name) => name !== 'canny')]) {
    for (const options of optionsFor(operator, target)) {
      await pause();
      const mayBeCut = openCuts();
      if (!strips.every((strip) => mayBeCut(rowOf(ownStrengths(strip.before, operator, options), strip), strip)))
        continue;
      const found = cut(operator, options, pairs);
      if (found.length > 0) return found.map((own) => ({ operator, options: own, rounding: 'nearest' }));
    }
  }
  return [];
}

function rowOf({ data, width }: Planes, { row }: Strip): Float32Array {
  return data.subarray(row * width, (row + 1) * width);
}

/** The options with what makes the lines: a rule, where it comes to it in every pair, then numbers. */
function cut(operator: string, options: NamedOptions, pairs: readonly LinePair[]): NamedOptions[] {
  const made = pairs.map((pair) => ({ ...pair, strengths: ownStrengths(pair.before, operator, options) }));
  const white = whiteOf(pairs[0].before);
  const ones =
    operator === 'canny' ? [] : made.map(({ strengths, lines }) => singleThreshold(strengths.data, lines.data));
  const one = ones.length === 0 ? undefined : commonThreshold(ones, (range) => range);
  const byRule = { ...options, threshold: 'otsu' };
  const isRule = (range: ThresholdRange | undefined, { before }: LinePair): boolean =>
    range !== undefined && isIn(inWhite(range, white), comesTo(before, operator, byRule).high);
  if (ones.length > 0 && ones.every((range, i) => isRule(range, made[i]))) {
    return [byRule, ...(one === undefined ? [] : [{ ...options, threshold: roundestIn(inWhite(one, white)) }])];
  }
  if (one !== undefined) return [{ ...options, threshold: roundestIn(inWhite(one, white)) }];
  const linked = made.map(({ strengths, lines }) => linkedThresholds(strengths, lines));
  const both = commonThresholds(linked, (ranges) => ranges);
  const numbers =
    both === undefined
      ? []
      : [{ ...options, ...numbersOf({ low: inWhite(both.low, white), high: inWhite(both.high, white) }) }];
  const isUsual = (ranges: LineThresholds | undefined, { before }: LinePair): boolean => {
    const usual = comesTo(before, operator, options);
    return (
      ranges !== undefined &&
      isIn(inWhite(ranges.low, white), usual.low) &&
      isIn(inWhite(ranges.high, white), usual.high)
    );
  };
  const usual = operator === 'canny' && linked.every((ranges, i) => isUsual(ranges, made[i]));
  return usual ? [options, ...numbers] : numbers;
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
