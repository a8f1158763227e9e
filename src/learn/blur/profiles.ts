import { GAUSSIANS } from '../../kernels/recognise/blurs.ts';
import { minimise } from '../../kernels/recognise/minimise.ts';

/** What a line of a blur may be: taps that sum to 1, an odd number of them. */
type Profile = Float64Array;

/** Standard errors that an estimated tap may be away from the one it stands for. */
const AWAY = 6;

/** A tap of less than so many standard errors is none that shows. */
const SHOWS = 4;

/**
 * The lines that programs blur by and that an estimated one may be, the simplest first, last the estimate without the taps at its ends
 * that do not show.
 *
 * @param estimate sums to 1; an odd number of taps, whose middle lies on the sample
 * @param errors one standard deviation of each
 */
export function likelyProfiles(estimate: Float64Array, errors: Float64Array): Profile[] {
  const { length } = estimate;
  const middle = (length - 1) / 2;
  const reach = reachOf(estimate, errors);
  const own = cut(estimate, reach);
  const isEven = estimate.every((tap, i) => Math.abs(tap - estimate[length - 1 - i]) <= AWAY * 2 * errors[i]);
  if (!isEven) return [own];
  const half = estimate.map((tap, i) => (tap + estimate[length - 1 - i]) / 2);
  const fits = (profile: Profile): boolean => {
    const from = middle - (profile.length - 1) / 2;
    const beyond = from < 0 ? profile[-from - 1] : 0;
    return (
      beyond <= SHOWS * errors[0] &&
      half.every((tap, i) => Math.abs(tap - (profile[i - from] ?? 0)) <= AWAY * errors[i])
    );
  };
  const variance = half.reduce((sum, tap, i) => sum + tap * (i - middle) ** 2, 0);
  const known = [
    ...boxes(half, middle),
    ...fixedPoint(half, errors, reach),
    ...gaussians(half, reach, middle),
    ...repeatedBoxes(variance, middle),
  ];
  const fitting = new Map(known.filter(fits).map((profile) => [profile.join(), profile]));
  return [...fitting.values(), cut(half, reach)];
}

/** How far from the middle taps show, on either side. */
function reachOf(estimate: Float64Array, errors: Float64Array): number {
  const middle = (estimate.length - 1) / 2;
  let reach = middle;
  const shows = (i: number): boolean => Math.abs(estimate[i]) > SHOWS * errors[i];
  while (reach > 0 && !shows(middle - reach) && !shows(middle + reach)) reach--;
  return reach;
}

function cut(values: Float64Array, reach: number): Profile {
  const middle = (values.length - 1) / 2;
  return scaled(values.slice(middle - reach, middle + reach + 1));
}

/** Means, whose outermost taps may be a part of the others, as of Pillow's boxes of a broken radius. */
function boxes(half: Float64Array, middle: number): Profile[] {
  const length = 1 / half[middle];
  return STEPS.flatMap((step) => {
    const radius = Math.round((length - 1) / 2 / step) * step;
    return radius > 0 && radius <= middle ? [box(radius)] : [];
  });
}

/** Of radii and of standard deviations, as people write them. */
const STEPS: readonly number[] = [1, 0.5, 0.1, 0.05, 0.01];

function box(radius: number): Profile {
  const reach = Math.ceil(radius - 1e-9);
  const edge = radius - (reach - 1);
  const weight = 1 / (2 * radius + 1);
  return Float64Array.from({ length: 2 * reach + 1 }, (_, i) => (i === 0 || i === 2 * reach ? edge * weight : weight));
}

/** Ends of Gaussians that programs take, in standard deviations: those that do not show in the taps. */
const ENDS: readonly number[] = [4, 3, 5];

function gaussians(half: Float64Array, reach: number, middle: number): Profile[] {
  return GAUSSIANS.flatMap(({ taps }) => {
    const within = cut(half, reach);
    const away = (sigma: number): number => taps(sigma, reach).reduce((sum, tap, i) => sum + (tap - within[i]) ** 2, 0);
    if (reach < 1) return [];
    const best = minimise(LEAST_SIGMA, 2 * reach, away);
    return STEPS.flatMap((step) => {
      const sigma = Math.round(best / step) * step;
      if (!(sigma > 0)) return [];
      const radii = [reach, ...ENDS.map((end) => Math.floor(end * sigma + 0.5)), reach + 1, middle];
      return [...new Set(radii)]
        .filter((radius) => radius >= 1 && radius <= 2 * middle)
        .map((radius) => taps(sigma, radius));
    });
  });
}

const LEAST_SIGMA = 0.3;

/** Of arithmetic in whole numbers: 8 bits of OpenCV's, and what others take. */
const DENOMINATORS: readonly number[] = [256, 128, 64, 1024, 4096];

/** Numbers that stand out of the errors: whole ones over a denominator, what their sum lacks being given to the middle. */
function fixedPoint(half: Float64Array, errors: Float64Array, reach: number): Profile[] {
  const error = errors[(errors.length - 1) / 2];
  return DENOMINATORS.filter((denominator) => TELLS * error * denominator < 0.5).map((denominator) => {
    const whole = cut(half, reach).map((tap) => Math.round(tap * denominator));
    whole[reach] += denominator - whole.reduce((sum, tap) => sum + tap, 0);
    return whole.map((tap) => tap / denominator);
  });
}

/** Standard errors within half a step of a denominator. */
const TELLS = 2.5;

/** Three means, one after the other, as Pillow's and many other programs' Gaussian blurs are made. */
function repeatedBoxes(variance: number, middle: number): Profile[] {
  return STEPS.flatMap((step) => {
    const sigma = Math.round(Math.sqrt(variance) / step) * step;
    if (!(sigma > 0)) return [];
    const once = box(radiusOfBox(sigma ** 2 / PASSES));
    let profile = once;
    for (let pass = 1; pass < PASSES; pass++) profile = convolved(profile, once);
    return profile.length <= 2 * middle + 1 ? [profile] : [];
  });
}

const PASSES = 3;

/** The radius of a mean with partial ends that has a variance (Gwosdek and others, Theoretical foundations of Gaussian convolution by extended box filtering, 2011). */
function radiusOfBox(variance: number): number {
  const whole = Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2);
  const part = ((2 * whole + 1) * (whole * (whole + 1) - 3 * variance)) / (6 * (variance - (whole + 1) ** 2));
  return whole + part;
}

function convolved(a: Profile, b: Profile): Profile {
  const sums = new Float64Array(a.length + b.length - 1);
  a.forEach((one, i) => b.forEach((other, j) => (sums[i + j] += one * other)));
  return sums;
}

function scaled(values: Float64Array): Float64Array {
  const sum = values.reduce((all, value) => all + value, 0);
  return values.map((value) => value / sum);
}
