import { availableParallelism } from 'node:os';
import { type ContourNet, checkNet } from '../contours/contourNet.ts';
import {
  beginDescent,
  cropSeed,
  type Descent,
  expectSchedule,
  type Schedule,
  takeStep,
} from '../contours/training/descent.ts';
import { type Example, exampleCount, shareExamples } from '../contours/training/example.ts';
import { openHeldOut } from '../contours/training/heldOutLoss.ts';
import { openTape } from '../contours/training/tape.ts';
import { type PoolThreads, startPool } from '../threads/startPool.ts';
import { openArena } from '../wasm/arena.ts';
import type { LossAt } from './checkpoint.ts';
import type { CropTask, SharedTraining } from './cropWorker.ts';
import { divergence } from './divergence.ts';

export interface TrainOptions {
  /** Threads that take slopes; as many as processors by default. The weights are the same bytes for any number. */
  threads?: number;
  /** Examples that nothing learns from, and of which losses are told. */
  heldOut?: readonly Example[];
  signal?: AbortSignal;
  /** Where to go on, rather than from the net's own weights; it is changed as steps are taken. */
  descent?: Descent;
  history?: readonly LossAt[];
  /** Called after each step, with how the net would be left; what it is given must not be changed. */
  onStep?: (state: TrainState) => void | Promise<void>;
}

/** Where a training stands. */
export interface TrainState {
  readonly descent: Descent;
  /** Mean cross-entropy of the last step's samples in nats. */
  readonly loss: number;
  readonly history: readonly LossAt[];
}

export interface Trained {
  readonly net: ContourNet;
  readonly history: readonly LossAt[];
}

/** Steps between two entries of a history. */
const HISTORY_STEPS = 50;

let trainings = 0;

/**
 * Trains a net on pictures and their contours, from its own weights or from where a descent stands, to the schedule's end: steps of
 * Adam down the cross-entropy of crops that are drawn, mirrored, turned and scaled by lot. The net that is returned has the mean of
 * the last steps' weights. Slopes are added up in the order of the crops, whatever thread took them.
 *
 * @throws Diverged where losses grow rather than fall, with the last weights that were good; what the signal was aborted with;
 *   ExpectationError where net or schedule do not fit
 */
export async function trainNet(
  net: ContourNet,
  examples: readonly Example[],
  schedule: Schedule,
  options: TrainOptions = {},
): Promise<Trained> {
  const { threads = availableParallelism(), heldOut = [], signal, onStep } = options;
  const { widths, blocks, lateral, weights: first } = checkNet(net, 'the net');
  const shape = { widths, blocks, lateral };
  const { batch, side, steps } = expectSchedule(schedule, shape);
  const descent = options.descent ?? beginDescent(first);
  const history = [...(options.history ?? [])];
  const count = first.length;
  const training: SharedTraining = {
    id: trainings++,
    shape,
    side,
    examples: shareExamples(examples),
    weights: new Float32Array(new SharedArrayBuffer(4 * count)),
    gradients: new Float32Array(new SharedArrayBuffer(4 * count * batch)),
    sums: new Float64Array(new SharedArrayBuffer(16 * batch)),
  };
  if (exampleCount(training.examples) === 0) throw new RangeError('Expected at least one example but received none');
  const open = (bytes: number) => openArena(bytes + 4096);
  const lossOf =
    heldOut.length === 0 ? undefined : openHeldOut(openTape(shape, side, open), shareExamples(heldOut), side);
  const gradient = new Float64Array(count);
  const pool = await startPool<CropTask, void>(new URL('./cropWorker.js', import.meta.url), threads);
  const watch = divergence();
  try {
    while (descent.step < steps) {
      signal?.throwIfAborted();
      training.weights.set(descent.weights);
      await takeCrops(pool, training, schedule, descent.step, threads);
      const loss = meanSlopes(training, gradient);
      takeStep(descent, gradient, schedule);
      watch(loss, descent, shape);
      descent.lossSum += loss;
      if (descent.step % HISTORY_STEPS === 0 || descent.step === steps) {
        const since = descent.step - (history.at(-1)?.step ?? 0);
        const told = lossOf === undefined ? {} : { heldOut: lossOf(descent.mean) };
        history.push({ step: descent.step, loss: descent.lossSum / since, ...told });
        descent.lossSum = 0;
      }
      await onStep?.({ descent, loss, history });
    }
  } finally {
    await pool.close();
  }
  return { net: { ...shape, weights: descent.mean.slice() }, history };
}

/** Crops of a step, a few at a time, so that threads end at about one time. */
async function takeCrops(
  pool: PoolThreads<CropTask, void>,
  training: SharedTraining,
  schedule: Schedule,
  step: number,
  threads: number,
): Promise<void> {
  const { batch } = schedule;
  const each = Math.max(1, Math.ceil(batch / (4 * threads)));
  const tasks: Promise<void>[] = [];
  for (let first = 0; first < batch; first += each) {
    const seeds = Array.from({ length: Math.min(each, batch - first) }, (_, i) => cropSeed(schedule, step, first + i));
    tasks.push(pool.run({ training, first, seeds }));
  }
  await Promise.all(tasks);
}

/** The slopes of the mean over all samples of a step. Returns that mean. */
function meanSlopes({ weights, gradients, sums }: SharedTraining, gradient: Float64Array): number {
  gradient.fill(0);
  let loss = 0;
  let weight = 0;
  for (let crop = 0; crop < sums.length / 2; crop++) {
    loss += sums[2 * crop];
    weight += sums[2 * crop + 1];
    const start = crop * weights.length;
    for (let i = 0; i < gradient.length; i++) gradient[i] += gradients[start + i];
  }
  if (weight === 0) return 0;
  for (let i = 0; i < gradient.length; i++) gradient[i] /= weight;
  return loss / weight;
}
