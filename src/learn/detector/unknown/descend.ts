import type { DetectorResponse } from '../../../edges/detector/detector.ts';
import { dampedDescent, type Equations } from './dampedDescent.ts';
import { jointOf, type LaneRule } from './responses.ts';
import type { Windows } from './windows.ts';

/** A detector while it is being fitted: kernels over what a lane of a window holds. */
export interface Estimate {
  readonly response: DetectorResponse;
  readonly rule: LaneRule;
  /** Taps of each kernel: channels × side × side, or side × side where lanes are channels. */
  readonly kernels: readonly Float64Array[];
  /** What responses exceed the map's samples by on average: about a half where the program truncates. */
  readonly excess: number;
  /** Root of the mean squared error, in the map's samples. */
  readonly rms: number;
}

const MOST_STEPS = 60;

/** A step that gains less than this share of the error is the last. */
const ENOUGH = 1e-7;

/**
 * The kernels near the given ones under which responses and samples differ least: Gauss and Newton's method, damped as Levenberg and
 * Marquardt do. Of sums of absolute values and of the larger of two each step is least squares with the signs, or the choices, of the
 * last one.
 *
 * @param steps at most so many
 */
export function descendEstimate(windows: Windows, start: Omit<Estimate, 'rms'>, steps: number = MOST_STEPS): Estimate {
  const { response, rule } = start;
  const taps = start.kernels[0].length;
  const unknowns = start.kernels.length * taps + 1;
  const first = new Float64Array(unknowns);
  start.kernels.forEach((k, i) => first.set(k, i * taps));
  first[unknowns - 1] = start.excess;
  const shape = { windows, response, rule, kernels: start.kernels.length, taps };
  const { values, squares } = dampedDescent(first, (at) => equations(shape, at), { steps, enough: ENOUGH });
  return {
    response,
    rule,
    kernels: start.kernels.map((_, i) => values.slice(i * taps, (i + 1) * taps)),
    excess: values[unknowns - 1],
    rms: Math.sqrt(squares / windows.count),
  };
}

interface Shape {
  readonly windows: Windows;
  readonly response: DetectorResponse;
  readonly rule: LaneRule;
  readonly kernels: number;
  readonly taps: number;
}

function equations({ windows, response, rule, kernels, taps }: Shape, values: Float64Array): Equations {
  const { count, samples, answers, side, channels } = windows;
  const size = channels * side * side;
  const lanes = size / taps;
  const unknowns = values.length;
  const gram = new Float64Array(unknowns * unknowns);
  const cross = new Float64Array(unknowns);
  const parts = new Float64Array(lanes * kernels);
  const slopes = new Float64Array(lanes * kernels);
  const joint = jointOf(response, rule, kernels);
  const row = new Float64Array(unknowns);
  row[unknowns - 1] = -1;
  const excess = values[unknowns - 1];
  let squares = 0;
  for (let i = 0; i < count; i++) {
    for (let lane = 0; lane < lanes; lane++) {
      const from = i * size + lane * taps;
      for (let k = 0; k < kernels; k++) {
        let sum = 0;
        const own = k * taps;
        for (let t = 0; t < taps; t++) sum += values[own + t] * samples[from + t];
        parts[lane * kernels + k] = sum;
      }
    }
    const error = answers[i] - (joint(parts, slopes) - excess);
    squares += error * error;
    for (let k = 0; k < kernels; k++) {
      const own = k * taps;
      row.fill(0, own, own + taps);
      for (let lane = 0; lane < lanes; lane++) {
        const slope = slopes[lane * kernels + k];
        if (slope === 0) continue;
        const from = i * size + lane * taps;
        for (let t = 0; t < taps; t++) row[own + t] += slope * samples[from + t];
      }
    }
    for (let a = 0; a < unknowns; a++) {
      const one = row[a];
      if (one === 0) continue;
      cross[a] += one * error;
      const line = a * unknowns;
      for (let b = 0; b <= a; b++) gram[line + b] += one * row[b];
    }
  }
  return { gram, cross, squares };
}
