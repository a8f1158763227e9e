import { dampedDescent, type Equations } from './dampedDescent.ts';
import type { Estimate } from './descend.ts';
import { jointOf } from './responses.ts';
import type { Windows } from './windows.ts';

/** Weights of red, green and blue, and kernels of the grey that they make. */
interface GreyWeights {
  readonly weights: readonly [number, number, number];
  readonly estimate: Estimate;
}

const START = [0.299, 0.587, 0.114];
const STEPS = 40;

/** A step that gains less than this share of the error is the last. */
const ENOUGH = 1e-6;

/**
 * The weights of colours that all kernels share, descended to together with the kernels.
 *
 * @param windows of three channels
 * @param start kernels of a grey that is not quite it
 * @returns nothing where the weights come to nothing
 */
export function greyWeights(windows: Windows, start: Estimate): GreyWeights | undefined {
  const size = windows.side * windows.side;
  const count = start.kernels.length;
  const unknowns = count * size + 3;
  const first = new Float64Array(unknowns);
  start.kernels.forEach((k, i) => first.set(k, i * size));
  first.set(START, count * size);
  const { values, squares } = dampedDescent(first, (at) => equations(windows, start, at), {
    steps: STEPS,
    enough: ENOUGH,
  });
  const own = values.subarray(count * size);
  const sum = own[0] + own[1] + own[2];
  if (!(Math.abs(sum) > 1e-3)) return undefined;
  const kernels = start.kernels.map((_, i) => values.slice(i * size, (i + 1) * size).map((tap) => tap * sum));
  const weights = Array.from(own, (weight) => weight / sum) as [number, number, number];
  return {
    weights: shortWeights(weights),
    estimate: { ...start, kernels, rms: Math.sqrt(squares / windows.count) },
  };
}

/** The Gram matrix (its lower triangle) and the rest of the equations of one step, for all taps and then the three weights. */
function equations(
  { samples, answers, count, side }: Windows,
  { response, excess, kernels }: Estimate,
  values: Float64Array,
): Equations {
  const size = side * side;
  const unknowns = values.length;
  const gram = new Float64Array(unknowns * unknowns);
  const cross = new Float64Array(unknowns);
  const joint = jointOf(response, 'one', kernels.length);
  const weights = values.subarray(kernels.length * size);
  const grey = new Float64Array(size);
  const parts = new Float64Array(kernels.length);
  const slopes = new Float64Array(kernels.length);
  const row = new Float64Array(unknowns);
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const at = 3 * i * size;
    for (let t = 0; t < size; t++) {
      grey[t] =
        weights[0] * samples[at + t] + weights[1] * samples[at + size + t] + weights[2] * samples[at + 2 * size + t];
    }
    for (let k = 0; k < parts.length; k++) {
      let sum = 0;
      for (let t = 0; t < size; t++) sum += values[k * size + t] * grey[t];
      parts[k] = sum;
    }
    const error = answers[i] - (joint(parts, slopes) - excess);
    squares += error * error;
    row.fill(0);
    for (let k = 0; k < parts.length; k++) {
      for (let t = 0; t < size; t++) row[k * size + t] = slopes[k] * grey[t];
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let t = 0; t < size; t++) sum += values[k * size + t] * samples[at + c * size + t];
        row[kernels.length * size + c] += slopes[k] * sum;
      }
    }
    for (let a = 0; a < unknowns; a++) {
      const one = row[a];
      if (one === 0) continue;
      cross[a] += one * error;
      for (let b = 0; b <= a; b++) gram[a * unknowns + b] += one * row[b];
    }
  }
  return { gram, cross, squares };
}

/** Decimals that people write weights in. */
const DIGITS = [0, 1, 2, 3, 4];

/** How far weights may be from short ones that add up to 1. */
const CLOSE = 0.004;

function shortWeights(weights: readonly [number, number, number]): [number, number, number] {
  for (const digits of DIGITS) {
    const short = weights.map((weight) => Number(weight.toFixed(digits)) + 0) as [number, number, number];
    const isSum = Math.abs(short[0] + short[1] + short[2] - 1) < 1e-9;
    if (isSum && short.every((weight, i) => Math.abs(weight - weights[i]) < Math.min(CLOSE, 0.3 * 10 ** -digits)))
      return short;
  }
  return [...weights];
}
