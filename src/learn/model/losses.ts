import { expected } from '../../planes/expected.ts';

export const LOSSES = ['squared-error', 'cross-entropy'] as const;

export type LossName = (typeof LOSSES)[number];

/** What one sample of the loss counts, and how steeply that grows with the prediction; both samples in units of white. */
export interface Loss {
  value(prediction: number, target: number): number;
  slope(prediction: number, target: number): number;
}

/** (p − t)². */
export const SQUARED_ERROR: Loss = {
  value: (prediction, target) => (prediction - target) ** 2,
  slope: (prediction, target) => 2 * (prediction - target),
};

/**
 * The prediction as a file that clips would store it: what is below a target of 0, or above one of white, is no error.
 * The squared error of a stored picture's sample is that of this.
 */
export function clippedTo(target: number, prediction: number): number {
  return (target <= 0 && prediction < target) || (target >= 1 && prediction > target) ? target : prediction;
}

/** What a target of 0 counts, and what one of white does. */
type Weights = readonly [ofZero: number, ofWhite: number];

/**
 * −w₁·t·log σ(z) − w₀·(1 − t)·log(1 − σ(z)) of z, which the sigmoid σ would make a probability: in terms of z neither logarithm
 * is taken of a number that was rounded to 0.
 */
export function crossEntropy([ofZero, ofWhite]: Weights): Loss {
  return {
    value: (z, target) => ofWhite * target * softplus(-z) + ofZero * (1 - target) * softplus(z),
    slope: (z, target) => ofZero * (1 - target) * sigmoid(z) - ofWhite * target * sigmoid(-z),
  };
}

/** log(1 + e^z). */
function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** Two weights above 0; or `balanced`, with which both kinds of target count the same in all, and a sample 1 on average. */
export type ClassWeights = 'balanced' | Weights;

/** @param targets all afters, from 0 to 1 */
export function weightsOf(weights: ClassWeights | undefined, targets: readonly Float32Array[]): Weights {
  if (weights === undefined) return [1, 1];
  if (weights !== 'balanced') {
    if (!Array.isArray(weights) || weights.length !== 2 || !weights.every((w) => Number.isFinite(w) && w > 0)) {
      throw expected("'balanced' or two numbers above 0", 'classWeights', weights);
    }
    return [weights[0], weights[1]];
  }
  let samples = 0;
  let whites = 0;
  for (const target of targets) {
    samples += target.length;
    for (const sample of target) whites += sample;
  }
  if (whites === 0 || whites === samples) {
    throw expected(
      'targets of both kinds',
      "classWeights 'balanced'",
      whites === 0 ? 'none above 0' : 'white throughout',
    );
  }
  return [samples / (2 * (samples - whites)), samples / (2 * whites)];
}
