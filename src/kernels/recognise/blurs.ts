import { exponential } from '../exponential.ts';
import { fill, outer, sumOf, type Taps } from '../recipe.ts';
import { binomialRow, gaussianTaps, MOST_BINOMIAL, shares, tentRow } from '../smoothing.ts';
import { minimise, minimisePair } from './minimise.ts';
import {
  around,
  type Centre,
  centreOfPatch,
  distanceOf,
  factorOf,
  type Found,
  matches,
  type Patch,
  type Plane,
  reachOf,
  scaleOf,
  timesTaps,
  wholeOf,
} from './plane.ts';
import { inWords, simplify, timesText } from './simplify.ts';

/** A blur whose taps sum to 1. */
export interface Blur {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** As in `its 5×5 binomial blur`. */
  readonly text: string;
  readonly taps: Taps;
}

/** Blurs of a size that have no other number: means, discs, tents and binomials. */
export function blursOfSize(height: number, width: number): Blur[] {
  const size = `${height}×${width}`;
  const parameters = { rows: height, columns: width };
  const of = (name: string, text: string, profile: (side: number) => number[]): Blur => ({
    name,
    parameters,
    text,
    taps: outer(shares(profile(height)), shares(profile(width))),
  });
  const found = [of('box', `mean of ${size} samples`, (side) => Array<number>(side).fill(1))];
  if (Math.max(height, width) > MOST_BINOMIAL) return found;
  found.push(of('binomial', `${size} binomial blur`, binomialRow));
  if (height % 2 === 1 && width % 2 === 1) found.push(of('tent', `${size} tent blur`, tentRow));
  if (height === width && height % 2 === 1) found.push(...discs((height - 1) / 2));
  return found;
}

/** Means of all samples no farther than a radius, for every radius that reaches so many rows and makes a difference. */
function discs(reach: number): Blur[] {
  const squares = new Set<number>();
  for (let y = 0; y <= reach; y++) for (let x = 0; x <= reach; x++) squares.add(x * x + y * y);
  return [...squares]
    .filter((square) => square >= reach * reach && square < (reach + 1) ** 2 && square < 2 * reach * reach)
    .map((square) => {
      const side = 2 * reach + 1;
      const within = fill(side, side, (r, c) => ((r - reach) ** 2 + (c - reach) ** 2 <= square ? 1 : 0));
      const count = sumOf(within.values);
      const radius = Math.ceil(Math.sqrt(square) * 100) / 100;
      return {
        name: 'disk',
        parameters: { radius },
        text: `mean of the ${count} samples within ${inWords(radius)}`,
        taps: fill(side, side, (r, c) => within.values[r * side + c] / count),
      };
    });
}

/** Blurs that are known by their size: `scale` is what their taps sum to. */
export function recogniseBlurOfSize(plane: Plane, patch: Patch): Found | undefined {
  const centre = centreOfPatch(patch);
  for (const { name, parameters, text, taps } of blursOfSize(patch.height, patch.width)) {
    const scale = scaleOf(plane, taps, centre);
    if (scale === undefined) continue;
    return {
      name,
      parameters: { ...parameters, ...(scale === 1 ? {} : { scale }) },
      text: `${timesText(scale)}${text}`,
      centre,
    };
  }
  return undefined;
}

/** How a Gaussian is made into taps. */
export interface GaussianKind {
  readonly name: string;
  readonly suffix: string;
  readonly taps: (sigma: number, radius: number) => Float64Array;
}

/** Sampled at the whole numbers, as nearly everyone does; and averaged over thirds of a sample, as ImageMagick's `-blur`. */
export const GAUSSIANS: readonly GaussianKind[] = [
  { name: 'gaussian', suffix: '', taps: gaussianTaps },
  { name: 'gaussian-thirds', suffix: ', averaged over thirds of a sample', taps: gaussianThirds },
];

function gaussianThirds(sigma: number, radius: number): Float64Array {
  const fine = Float64Array.from({ length: 6 * radius + 3 }, (_, i) =>
    exponential(-(((i - 3 * radius - 1) / (3 * sigma)) ** 2) / 2),
  );
  const sums = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => fine[3 * i] + fine[3 * i + 1] + fine[3 * i + 2]);
  const sum = sumOf(sums);
  return sums.map((value) => value / sum);
}

/** σ below this leaves the picture as it is; beyond so many radii a Gaussian is a mean. */
const LEAST_SIGMA = 0.2;
const MOST_RADII = 4;

/** Gaussians of one σ or of one for each direction; their taps may end anywhere. */
export function recogniseGaussian(plane: Plane, patch: Patch): Found | undefined {
  const sum = sumOf(plane.values);
  if (sum <= 0 || plane.values.some((tap, i) => tap < -plane.tolerance[i])) return undefined;
  const centre = centroidOf(plane, sum);
  const trials = GAUSSIANS.flatMap((kind) =>
    radiiOf(plane, patch, centre)
      .filter(([down, across]) => Math.max(down, across) > 0)
      .map(([down, across]) => trialOf({ plane, centre, kind, down, across })),
  );
  return shortest(trials.map(gaussianOfOneSigma)) ?? shortest(trials.map(gaussianOfTwoSigmas));
}

