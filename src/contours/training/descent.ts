import { type AdamState, adamState, stepAdam } from '../../layers/adam.ts';
import { expected, expectInteger } from '../../planes/expected.ts';
import type { ContourShape } from '../contourNet.ts';

/** How a net is trained. */
export interface Schedule {
  readonly steps: number;
  /** Crops of a step, and their rows and columns. */
  readonly batch: number;
  readonly side: number;
  /** The largest learning rate, reached after `warmUp` steps; from there a cosine falls to a thousandth of it. */
  readonly rate: number;
  readonly warmUp: number;
  readonly seed: number;
}

/** The schedule that trained the shipped nets in all but the number of steps. */
export const DEFAULT_SCHEDULE: Schedule = { steps: 2600, batch: 16, side: 192, rate: 0.01, warmUp: 50, seed: 1 };

/** @throws ExpectationError that names the first number that is out of range */
export function expectSchedule(schedule: Schedule, { widths }: ContourShape, where = 'schedule'): Schedule {
  const { steps, batch, side, rate, warmUp, seed } = schedule;
  expectInteger(steps, `${where}.steps`, 1, 10_000_000);
  expectInteger(batch, `${where}.batch`, 1, 1024);
  const least = 2 ** widths.length;
  expectInteger(side, `${where}.side`, least, 2048);
  if (side % least !== 0)
    throw expected(`a multiple of ${least}, the step of the coarsest level,`, `${where}.side`, side);
  if (!(rate > 0 && rate <= 1)) throw expected('a number above 0, at most 1,', `${where}.rate`, rate);
  expectInteger(warmUp, `${where}.warmUp`, 0, steps);
  expectInteger(seed, `${where}.seed`, 0, 2 ** 32 - 1);
  return schedule;
}

/** All that a training needs to go on from. */
export interface Descent {
  /** Steps taken. */
  step: number;
  readonly weights: Float32Array;
  /** The mean of the last steps' weights, later ones counting more: it is what is kept. */
  readonly mean: Float32Array;
  readonly adam: AdamState;
  /** Losses of the steps since the history's last entry, added up. */
  lossSum: number;
}

/** What is left of a mean of weights after each step. */
const MEAN_DECAY = 0.995;

/** A gradient that is longer is cut to this length. */
const LONGEST = 1;

const LAST_RATE = 1e-3;

export function beginDescent(weights: Float32Array): Descent {
  return { step: 0, weights: weights.slice(), mean: weights.slice(), adam: adamState(weights.length), lossSum: 0 };
}

/** The learning rate of a step, counted from 0. */
export function rateAt({ steps, rate, warmUp }: Schedule, step: number): number {
  if (step < warmUp) return (rate * (step + 1)) / warmUp;
  const done = (step - warmUp) / Math.max(1, steps - warmUp);
  return rate * (LAST_RATE + ((1 - LAST_RATE) * (1 + Math.cos(Math.PI * done))) / 2);
}

/** One step down the mean slopes of its crops. */
export function takeStep(descent: Descent, gradient: Float64Array, schedule: Schedule): void {
  let square = 0;
  for (const slope of gradient) square += slope * slope;
  const length = Math.sqrt(square);
  if (length > LONGEST) for (let i = 0; i < gradient.length; i++) gradient[i] *= LONGEST / length;
  stepAdam(descent.adam, descent.weights, gradient, rateAt(schedule, descent.step));
  descent.step++;
  // At first the mean is of all steps, or the weights that it began from would count for long.
  const decay = Math.min(MEAN_DECAY, descent.step / (descent.step + 9));
  const { mean, weights } = descent;
  for (let i = 0; i < mean.length; i++) mean[i] = decay * mean[i] + (1 - decay) * weights[i];
}

/** The seed of a crop: of its place in the training alone, so that it is the same in whatever thread. */
export function cropSeed({ seed, batch }: Schedule, step: number, crop: number): number {
  return (Math.imul(seed, 0x9e3779b9) + step * batch + crop) >>> 0;
}
