import type { FailOn } from '../files/limits.ts';
import { readFraction } from '../kernels/numbers.ts';
import { expectChoice, expected, expectInteger } from '../planes/expected.ts';
import { optionNames } from '../planes/expectOptions.ts';
import type { MetricSettings } from './metrics/metric.ts';
import { type Metric, METRIC_NAMES, METRICS } from './metrics/metrics.ts';
import type { ImageSource } from './openImage.ts';
import type { Region } from './region.ts';

export interface CompareOptions {
  /** `absolute` by default. */
  metric?: Metric;
  /**
   * From 0 to 1, or such a fraction as text: `'5/255'`. What it means depends on the metric: `absolute`: the largest difference of
   * a sample that is none, in units of white (0 by default); `pixelmatch`: its perceptual threshold (0.1); `boundary`: above
   * which strength, in units of white, a pixel is an edge (0.5), and twice what else may change; `ssim`: how far the mean similarity may
   * stay below 1 (0.01), and a tenth of what that of one window may, where that is more than 0.5.
   */
  threshold?: number | string;
  /** `boundary`: how many pixels an edge may have moved, as the crow flies; 1 by default. */
  distance?: number;
  /** `pixelmatch`: pixels that look like the smoothed steps of an edge do not count; false by default. */
  ignoreAntialiasing?: boolean;
  /** Pixels that may differ; 0 where neither limit is given. */
  maxDiffPixels?: number;
  /** The same as a share of the pixels that are compared. Of two limits the stricter counts. */
  maxDiffPixelRatio?: number;
  /** Rectangles that are not compared; what of them lies outside the picture is passed over. */
  ignore?: readonly Region[];
  /** A picture of the golden's size: pixels of more than half of white are not compared. */
  ignoreMask?: ImageSource;
  /** Also draw where the pictures differ, as `diff`; false by default. */
  diff?: boolean;
  /** Most pixels of either picture; 268402689 by default. */
  limitPixels?: number;
  /** Which damaged pictures are refused, as {@link readImage} means it; `error` by default. */
  failOn?: FailOn;
}

export const COMPARE_OPTIONS: readonly string[] = optionNames<CompareOptions>({
  metric: true,
  threshold: true,
  distance: true,
  ignoreAntialiasing: true,
  maxDiffPixels: true,
  maxDiffPixelRatio: true,
  ignore: true,
  ignoreMask: true,
  diff: true,
  limitPixels: true,
  failOn: true,
});

/** Options that are checked and complete. */
export interface Comparator extends MetricSettings {
  readonly metric: Metric;
  readonly maxDiffPixels: number | undefined;
  readonly maxDiffPixelRatio: number | undefined;
  readonly ignore: readonly Region[];
}

/** A window of libvips' own limit of sides; no edge moves farther within a picture. */
const FARTHEST = 10_000;

/**
 * The options, checked: none is passed over in silence.
 *
 * @param where prefix of an option's name in messages: empty for the library, `--` for the command
 * @throws ExpectationError for options that are out of range, or of no use to the metric
 */
export function comparatorOf(options: CompareOptions, spell: (name: string) => string = (name) => name): Comparator {
  const metric = expectChoice(options.metric ?? 'absolute', spell('metric'), METRIC_NAMES);
  const { threshold, distance, ignoreAntialiasing, maxDiffPixels, maxDiffPixelRatio, ignore = [] } = options;
  for (const name of METRIC_OPTIONS) {
    if (options[name] === undefined || options[name] === false || METRICS[metric].options.includes(name)) continue;
    const allowed = METRIC_NAMES.filter((other) => METRICS[other].options.includes(name));
    throw expected(`the metric ${allowed.join(' or ')}`, spell(name), metric);
  }
  if (distance !== undefined) expectNumber(distance, spell('distance'), FARTHEST);
  if (maxDiffPixels !== undefined) expectInteger(maxDiffPixels, spell('maxDiffPixels'), 0);
  if (maxDiffPixelRatio !== undefined) expectNumber(maxDiffPixelRatio, spell('maxDiffPixelRatio'), 1);
  return {
    metric,
    threshold: expectThreshold(threshold ?? METRICS[metric].threshold, spell('threshold'), metric),
    distance: distance ?? 1,
    ignoreAntialiasing: ignoreAntialiasing ?? false,
    maxDiffPixels,
    maxDiffPixelRatio,
    ignore: ignore.map((region, i) => expectRegion(region, `${spell('ignore')}[${i}]`)),
  };
}

/** Options that some metrics alone have. */
const METRIC_OPTIONS = ['distance', 'ignoreAntialiasing', 'maxDiffPixels', 'maxDiffPixelRatio'] as const;

function expectNumber(value: unknown, where: string, most: number): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= most)) {
    throw expected(`a number from 0 to ${most}`, where, value);
  }
  return value;
}

/** A threshold above white would let black pass for white: likelier a sample value was meant. */
function expectThreshold(value: unknown, where: string, metric: Metric): number {
  const number = typeof value === 'string' ? readFraction(value) : value;
  if (typeof number !== 'number' || !(number >= 0)) throw expected('a number of at least 0', where, value);
  if (number <= 1) return number;
  if (metric !== 'absolute') throw expected('a number from 0 to 1', where, value);
  throw expected(
    'at most 1, the difference between black and white (in units of white: 5 of 255 levels are 5/255)',
    where,
    value,
  );
}

function expectRegion(region: Region, where: string): Region {
  if (typeof region !== 'object' || region === null) throw expected('{ left, top, width, height }', where, region);
  expectInteger(region.left, `${where}.left`, 0);
  expectInteger(region.top, `${where}.top`, 0);
  expectInteger(region.width, `${where}.width`, 1);
  expectInteger(region.height, `${where}.height`, 1);
  return region;
}

/** What decides a verdict, as the manifest and reports tell it. */
export function describeComparator(comparator: Comparator): Record<string, unknown> {
  const { metric, threshold, distance, ignoreAntialiasing, maxDiffPixels, maxDiffPixelRatio, ignore } = comparator;
  return {
    metric,
    threshold,
    ...(METRICS[metric].options.includes('distance') ? { distance } : {}),
    ...(ignoreAntialiasing ? { ignoreAntialiasing } : {}),
    ...(maxDiffPixels === undefined ? {} : { maxDiffPixels }),
    ...(maxDiffPixelRatio === undefined ? {} : { maxDiffPixelRatio }),
    ...(ignore.length > 0 ? { ignore } : {}),
  };
}
