import { fitted } from '../../correlate/channels.ts';
import { corr2d, type Precision } from '../../correlate/corr2d.ts';
import { gaussianSmooth } from '../../correlate/gaussianSmooth.ts';
import type { Loans } from '../../correlate/loans.ts';
import type { Border } from '../../planes/border.ts';
import { createPlanes, type Planes } from '../../planes/planes.ts';
import type { Axes, CompassOperator, GaussianOperator, KernelOperator, Operator } from '../operators/operators.ts';
import { scaleAt } from '../operators/stepScale.ts';
import { diZenzo } from './diZenzo.ts';
import { differenceOfGaussians, gaussianLaplacian, gaussianSlope } from './gaussianDerivative.ts';
import { magnitude } from './magnitude.ts';
import { type MagnitudeNorm } from './magnitudeNorm.ts';

/** What an operator answers, sample by sample. */
export interface Responses {
  /** Signed where the operator has one direction, else lengths of gradients. */
  readonly strength: Planes;
  /** Where they were asked for: the gradient, in any scale. */
  readonly across?: Planes;
  readonly down?: Planes;
}

export interface RespondOptions {
  readonly border: Border;
  readonly precision: Precision;
  readonly magnitude: MagnitudeNorm;
  /** Whether gradients are wanted beside their lengths. */
  readonly directed: boolean;
  /** Whether all channels are answered together. */
  readonly joined: boolean;
  /** How the picture is smoothed. */
  readonly smooth: Smoothing;
}

/** The picture smoothed by σ, written to `out` (of its shape) and returned. */
export type Smoothing = (x: Planes, sigma: number, out: Planes) => Planes;

/** Smoothing with taps that reach 4σ; OpenCV rounds that in a way of its own. */
export function smoothing(border: Border, precision: Precision, asOpencv: boolean): Smoothing {
  return (x, sigma, out) => {
    const radius = asOpencv ? { radius: opencvRadius(sigma) } : {};
    return gaussianSmooth(x, sigma, { border, precision, out, ...radius });
  };
}

/** Taps on each side of the middle one. */
export function opencvRadius(sigma: number): number {
  return Math.floor(Math.round(8 * sigma + 1) / 2);
}

/**
 * The responses of a picture's channels at one scale; of all channels together where that is asked for.
 *
 * @param sigma what the picture is smoothed by first, or a Gaussian derivative's own scale
 * @param loans where responses may lie, so that they last as long as these
 */
export function respond(
  x: Planes,
  operator: Operator,
  sigma: number | undefined,
  how: RespondOptions,
  loans: Loans,
): Responses {
  const scale = Math.fround(scaleAt(operator, sigma));
  const { smooth } = how;
  const lend = (channels: number): Planes => loans.lend(channels, x.height, x.width, x.white);
  if (operator.kind === 'gaussian') return gaussian(x, operator, sigma as number, scale, how, lend);
  const smoothed = sigma === undefined ? x : smooth(x, sigma, lend(x.channels));
  if (operator.kind === 'compass') return strongestOfEight(smoothed, operator, scale, how, lend);
  return correlated(smoothed, operator, scale, how, lend);
}

/** Planes of the picture's size. */
type LendSuch = (channels: number) => Planes;

function correlated(
  x: Planes,
  operator: KernelOperator,
  scale: number,
  how: RespondOptions,
  lend: LendSuch,
): Responses {
  const { border, precision } = how;
  // Kernels that transforms would correlate do not come here.
  const options = { padding: operator.padding, border, precision, algorithm: 'direct' } as const;
  const [a, b] = operator.kernels.map((kernel) => {
    const k = fitted(kernel, x.channels);
    return corr2d(x, k, { ...options, out: lend(k.outChannels) });
  });
  return joined([a, b], operator, scale, how, lend);
}

/**
 * The responses of an operator by those of its kernels, in whose place they may be put.
 *
 * @param sigma what the picture was smoothed by first
 */
export function responsesOfKernels(
  ofKernels: readonly [Planes, Planes?],
  operator: KernelOperator,
  sigma: number | undefined,
  how: HowJoined,
  loans: Loans,
): Responses {
  const [{ height, width, white }] = ofKernels;
  const lend = (channels: number): Planes => loans.lend(channels, height, width, white);
  return joined(ofKernels, operator, Math.fround(scaleAt(operator, sigma)), how, lend);
}