/** The one of fewest digits: of two kinds that both come near, the one that was not meant needs longer numbers. */
export function shortest(found: readonly (Found | undefined)[]): Found | undefined {
  return found.filter((one) => one !== undefined).toSorted((a, b) => digitsOf(a) - digitsOf(b))[0];
}

function digitsOf({ parameters }: Found): number {
  return Object.values(parameters).reduce((sum, value) => sum + String(value).replace(/^-?0?\./, '').length, 0);
}

/** A kind of Gaussian whose taps reach so far down and across from a centre. */
interface Reach {
  readonly plane: Plane;
  readonly centre: Centre;
  readonly kind: GaussianKind;
  readonly down: number;
  readonly across: number;
}

interface Trial extends Reach {
  /** Those of the plane within reach. */
  readonly taps: ArrayLike<number>;
  /** σ, the same down and across, that comes nearest. */
  readonly alike: number;
}

function trialOf(reach: Reach): Trial {
  const taps = around(reach.plane, reach.centre, reach.down, reach.across).values;
  const seen = { ...reach, taps };
  return { ...seen, alike: minimise(LEAST_SIGMA, mostSigma(reach), (sigma) => nearest(seen, sigma, sigma).away) };
}

function gaussianOfOneSigma(trial: Trial): Found | undefined {
  const { alike } = trial;
  const numbers = [nearest(trial, alike, alike).scale, alike];
  const fitted = simplify(numbers, ([scale, sigma]) => fits(trial, scale, sigma, sigma));
  return fitted && gaussianFound(trial, fitted[0], [fitted[1], fitted[1]]);
}

function gaussianOfTwoSigmas(trial: Trial): Found | undefined {
  if (trial.down === 0 || trial.across === 0) return undefined;
  const starts = [0.3, 0.6, 1, 1.7, 3].map((ratio) => [trial.alike * ratio, trial.alike / ratio] as const);
  const sigmas = minimisePair(starts, (vertical, horizontal) =>
    Math.min(vertical, horizontal) < LEAST_SIGMA / 2 || Math.max(vertical, horizontal) > mostSigma(trial)
      ? Number.POSITIVE_INFINITY
      : nearest(trial, vertical, horizontal).away,
  );
  const fitted = simplify([nearest(trial, ...sigmas).scale, ...sigmas], ([scale, vertical, horizontal]) =>
    fits(trial, scale, vertical, horizontal),
  );
  return fitted && gaussianFound(trial, fitted[0], [fitted[1], fitted[2]]);
}

function mostSigma({ down, across }: Reach): number {
  return MOST_RADII * Math.max(down, across);
}

/** The factor with which a Gaussian comes nearest, and how far away it stays. */
function nearest(trial: Omit<Trial, 'alike'>, vertical: number, horizontal: number): { scale: number; away: number } {
  const blur = blurOf(trial, vertical, horizontal).values;
  const scale = factorOf(blur, trial.taps);
  return { scale, away: distanceOf(blur, trial.taps, scale) };
}

function fits(trial: Reach, scale: number, vertical: number, horizontal: number): boolean {
  return (
    Math.min(vertical, horizontal) >= LEAST_SIGMA / 2 &&
    matches(trial.plane, timesTaps(blurOf(trial, vertical, horizontal), scale), trial.centre)
  );
}

function blurOf({ kind, down, across }: Reach, vertical: number, horizontal: number): Taps {
  return outer(profileOf(vertical, down, kind), profileOf(horizontal, across, kind));
}

function gaussianFound(
  { kind, centre, down, across }: Reach,
  scale: number,
  [vertical, horizontal]: readonly [number, number],
): Found {
  const { name, suffix } = kind;
  const sigma =
    down === 0 || across === 0 || vertical === horizontal
      ? { sigma: across === 0 ? vertical : horizontal }
      : { sigmaRows: vertical, sigmaColumns: horizontal };
  const way = down === 0 ? ' across' : across === 0 ? ' down' : '';
  const widths =
    'sigma' in sigma ? inWords(sigma.sigma) : `${inWords(vertical)} down and ${inWords(horizontal)} across`;
  const size = `${2 * down + 1}×${2 * across + 1} taps`;
  return {
    name,
    parameters: { ...sigma, rows: 2 * down + 1, columns: 2 * across + 1, ...(scale === 1 ? {} : { scale }) },
    text: `${timesText(scale)}Gaussian blur${way} of σ ${widths} (${size}${suffix})`,
    centre,
  };
}

/** How far taps may reach from a centre: as those do that are not 0, or all that were looked for. */
export function radiiOf(plane: Plane, patch: Patch, centre: Centre): (readonly [number, number])[] {
  const [down, across] = reachOf(patch, centre);
  const [most, widest] = reachOf(wholeOf(plane), centre);
  return down === most && across === widest
    ? [[down, across]]
    : [
        [down, across],
        [most, widest],
      ];
}

function profileOf(sigma: number, radius: number, kind: GaussianKind): Float64Array {
  return radius === 0 ? Float64Array.of(1) : kind.taps(sigma, radius);
}

/** The tap nearest to where taps balance. */
export function centroidOf({ height, width, values }: Plane, sum: number): Centre {
  let row = 0;
  let column = 0;
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      row += r * values[r * width + c];
      column += c * values[r * width + c];
    }
  }
  const within = (place: number, side: number): number => Math.min(side - 1, Math.max(0, Math.round(place)));
  return { row: within(row / sum, height), column: within(column / sum, width) };
}
