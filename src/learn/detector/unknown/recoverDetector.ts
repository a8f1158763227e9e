import { applyDetector } from '../../../edges/detector/applyDetector.ts';
import {
  type DetectorColor,
  type DetectorKernel,
  detectorKernel,
  type KernelDetector,
  seesApart,
} from '../../../edges/detector/detector.ts';
import type { Certified } from '../certifyDetector.ts';
import { isInverted } from '../isInverted.ts';
import { greysOf, type KnownGrey } from '../known/inputs.ts';
import type { MapTarget } from '../mapTarget.ts';
import { descendEstimate, type Estimate } from './descend.ts';
import { greyWeights } from './greyWeights.ts';
import { type Hypothesis, recover } from './recover.ts';
import { refineByIntervals, storedBounds } from './refine.ts';
import { drawWindows, mixWindows, type Windows } from './windows.ts';

/** Kernels that were recovered, and what the pictures say about them. */
export interface Recovered {
  /** Without scale, border and rounding: its responses are in the map's samples, raised by the excess. */
  readonly steps: Pick<KernelDetector, 'kernels' | 'response' | 'color' | 'inverted'>;
  readonly estimate: Estimate;
  readonly side: number;
  /** What the map's samples were made of their responses by. */
  readonly rounding: 'nearest' | 'truncate';
  /** Of the targets that the kernels see: grey, where a colour rule made them so. */
  readonly targets: readonly MapTarget[];
}

interface RecoverOptions {
  readonly sides: readonly number[];
  /** Gives kernels their factor, border and rounding, and says how many samples come out. */
  readonly finish: (recovered: Recovered) => Promise<Certified | undefined>;
}

/** Windows that tell hypotheses apart, and those that numbers are refined by. */
const FEW = 2500;
const MANY = 40_000;

/** Products of taps, twice, that one step of descent may take. */
const MOST_PRODUCTS = 2e8;

/** Root mean square of what rounding leaves, in levels, and what is still taken for it. */
const ROUNDED = 0.42;

/** Of exact maps, as a share of their largest number. */
const EXACT = 1e-5;

/** How much more another grey may leave, and still be tried. */
const ALIKE = 1.03;

/** Each costs a second. */
const MOST_ALIKE = 4;

/** Levels outside its interval at which a sample was changed afterwards: estimates are far nearer. */
const SPOILED = 4;

/** Beyond it no grey's weights are looked for, in samples of the map. */
const NEAR = 12;

/**
 * The kernels behind a map that no program known by name gives: for each size, from the smallest, what the lift and descent find of each
 * response and colour rule, until rounding explains all that is left over.
 *
 * @returns nothing where no size, response or colour does
 */
export async function recoverDetector(
  targets: readonly MapTarget[],
  { sides, finish }: RecoverOptions,
  pause: () => Promise<void>,
): Promise<Certified | undefined> {
  const [target] = targets;
  const inverted = isInverted(target);
  const each = target.before.channels === 3 && target.map.channels === 3;
  const enough = target.stored ? ROUNDED * (target.lossy ? 4 : 1) : EXACT * largestOf(target.map);
  let narrower: readonly Estimate[] = [];
  let nearest: { readonly estimate: Estimate; readonly colours: readonly Refinable[] } | undefined;
  for (const side of sides) {
    const smallest = Math.min(...targets.map(({ before }) => Math.min(before.height, before.width)));
    if (smallest < 2 * side) break;
    const windows = drawWindows(targets, side, Math.max(FEW, 20 * side * side), { each, inverted, seed: 1 });
    if (windows.count < 12 * side * side) continue;
    const trial = { targets, windows, enough, narrower, least: leastOf(target) };
    const found =
      each || target.before.channels === 1 ? await ofGreyPicture(trial, pause) : await bestColour(trial, pause);
    narrower = found.all;
    const { estimate } = found;
    if (estimate === undefined) continue;
    const own: Refinable = { targets, estimate, side, inverted, each, color: each ? 'each' : undefined };
    const colours = (found.colours ?? [own]).map((colour) => ({ ...own, ...colour }));
    if (!target.lossy) {
      if (estimate.rms <= enough) return bestRefined(colours, finish, pause);
      continue;
    }
    // What a coder leaves is not known: wider windows have to leave less.
    if (nearest !== undefined && estimate.rms > WIDER * nearest.estimate.rms) break;
    nearest = { estimate, colours };
  }
  return nearest && bestRefined(nearest.colours, finish, pause);
}

/** Of a map coded with losses, what wider windows must leave of what narrower ones leave. */
const WIDER = 0.85;

