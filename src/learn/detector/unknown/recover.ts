import type { DetectorResponse } from '../../../edges/detector/detector.ts';
import { descendEstimate, type Estimate } from './descend.ts';
import { type Lift, lift } from './lift.ts';
import type { LaneRule } from './responses.ts';
import { mixWindows, type Windows } from './windows.ts';

/** What least squares takes of a window's channels to begin with. */
const GREY = [0.299, 0.587, 0.114];

/** Windows that tell hypotheses apart; those that are left are refined with more. */
const FEW = 1500;

/** Steps after which the start that is best so far goes on alone. */
const FIRST_STEPS = 6;

export interface Hypothesis {
  readonly response: DetectorResponse;
  readonly rule: LaneRule;
}

/** The widest windows whose products least squares takes in seconds; wider ones begin with what was found of these. */
const WIDEST_LIFT = 5;

/**
 * The estimate of each hypothesis that comes nearest to a map, best first, from windows of one size: each response begins with the kernels
 * of the lift, turned among themselves as far as it makes a difference to it.
 *
 * @param narrower estimates of narrower windows, to begin with where windows are too wide for a lift
 */
export async function recover(
  windows: Windows,
  hypotheses: readonly Hypothesis[],
  pause: () => Promise<void>,
  narrower: readonly Estimate[] = [],
): Promise<Estimate[]> {
  const grey = windows.channels === 1 ? windows : mixWindows(windows, GREY);
  const lifted = windows.side > WIDEST_LIFT ? undefined : lift(grey);
  const few = firstOf(windows, Math.max(FEW, 12 * windows.side ** 2));
  const found: Estimate[] = [];
  for (const { response, rule } of hypotheses) {
    const starts =
      lifted === undefined
        ? narrower
            .filter((one) => one.response === response)
            .map(({ kernels }) => kernels.map((k) => widened(k, windows.side)))
        : [...startsOf(lifted, response)];
    let best: Estimate | undefined;
    for (const kernels of starts) {
      await pause();
      const estimate = descendEstimate(few, { response, rule, kernels, excess: 0 }, FIRST_STEPS);
      if (best === undefined || estimate.rms < best.rms) best = estimate;
    }
    if (best !== undefined) found.push(descendEstimate(few, best, 20));
  }
  return found.sort((a, b) => a.rms - b.rms);
}

/** Taps in the middle of a larger square. */
function widened(k: Float64Array, side: number): Float64Array {
  const own = Math.sqrt(k.length);
  const rim = (side - own) / 2;
  const wide = new Float64Array(side * side);
  for (let row = 0; row < own; row++) wide.set(k.subarray(row * own, (row + 1) * own), (row + rim) * side + rim);
  return wide;
}

/** A quarter turn holds all that makes a difference: beyond it kernels change places and signs. */
const TURNS = 6;

function* startsOf({ eigenvalues, vectors }: Lift, response: DetectorResponse): Generator<Float64Array[]> {
  const [first, second] = [0, 1].map((i) =>
    scaled(vectors[i], Math.sqrt(Math.max(eigenvalues[i], 1e-6 * Math.abs(eigenvalues[0])))),
  );
  if (response === 'abs') {
    yield [first];
    return;
  }
  if (response === 'l2') {
    yield [first, second];
    return;
  }
  for (let turn = 0; turn < TURNS; turn++) {
    const angle = (turn * Math.PI) / 2 / TURNS;
    yield [turned(first, second, angle), turned(first, second, angle + Math.PI / 2)];
  }
}

function scaled(vector: Float64Array, by: number): Float64Array {
  return vector.map((value) => value * by);
}

/** One kernel's share of two that were turned by an angle. */
export function turned(first: Float64Array, second: Float64Array, angle: number): Float64Array {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return first.map((value, i) => cos * value + sin * second[i]);
}

function firstOf(windows: Windows, count: number): Windows {
  if (windows.count <= count) return windows;
  const { channels, side } = windows;
  const size = channels * side * side;
  // Every n-th, as windows are in the order of their places.
  const step = windows.count / count;
  const samples = new Float64Array(count * size);
  const answers = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const from = Math.floor(i * step);
    samples.set(windows.samples.subarray(from * size, (from + 1) * size), i * size);
    answers[i] = windows.answers[from];
  }
  return { ...windows, count, samples, answers };
}
