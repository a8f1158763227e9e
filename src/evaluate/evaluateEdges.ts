import { suppressRidges } from '../edges/lines/suppressRidges.ts';
import { ExpectationError, expected, expectInteger } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { expectPlanes, type Planes, shapeOf, whiteOf } from '../planes/planes.ts';
import { type Ground, groundOf, indexOf, matchPixels, placesOf } from './matchPixels.ts';
import { thinPadded } from './thinMask.ts';

export interface EvaluateOptions {
  /** At how many thresholds the map is cut, i / (n + 1) of white for i from 1 to n; or the thresholds themselves, rising; 99 by default. */
  thresholds?: number | readonly number[];
  /** How far an edge and its truth may lie apart, as a share of the picture's diagonal; 0.0075 by default. */
  maxDistance?: number;
  /** Whether the map, once cut, is thinned to lines one pixel wide; true by default. */
  thin?: boolean;
  /** Whether the map is thinned to its ridges before it is cut ({@link suppressRidges}); false by default. */
  suppress?: boolean;
}

export const EVALUATE_OPTIONS: readonly string[] = optionNames<EvaluateOptions>({
  thresholds: true,
  maxDistance: true,
  thin: true,
  suppress: true,
});

/** What was counted on one picture, or on several together: for each threshold a number. */
export interface EdgeCounts {
  /** In units of white, rising. */
  readonly thresholds: readonly number[];
  /** Pixels of the map that are edges. */
  readonly found: readonly number[];
  /** Those of them that match a pixel of at least one annotator. */
  readonly matched: readonly number[];
  /** Pixels of the truth, over all annotators; the same at every threshold. */
  readonly truth: number;
  /** Those of them that a pixel of the map matches. */
  readonly recalled: readonly number[];
}

/**
 * Counts which edges of a map are true, and which true edges it has, as the Berkeley Segmentation Data Set and Benchmarks 500 does (P. Arbeláez,
 * M. Maire, C. Fowlkes and J. Malik, Contour detection and hierarchical image segmentation, PAMI 33, 2011): at each threshold the map is cut,
 * thinned, and matched pixel by pixel with each annotator's boundaries. {@link scoreEdges} makes of such counts of many pictures what is
 * published: ODS, OIS and AP.
 *
 * @param map 1×H×W, from 0 to white; what reaches a threshold is an edge
 * @param truths of each annotator 1×H×W; what is not 0 is a boundary
 * @throws ExpectationError where shapes differ, no annotator drew anything, or a sample lies outside of 0…white
 * @example
 * const line = planes([[0, 1, 0], [0, 1, 0], [0, 1, 0]])
 * evaluateEdges(line, [line], { thresholds: 1 }) // { thresholds: [0.5], found: [3], matched: [3], truth: 3, recalled: [3] }
 */
export function evaluateEdges(map: Planes, truths: readonly Planes[], options: EvaluateOptions = {}): EdgeCounts {
  expectOptions(options, EVALUATE_OPTIONS, 'evaluateEdges');
  const thresholds = evaluationThresholds(options.thresholds);
  const { maxDistance = 0.0075, thin = true, suppress = false } = options;
  if (!(maxDistance >= 0 && maxDistance <= 1)) throw expected('a number from 0 to 1', 'maxDistance', maxDistance);
  expectMap(map);
  expectTruths(map, truths);
  const { height, width } = map;
  const ground = groundOf(height, width, maxDistance * Math.sqrt(height * height + width * width));
  const drawn = truths.map(({ data }) => placesOf(data, ground));
  const truth = drawn.reduce((sum, { length }) => sum + length, 0);
  if (truth === 0) throw new ExpectationError('Expected a boundary in the truth but every sample is 0');
  const { data } = suppress ? suppressRidges(map) : map;
  const white = whiteOf(map);
  const counts = { found: [] as number[], matched: [] as number[], recalled: [] as number[] };
  let cut = placesOf(data, ground);
  let before = -1;
  for (const threshold of thresholds) {
    cut = cut.filter((place) => data[indexOf(place, ground)] / white >= threshold);
    // Rising thresholds leave out more and more: where as many are left, they are the same.
    const count = cut.length === before ? undefined : countAt(thin ? thinned(cut, ground) : cut, drawn, ground);
    before = cut.length;
    for (const name of ['found', 'matched', 'recalled'] as const) {
      counts[name].push(count?.[name] ?? (counts[name].at(-1) as number));
    }
  }
  return { thresholds, found: counts.found, matched: counts.matched, truth, recalled: counts.recalled };
}

/**
 * The thresholds at which a map is cut.
 *
 * @throws ExpectationError where they are no numbers above 0, at most 1, rising
 */
export function evaluationThresholds(asked: number | readonly number[] = 99): readonly number[] {
  if (typeof asked === 'number') {
    const count = expectInteger(asked, 'thresholds', 1, 1000);
    return Array.from({ length: count }, (_, i) => (i + 1) / (count + 1));
  }
  if (!Array.isArray(asked) || asked.length === 0) {
    throw expected('a whole number or a list of numbers', 'thresholds', asked);
  }
  const fits = asked.every((threshold, i) => threshold > (i === 0 ? 0 : asked[i - 1]) && threshold <= 1);
  if (!fits) throw expected('numbers above 0 and up to 1, rising,', 'thresholds', asked.join(', '));
  return [...asked];
}

/** About the bytes that a map takes while it is evaluated, without its truth. */
export function roomForEvaluation(height: number, width: number): number {
  // The file's samples, the map and what is left of it, the ground, and at most a number for each pixel in lists of pixels and candidates.
  return 80 * height * width;
}

/** Refuses a map that is not one of edges. */
function expectMap(map: Planes): void {
  expectPlanes(map, 'the map');
  if (map.channels !== 1) throw expected('one channel', 'the map', map.channels);
  const white = whiteOf(map);
  const outside = map.data.find((sample) => !(sample >= 0 && sample <= white));
  if (outside !== undefined) throw expected(`samples from 0 to ${white}`, 'the map', outside);
}

function expectTruths(map: Planes, truths: readonly Planes[]): void {
  if (!Array.isArray(truths) || truths.length === 0)
    throw expected('planes of at least one annotator', 'truths', truths);
  for (const truth of truths) {
    expectPlanes(truth, 'the truth');
    if (truth.channels === 1 && truth.height === map.height && truth.width === map.width) continue;
    throw expected(`${shapeOf(map)} samples, as many as the map has,`, 'the truth', shapeOf(truth));
  }
}

function thinned(places: Int32Array, { numbers, pitch }: Ground): Int32Array {
  const mask = new Uint8Array(numbers.length);
  for (const place of places) mask[place] = 1;
  thinPadded(mask, [...places], pitch);
  return places.filter((place) => mask[place] === 1);
}

function countAt(
  edges: Int32Array,
  drawn: readonly Int32Array[],
  ground: Ground,
): { found: number; matched: number; recalled: number } {
  const isMatched = new Uint8Array(edges.length);
  let recalled = 0;
  for (const boundary of drawn) {
    matchPixels(edges, boundary, ground).forEach((partner, i) => {
      if (partner < 0) return;
      isMatched[i] = 1;
      recalled++;
    });
  }
  return { found: edges.length, matched: isMatched.reduce((sum, one) => sum + one, 0), recalled };
}