/** Of greys that fit alike the one under which most samples come out: a weight may be off in its fourth decimal. */
async function bestRefined(
  colours: readonly Refinable[],
  finish: RecoverOptions['finish'],
  pause: () => Promise<void>,
): Promise<Certified | undefined> {
  let best: Certified | undefined;
  for (const colour of colours) {
    const certified = await finish(await refined(colour, pause));
    if (certified === undefined) continue;
    const { reproduced, samples } = certified.certificate;
    if (best === undefined || reproduced > best.certificate.reproduced) best = certified;
    if (reproduced === samples || colour.targets[0].lossy) break;
  }
  return best;
}

/** What is tried with windows of one size. */
interface SizeTrial {
  readonly targets: readonly MapTarget[];
  readonly windows: Windows;
  /** The error, in samples of the map, that an estimate may leave. */
  readonly enough: number;
  /** The error that rounding leaves. */
  readonly least: number;
  /** Of narrower windows. */
  readonly narrower: readonly Estimate[];
}

interface SizeFound {
  readonly estimate: Estimate | undefined;
  /** How colours became grey, or what became of their responses: the likeliest first. */
  readonly colours?: readonly Coloured[];
  /** Of every response, of grey. */
  readonly all: readonly Estimate[];
}

async function ofGreyPicture({ windows, narrower, least }: SizeTrial, pause: () => Promise<void>): Promise<SizeFound> {
  const all = await recover(windows, ofOne(), pause, narrower);
  return { estimate: simplest(all, windows.count, least), all };
}

function largestOf({ data }: MapTarget['map']): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]));
  return largest;
}

/** The spread of a level, where samples were rounded. */
function leastOf({ stored }: MapTarget): number {
  return stored ? 1 / Math.sqrt(12) : 1e-9;
}

function ofOne(): Hypothesis[] {
  return (['l2', 'l1', 'abs'] as const).map((response) => ({ response, rule: 'one' }));
}

/**
 * Of estimates the one that says most in fewest numbers, by Schwarz's criterion.
 *
 * @param least the error that rounding leaves: less of it says nothing
 */
function simplest(estimates: readonly Estimate[], count: number, least: number): Estimate | undefined {
  const criterion = ({ rms, kernels }: Estimate): number =>
    2 * count * Math.log(Math.max(rms, least)) + kernels.length * kernels[0].length * Math.log(count);
  return estimates.toSorted((a, b) => criterion(a) - criterion(b))[0];
}

interface Coloured {
  readonly estimate: Estimate;
  readonly color: DetectorColor;
  readonly targets: readonly MapTarget[];
}

/** Estimates that are so much worse than the best are not those of another grey. */
const FAR = 3;

/** How colours became grey, or what became of their responses: what leaves least of the map over. */
async function bestColour(trial: SizeTrial, pause: () => Promise<void>): Promise<SizeFound> {
  const { targets, windows, enough, narrower, least } = trial;
  const all = await bestStart(trial, pause);
  const first = simplest(all, windows.count, least);
  if (first === undefined) return { estimate: undefined, all };
  const tried: Coloured[] = [];
  const take = (found: Coloured): boolean => {
    tried.push(found);
    return found.estimate.rms <= enough;
  };
  const result = (): SizeFound => {
    const [best, ...others] = tried.sort((a, b) => a.estimate.rms - b.estimate.rms);
    // Greys that differ by hardly a weight's last digit leave all but the same.
    const alike = others
      .filter(({ estimate }) => best !== undefined && estimate.rms < ALIKE * best.estimate.rms)
      .slice(0, MOST_ALIKE);
    return { estimate: best?.estimate, all, ...(best === undefined ? {} : { colours: [best, ...alike] }) };
  };
  const mixes = greysOf(targets[0].before).filter(({ color }) => typeof color !== 'string' || color === 'swscale');
  for (const start of all.filter(({ rms }) => rms <= FAR * all[0].rms && rms < NEAR)) {
    await pause();
    const free = greyWeights(windows, start);
    if (free === undefined || free.estimate.rms > FAR * enough) continue;
    // Weights are near: a program's own have to fit better than any.
    const near = mixes.filter(({ color }) => isNear(color, free.weights));
    const fits = near.map((grey) => take(ofGrey(targets, grey, windows, free.estimate)));
    if (fits.includes(true)) return result();
    await pause();
    const many = drawWindows(targets, windows.side, MANY / 2, {
      each: false,
      inverted: isInverted(targets[0]),
      seed: 3,
    });
    const own = greyWeights(many, free.estimate) ?? free;
    if (take(ofGrey(targets, { name: 'own', color: { mix: own.weights } }, windows, own.estimate))) return result();
  }
  for (const rule of ['max', 'length'] as const) {
    for (const response of rule === 'length' ? (['l2'] as const) : (['l2', 'l1', 'abs'] as const)) {
      await pause();
      const [estimate] = await recover(windows, [{ response, rule }], pause, narrower);
      if (estimate !== undefined && take({ estimate, color: rule, targets })) return result();
    }
  }
  return result();
}