type HowJoined = Pick<RespondOptions, 'magnitude' | 'directed' | 'joined'>;

function joined(
  [a, b]: readonly [Planes, Planes?],
  { axes }: KernelOperator,
  scale: number,
  how: HowJoined,
  lend: LendSuch,
): Responses {
  return b === undefined ? { strength: scaled(a, scale) } : lengths(a, b, axes, scale, how, lend);
}

function gaussian(
  x: Planes,
  { form, normalised }: GaussianOperator,
  sigma: number,
  scale: number,
  how: RespondOptions,
  lend: LendSuch,
): Responses {
  const { border, precision } = how;
  const into = (out: Planes) => ({ border, precision, out });
  const { channels } = x;
  if (form === 'gradient') {
    const a = gaussianSlope(x, sigma, 'across', into(lend(channels)));
    const b = gaussianSlope(x, sigma, 'down', into(lend(channels)));
    return lengths(a, b, [1, 0, 0, 1], scale, how, lend);
  }
  const options = into(lend(channels));
  if (form === 'log') {
    return { strength: scaled(gaussianLaplacian(x, sigma, lend(channels), normalised, options), scale) };
  }
  if (form === 'dog') return { strength: scaled(differenceOfGaussians(x, sigma, lend(channels), options), scale) };
  return { strength: scaled(gaussianSlope(x, sigma, form, options), scale) };
}

function scaled(response: Planes, scale: number): Planes {
  for (let i = 0; i < response.data.length && scale !== 1; i++) response.data[i] *= scale;
  return response;
}

function lengths(a: Planes, b: Planes, axes: Axes, scale: number, how: HowJoined, lend: LendSuch): Responses {
  if (how.joined) {
    const { across, down } = turned(a, b, axes);
    const joined = diZenzo(across, down, scale);
    return { strength: joined.length, across: joined.across, down: joined.down };
  }
  const strength = magnitude(a, b, how.magnitude, scale, lend(a.channels));
  return how.directed ? { strength, ...turned(a, b, axes) } : { strength };
}

/** Gradients of two responses, in their place. */
function turned(across: Planes, down: Planes, [ra, rb, da, db]: Axes): { across: Planes; down: Planes } {
  if (ra === 1 && db === 1) return { across, down };
  for (let i = 0; i < across.data.length; i++) {
    const a = across.data[i];
    const b = down.data[i];
    across.data[i] = ra * a + rb * b;
    down.data[i] = da * a + db * b;
  }
  return { across, down };
}

/** Across and down towards the eight compass points, clockwise from the north. */
const POINTS: readonly (readonly [across: number, down: number])[] = [
  [0, -1],
  [Math.SQRT1_2, -Math.SQRT1_2],
  [1, 0],
  [Math.SQRT1_2, Math.SQRT1_2],
  [0, 1],
  [-Math.SQRT1_2, Math.SQRT1_2],
  [-1, 0],
  [-Math.SQRT1_2, -Math.SQRT1_2],
];

/** The largest of eight correlations, which is never below 0 because they sum to 0, and the point it answers for; the first of equals. */
function strongestOfEight(
  x: Planes,
  { kernels }: CompassOperator,
  scale: number,
  { border, precision, directed }: RespondOptions,
  lend: LendSuch,
): Responses {
  const { channels, height, width, white } = x;
  const strength = createPlanes(channels, height, width, white);
  const points = new Uint8Array(strength.data.length);
  const out = lend(channels);
  kernels.forEach((k, point) => {
    const { data } = corr2d(x, fitted(k, channels), { padding: 'same', border, precision, out });
    for (let i = 0; i < data.length; i++) {
      if (data[i] > strength.data[i]) {
        strength.data[i] = data[i];
        points[i] = point;
      }
    }
  });
  scaled(strength, scale);
  if (!directed) return { strength };
  const [across, down] = [0, 1].map((axis) => {
    const part = createPlanes(channels, height, width, white);
    for (let i = 0; i < points.length; i++) part.data[i] = strength.data[i] * POINTS[points[i]][axis];
    return part;
  });
  return { strength, across, down };
}
