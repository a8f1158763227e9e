import { strengthsOf } from '../../../edges/detector/applyDetector.ts';
import { type ColorMix, detectorKernel, type KernelDetector, type OnePass } from '../../../edges/detector/detector.ts';
import { traceEdges } from '../../../edges/detector/traceEdges.ts';
import type { Planes } from '../../../planes/planes.ts';
import { commonThresholds, type LinePair } from '../linePairs.ts';
import { type LineThresholds, rangesOfLines, type ThresholdRange } from '../lineThresholds.ts';
import type { MapTarget } from '../mapTarget.ts';
import type { Strip } from '../strips.ts';

/** Steps from one sample to the next, of two by two samples, halved: to the right and down. */
const ACROSS = detectorKernel([
  [0, 0, 0],
  [0, -0.5, 0.5],
  [0, -0.5, 0.5],
]);
const DOWN = detectorKernel([
  [0, 0, 0],
  [0, -0.5, -0.5],
  [0, 0.5, 0.5],
]);

/** Radius, 0 where the program chooses it, and σ as they are often written. */
const BLURS: readonly (readonly [radius: number, sigma: number])[] = [
  [0, 1],
  [0, 2],
  [0, 1.5],
  [0, 1.4],
  [0, 0.5],
  [0, 3],
  [0, 2.5],
  [0, 0],
  [1, 1],
  [2, 1],
  [2, 2],
  [3, 1],
];

const LUMA = [0.212656, 0.715158, 0.072186] as const;

/** Colours are mixed after smoothing; `-colorspace gray` before `-canny` mixes them before. */
const MIXES: readonly { readonly words: string; readonly color: ColorMix }[] = [
  { words: '', color: { mix: LUMA, rounding: 'half-up', smoothed: true, weighted: true } },
  { words: '-colorspace gray ', color: { mix: LUMA, rounding: 'half-up', weighted: true } },
];

/**
 * ImageMagick's `-canny` with the radius, the σ and the shares of the largest response that make the map, to the sample: its search passes
 * over samples that other programs would join, so that thresholds are tried one by one.
 *
 * @param strips of the first pair
 */
export async function imagemagickCanny(
  target: MapTarget,
  strips: readonly Strip[],
  pairs: readonly LinePair[],
  inverted: boolean,
  pause: () => Promise<void>,
): Promise<KernelDetector | undefined> {
  const mixes = target.before.channels === 1 ? MIXES.slice(0, 1) : MIXES;
  for (const [radius, sigma] of BLURS) {
    const taps = blurTaps(radius, sigma);
    for (const { words, color } of mixes) {
      const detector = detectorOf(taps, color);
      await pause();
      if (!strips.every((strip) => mayBeLines(detector, strip))) continue;
      const shares = await sharesOf(
        pairs.map(({ before, lines }) => searched(strengthsOf(before, detector), lines)),
        pause,
      );
      if (shares === undefined) continue;
      const [low, high] = shares;
      const call = `convert before.png ${words}-canny ${radius}x${sigma}+${low}%+${high}% ${inverted ? '-negate ' : ''}after.png`;
      return { ...detector, low: `${low}%`, high: `${high}%`, from: { program: 'ImageMagick', call } };
    }
  }
  return undefined;
}

function detectorOf(taps: readonly number[], color: ColorMix): KernelDetector {
  const pass: Pick<OnePass, 'border' | 'rounding'> = { border: 'replicate', rounding: 'half-up' };
  return {
    samples: 'sixteen-bit',
    color,
    smoothing: [
      { taps: [taps], ...pass },
      { taps: taps.map((tap) => [tap]), ...pass },
    ],
    kernels: [ACROSS, DOWN],
    response: 'hypot',
    thin: 'weak',
    reached: true,
    link: 'traced',
    border: 'replicate',
    rounding: 'nearest',
  };
}

/** White in units of which a tap is too small to be kept, and the parts of a sample that a tap is summed of. */
const QUANTUM = 65_535;
const RANK = 3;

/** ImageMagick's kernel `blur:radius×σ`: a Gaussian three times as wide, of which each three taps are summed, scaled to a sum of 1. */
function blurTaps(radius: number, sigma: number): number[] {
  const width = radius >= 1 ? 2 * Math.floor(radius) + 1 : widthOf(sigma);
  const half = Math.floor((width * RANK - 1) / 2);
  const taps = new Array<number>(width).fill(0);
  if (sigma === 0) taps[(width - 1) / 2] = 1;
  else for (let u = -half; u <= half; u++) taps[Math.floor((u + half) / RANK)] += gaussian(u, sigma * RANK);
  const sum = taps.reduce((a, b) => a + b, 0);
  // A convolution sees its kernel turned about; sums of taps that are alike differ by their last bit.
  return taps.map((tap) => tap * (1 / sum)).reverse();
}