/** What is tried of colours first: grey as most programs take it, then one channel. */
const STARTS = [
  [0.299, 0.587, 0.114],
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

async function bestStart({ windows, narrower, enough }: SizeTrial, pause: () => Promise<void>): Promise<Estimate[]> {
  let best: Estimate[] = [];
  for (const weights of STARTS) {
    const all = await recover(mixWindows(windows, weights), ofOne(), pause, narrower);
    if (best.length === 0 || (all.length > 0 && all[0].rms < best[0].rms)) best = all;
    // Wider windows take longer, and tell no more of colours.
    if (best.length > 0 && (best[0].rms < FAR * enough || windows.side > 3)) break;
  }
  return best;
}

/** How far a program's weights may be from those that a few windows tell. */
const WEIGHTS_APART = 0.08;

function isNear(color: DetectorColor | undefined, weights: readonly number[]): boolean {
  const mix = typeof color === 'object' ? color.mix : [0.299, 0.587, 0.114];
  return mix.every((weight, i) => Math.abs(weight - weights[i]) < WEIGHTS_APART);
}

/** The estimate from a grey of the colours. */
function ofGrey(targets: readonly MapTarget[], { color }: KnownGrey, windows: Windows, start: Estimate): Coloured {
  const grey = targets.map((target) => ({ ...target, before: greyOf(target, color as DetectorColor) }));
  const own = drawWindows(grey, windows.side, FEW, { each: false, inverted: isInverted(targets[0]), seed: 1 });
  const estimate = descendEstimate(own, { ...start, rule: 'one' }, 8);
  return { estimate, color: color as DetectorColor, targets: grey };
}

export function greyOf({ before }: MapTarget, color: DetectorColor): MapTarget['before'] {
  return applyDetector(before, { kernels: [detectorKernel([[1]])], response: 'clamp', color }).map;
}

interface Refinable {
  readonly targets: readonly MapTarget[];
  readonly estimate: Estimate;
  readonly side: number;
  readonly inverted: boolean;
  readonly each: boolean;
  readonly color: DetectorColor | undefined;
}

async function refined(
  { targets, estimate, side, inverted, each, color }: Refinable,
  pause: () => Promise<void>,
): Promise<Recovered> {
  const unknowns = estimate.kernels.length * side * side;
  const many = drawWindows(targets, side, Math.min(MANY, Math.ceil(MOST_PRODUCTS / unknowns ** 2)), {
    each,
    inverted,
    seed: 2,
  });
  await pause();
  const descended = descendEstimate(many, estimate, 12);
  // Samples that are 0 are left out, which bends the mean of those that are small: by less than a quarter of a level.
  const rounding = descended.excess > 0.25 ? 'truncate' : 'nearest';
  const apart = seesApart(color) ? { color } : {};
  const detectorOf = (kernels: readonly Float64Array[]): KernelDetector => ({
    kernels: kernels.map((taps) => kernelOf(taps, side)),
    response: descended.response,
    ...apart,
  });
  const result = (kernels: readonly Float64Array[]): Recovered => ({
    steps: {
      kernels: kernels.map((taps) => kernelOf(taps, side)),
      response: descended.response,
      ...(color === undefined ? {} : { color }),
      ...(inverted ? { inverted } : {}),
    },
    estimate: descended,
    side,
    rounding,
    targets,
  });
  const [target] = targets;
  if (!target.stored || target.lossy) return result(descended.kernels);
  const lanes = color === 'max' || color === 'length' ? 3 : 1;
  const found = await refineByIntervals(
    {
      estimate: descended,
      detectorOf,
      windowAt: (one, channel, row, column) => windowOf(one, each ? channel : 0, lanes, row, column, side),
      targets,
      side,
      inverted,
      boundsOf: storedBounds(rounding),
      most: 0.5,
      spoiled: SPOILED,
    },
    pause,
  );
  return result(found.kernels);
}

function kernelOf(taps: Float64Array, side: number): DetectorKernel {
  return { channels: 1, height: side, width: side, taps };
}

/** Samples around a place of the map, of as many channels from one on. */
export function windowOf(
  { before, top, left }: MapTarget,
  channel: number,
  channels: number,
  row: number,
  column: number,
  side: number,
): Float64Array {
  const half = (side - 1) / 2;
  const window = new Float64Array(channels * side * side);
  let to = 0;
  for (let c = channel; c < channel + channels; c++) {
    for (let r = 0; r < side; r++) {
      const from = (c * before.height + row + top + r - half) * before.width + column + left - half;
      for (let q = 0; q < side; q++) window[to++] = before.data[from + q];
    }
  }
  return window;
}
