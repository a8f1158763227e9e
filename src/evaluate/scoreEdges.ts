import { ExpectationError, expected } from '../planes/expected.ts';
import type { EdgeCounts } from './evaluateEdges.ts';

/** Shares from 0 to 1. */
export interface EdgeScore {
  /** Of the true edges that the map has. */
  readonly recall: number;
  /** Of the map's edges that are true. */
  readonly precision: number;
  /** The harmonic mean of both. */
  readonly f: number;
}

export interface ThresholdScore extends EdgeScore {
  /** In units of white. */
  readonly threshold: number;
}

export interface EdgeScores {
  /** Optimal dataset scale: the best that one threshold for all pictures gives. */
  readonly ods: ThresholdScore;
  /** Optimal image scale: what each picture's own best threshold gives. */
  readonly ois: EdgeScore;
  /** Average precision: the mean of the curve's precision over recalls from 0 to 1; 0 where the curve does not go. */
  readonly ap: number;
  /** The precision–recall curve: all pictures together at each threshold. */
  readonly curve: readonly ThresholdScore[];
  /** The best of each picture by itself, in their order. */
  readonly pictures: readonly ThresholdScore[];
}

/**
 * What the counts of several pictures come to, computed as the benchmark's own programs do (`collect_eval_bdry` of BSDS500, `edgesEvalDir` of
 * P. Dollár's toolbox): between two thresholds recall and precision are interpolated for the best, and 101 precisions are added up and divided by 100.
 *
 * @param counted what {@link evaluateEdges} counted on each picture, at the same thresholds
 * @throws ExpectationError where there is none, or their thresholds differ
 * @example
 * const line = planes([[0, 1, 0], [0, 1, 0], [0, 1, 0]])
 * scoreEdges([evaluateEdges(line, [line], { thresholds: 1 })]).ods // { threshold: 0.5, recall: 1, precision: 1, f: 1 }
 */
export function scoreEdges(counted: readonly EdgeCounts[]): EdgeScores {
  if (!Array.isArray(counted) || counted.length === 0)
    throw expected('counts of at least one picture', 'scoreEdges', counted);
  const [{ thresholds }] = counted as readonly EdgeCounts[];
  for (const counts of counted) {
    if (counts.thresholds.join() === thresholds.join()) continue;
    throw new ExpectationError('Expected the same thresholds for all pictures of scoreEdges but received others');
  }
  const curve = curveOf(sumOf(counted));
  const best = sumOf(counted.map(atOwnBest));
  return {
    ods: bestOf(curve),
    ois: scoreOf(best.recalled[0], best.truth, best.matched[0], best.found[0]),
    ap: averagePrecision(curve),
    curve,
    pictures: counted.map((counts) => bestOf(curveOf(counts))),
  };
}

function sumOf(counted: readonly EdgeCounts[]): EdgeCounts {
  const [{ thresholds }] = counted;
  const sums = (name: 'found' | 'matched' | 'recalled'): number[] =>
    thresholds.map((_, k) => counted.reduce((sum, counts) => sum + counts[name][k], 0));
  const truth = counted.reduce((sum, counts) => sum + counts.truth, 0);
  return { thresholds, found: sums('found'), matched: sums('matched'), truth, recalled: sums('recalled') };
}

function curveOf({ thresholds, found, matched, truth, recalled }: EdgeCounts): ThresholdScore[] {
  return thresholds.map((threshold, k) => ({ threshold, ...scoreOf(recalled[k], truth, matched[k], found[k]) }));
}

function scoreOf(recalled: number, truth: number, matched: number, found: number): EdgeScore {
  const recall = truth === 0 ? 0 : recalled / truth;
  const precision = found === 0 ? 0 : matched / found;
  return { recall, precision, f: harmonic(recall, precision) };
}

function harmonic(recall: number, precision: number): number {
  return recall + precision === 0 ? 0 : (2 * recall * precision) / (recall + precision);
}

/** One picture's counts at the threshold that is best for it, the lowest of several. */
function atOwnBest(counts: EdgeCounts): EdgeCounts {
  const scores = curveOf(counts).map(({ f }) => f);
  const k = scores.indexOf(Math.max(...scores));
  const { found, matched, recalled } = counts;
  return { thresholds: [0], found: [found[k]], matched: [matched[k]], truth: counts.truth, recalled: [recalled[k]] };
}

/** Places between two thresholds at which a score is looked for, both of them included. */
const BETWEEN = 100;

function bestOf(curve: readonly ThresholdScore[]): ThresholdScore {
  let best = curve[0];
  for (let k = 1; k < curve.length; k++) {
    for (let i = 0; i < BETWEEN; i++) {
      const share = i / (BETWEEN - 1);
      const score = between(curve[k - 1], curve[k], share);
      // Only what is better, so that of equals the first threshold is told.
      if (score.f > best.f) best = score;
    }
  }
  return best;
}

function between(a: ThresholdScore, b: ThresholdScore, share: number): ThresholdScore {
  // In this form what is the same at both thresholds is the same between them.
  const mix = (name: 'threshold' | 'recall' | 'precision'): number => a[name] + (b[name] - a[name]) * share;
  const [recall, precision] = [mix('recall'), mix('precision')];
  return { threshold: mix('threshold'), recall, precision, f: harmonic(recall, precision) };
}

function averagePrecision(curve: readonly ThresholdScore[]): number {
  // Of thresholds with one recall the lowest counts.
  const points = curve.filter(({ recall }, k) => curve.findIndex((other) => other.recall === recall) === k);
  points.sort((a, b) => a.recall - b.recall);
  if (points.length < 2) return 0;
  let sum = 0;
  for (let i = 0; i <= 100; i++) {
    const recall = i / 100;
    const next = points.findIndex((point) => point.recall >= recall);
    if (next < 0 || recall < points[0].recall) continue;
    const b = points[next];
    const a = points[Math.max(0, next - 1)];
    const share = b.recall === a.recall ? 1 : (recall - a.recall) / (b.recall - a.recall);
    sum += a.precision + (b.precision - a.precision) * share;
  }
  return sum / 100;
}
