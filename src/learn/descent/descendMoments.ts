import type { Moments } from '../moments/moments.ts';
import { diverged, type Reduction } from '../options.ts';
import { type Optimizer, optimizerFor } from './optimizers.ts';

interface Descent {
  readonly optimizer: Optimizer;
  readonly reduction: Reduction;
  /** So many; or, by default, until the unknowns are at rest, at most {@link MOST_EPOCHS}. */
  readonly epochs?: number;
  /** By default, one that cannot diverge. */
  readonly learningRate?: number;
  /** Called after the loss of an epoch is known, before its step. */
  readonly onEpoch?: (epoch: number, loss: number) => void;
  /** Awaited in every epoch. */
  readonly pause: () => Promise<void>;
}

/**
 * Epochs where their number is left out. The finest detail of photographs is faint, and learned last: from 10,000 (camera) to
 * beyond 100,000 (retina) take a 3×3 kernel to a thousandth.
 */
const MOST_EPOCHS = 50_000;

/** At rest is what moved no unknown by more than this share of the largest one over so many epochs. */
const REST = 1e-6;
const REST_EPOCHS = 1000;

/**
 * Gradient descent with the slopes of all samples (full batches), which the moments give: an epoch costs unknowns² whatever the
 * size of the pictures.
 *
 * @param unknowns where to start, one array for each of the moments; changed in place
 * @returns the loss of every epoch before its step, and whether the unknowns came to rest where `epochs` was left out
 * @throws ExpectationError where the loss grows beyond all bounds
 */
export async function descendMoments(
  unknowns: readonly Float64Array[],
  moments: readonly Moments[],
  { optimizer, reduction, epochs, learningRate, onEpoch, pause }: Descent,
): Promise<{ history: number[]; converged?: boolean }> {
  const scale = reduction === 'sum' ? 1 : 1 / moments.reduce((sum, { samples }) => sum + samples, 0);
  const slopes = unknowns.map((values) => ({ values, gradient: new Float64Array(values.length) }));
  const step = optimizerFor(optimizer, slopes);
  const safe = safeRate(optimizer, scale * Math.max(...moments.map(steepness)));
  const rate = learningRate ?? safe;
  const last = epochs ?? MOST_EPOCHS;
  const history: number[] = [];
  let before = unknowns.map((values) => values.slice());
  for (let epoch = 0; epoch < last; epoch++) {
    await pause();
    let loss = 0;
    moments.forEach((m, i) => {
      loss += squaresAndSlopes(m, slopes[i].values, slopes[i].gradient, scale);
    });
    if (!Number.isFinite(loss) || !unknowns.every(areFloat32)) throw diverged(rate, epoch, safe);
    history.push(loss);
    onEpoch?.(epoch, loss);
    step(optimizer === 'adam' ? rate * (1 - epoch / last) : rate);
    if (epochs === undefined && (epoch + 1) % REST_EPOCHS === 0) {
      if (unknowns.every((values, i) => isAtRest(values, before[i]))) return { history, converged: true };
      before = unknowns.map((values) => values.slice());
    }
  }
  if (!unknowns.every(areFloat32)) throw diverged(rate, last, safe);
  return epochs === undefined ? { history, converged: false } : { history };
}

/**
 * A rate that suits the steepest direction, in which sgd overshoots and grows from 1 / steepness on, and momentum of 0.9 from
 * 1.9 / steepness. Adam's steps do not depend on the slope's size: its rate is a distance in taps.
 */
function safeRate(optimizer: Optimizer, steepest: number): number {
  if (optimizer === 'adam') return 0.1;
  if (steepest === 0) return 1;
  return (optimizer === 'momentum' ? 1.5 : 0.75) / steepest;
}

/** The largest sum of a row's absolute values: no less than the largest eigenvalue, and on photographs little more. */
function steepness({ gram, unknowns }: Moments): number {
  let most = 0;
  for (let a = 0; a < unknowns; a++) {
    let sum = 0;
    for (let b = 0; b < unknowns; b++) sum += Math.abs(gram[a * unknowns + b]);
    most = Math.max(most, sum);
  }
  return most;
}

/** The squared error wᵀ·G·w − 2·b·w + c times the scale, and in `gradient` its slopes 2·(G·w − b). */
function squaresAndSlopes(
  { unknowns, gram, cross, energy }: Moments,
  values: Float64Array,
  gradient: Float64Array,
  scale: number,
): number {
  let squares = energy;
  for (let a = 0; a < unknowns; a++) {
    const row = a * unknowns;
    let product = 0;
    for (let b = 0; b < unknowns; b++) product += gram[row + b] * values[b];
    squares += values[a] * (product - 2 * cross[a]);
    gradient[a] = 2 * scale * (product - cross[a]);
  }
  // What is left of numbers that cancel may fall below 0 in its last bits.
  return Math.max(0, squares * scale);
}

function areFloat32(values: Float64Array): boolean {
  return values.every((value) => Number.isFinite(Math.fround(value)));
}

function isAtRest(now: Float64Array, before: Float64Array): boolean {
  const largest = now.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return now.every((value, i) => Math.abs(value - before[i]) <= REST * largest);
}
