import { gaussianTaps } from '../../kernels/smoothing.ts';
import { differenceTaps, firstDerivative, secondDerivative } from './gaussianDerivativeTaps.ts';
import type { GaussianForm, Operator } from './operators.ts';

/**
 * What an operator's responses are multiplied by where the picture is smoothed by σ first, or the operator itself has that
 * scale: under our convention so that a straight step from black to white answers white at every σ.
 */
export function scaleAt(operator: Operator, sigma: number | undefined): number {
  if (!operator.normalised || sigma === undefined) return operator.scale;
  if (operator.kind === 'gaussian') return 1 / stepGain(profileOf[operator.form](sigma));
  const [{ width, height, weights }] = operator.kernels;
  const across = Array.from({ length: width }, (_, column) => sumOver(height, (row) => weights[row * width + column]));
  const down = Array.from({ length: height }, (_, row) => sumOver(width, (column) => weights[row * width + column]));
  const profile = stepGain(across) > stepGain(down) ? across : down;
  return (operator.scale * stepGain(profile)) / stepGain(smoothed(profile, gaussianTaps(sigma)));
}

const profileOf: Readonly<Record<GaussianForm, (sigma: number) => ArrayLike<number>>> = {
  gradient: firstDerivative,
  across: firstDerivative,
  down: firstDerivative,
  log: (sigma) => secondDerivative(sigma, true),
  dog: differenceTaps,
};

/** The largest answer of taps to a step from 0 to 1: the largest sum of those on one side. */
function stepGain(taps: ArrayLike<number>): number {
  let sum = 0;
  let most = 0;
  for (let i = 0; i < taps.length - 1; i++) {
    sum += taps[i];
    most = Math.max(most, Math.abs(sum));
  }
  return most;
}

function smoothed(profile: readonly number[], taps: Float64Array): Float64Array {
  const result = new Float64Array(profile.length + taps.length - 1);
  profile.forEach((weight, i) => taps.forEach((tap, j) => (result[i + j] += weight * tap)));
  return result;
}

function sumOver(count: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += term(i);
  return sum;
}