function gaussian(x: number, sigma: number): number {
  return Math.exp(-(x * x) * (1 / (2 * sigma * sigma))) * (1 / (Math.sqrt(2 * Math.PI) * sigma));
}

/** As many taps as are more than one level of 16 bits. */
function widthOf(sigma: number): number {
  if (sigma === 0) return 3;
  for (let half = 2; ; half++) {
    let sum = 0;
    for (let u = -half; u <= half; u++) sum += gaussian(u, sigma);
    if (gaussian(half, sigma) / sum < 1 / QUANTUM) return 2 * half - 1;
  }
}

/** Whether all that is white in a strip is where a thin response is. */
function mayBeLines(detector: KernelDetector, { before, row, column, samples: [samples] }: Strip): boolean {
  const { width } = before;
  const strengths = strengthsOf(before, detector);
  return samples.every((sample, j) => !(sample > 0) || strengths[row * width + column + j] > 0);
}

/** What the program takes unless told otherwise, in percents. */
const DEFAULT_LOW = 10;
const DEFAULT_HIGH = 30;

/** Each costs a search. */
const MOST_TRIED = 300;

/** Lines that may have been traced in strengths, and between which percents of the largest the limits of the search are. */
interface Searched {
  readonly strengths: Float64Array;
  readonly lines: Planes;
  readonly most: number;
  readonly percents: LineThresholds;
}

function searched(strengths: Float64Array, lines: Planes): Searched {
  let most = 0;
  for (let i = 0; i < strengths.length; i++) most = Math.max(most, strengths[i]);
  const { low, high } = rangesOfLines(withoutFirstRow(strengths, lines), lines);
  const percents = ({ from, to }: ThresholdRange): ThresholdRange => ({
    from: (100 * from) / most,
    to: Math.min(100, (100 * to) / most),
  });
  return { strengths, lines, most, percents: { low: percents({ ...low, from: 0 }), high: percents(high) } };
}

/** Percents of the largest strength which, as limits of the search, make the maps: the roundest. */
async function sharesOf(
  all: readonly Searched[],
  pause: () => Promise<void>,
): Promise<readonly [low: number, high: number] | undefined> {
  const common = commonThresholds(all, ({ most, percents }) => (most === 0 ? undefined : percents));
  if (common === undefined) return undefined;
  const highs = percentsIn(common.high, DEFAULT_HIGH);
  const lows = percentsIn(common.low, DEFAULT_LOW);
  const pairs = lows.flatMap((low) => highs.filter((high) => low <= high).map((high) => [low, high] as const));
  for (const pair of pairs.slice(0, MOST_TRIED)) {
    await pause();
    if (all.every((one) => isTraced(one, pair))) return pair;
  }
  return undefined;
}

function isTraced({ strengths, lines, most }: Searched, pair: readonly [low: number, high: number]): boolean {
  const [low, high] = pair.map((percent) => (percent / 100) * most);
  const edges = traceEdges(Float64Array.from(strengths), lines.width, { low, high, above: false });
  return edges.every((edge, i) => edge > 0 === lines.data[i] > 0);
}

/** The search writes over the first row: what is black there, and lines that reach it, tell nothing. */
function withoutFirstRow(strengths: Float64Array, { height, width, data }: Planes): Planes {
  const values = Float32Array.from(strengths);
  for (let i = 0; i < width; i++) values[i] = data[i] > 0 ? Number.POSITIVE_INFINITY : 0;
  return { channels: 1, height, width, data: values };
}

/** Beyond so many percents below the largest that may be, tenths are not tried: few strengths lie between. */
const FAR = 3;

/** Percents between two: the usual one first, then whole ones, the roundest first, then tenths near the largest. */
function percentsIn({ from, to }: ThresholdRange, usual: number): number[] {
  const all: number[] = [];
  for (let tenths = Math.floor(10 * to + 0.001); tenths >= Math.max(0, 10 * from - 0.001); tenths--) {
    if (tenths % 10 === 0 || tenths > 10 * (to - FAR)) all.push(tenths / 10);
  }
  const rank = (percent: number): number =>
    percent === usual ? 0 : percent % 5 === 0 ? 1 : Number.isInteger(percent) ? 2 : 3;
  return all.sort((a, b) => rank(a) - rank(b) || b - a);
}
