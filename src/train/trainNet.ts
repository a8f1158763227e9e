import type { ContourShape } from '../contours/contourNet.ts';
import { cropSeed, type Descent, type Schedule, takeStep } from '../contours/training/descent.ts';
import { type Example, shareExamples } from '../contours/training/example.ts';
import { type PoolThreads, startPool } from '../threads/startPool.ts';
import type { CropTask, SharedTraining } from './cropWorker.ts';

/** What a step came to. */
export interface StepReport {
  readonly step: number;
  /** Mean cross-entropy of the step's samples in nats, before it was taken. */
  readonly loss: number;
}

export interface TrainOptions {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each step; the descent may be read then, and must not be changed. */
  readonly onStep?: (report: StepReport, descent: Descent) => void | Promise<void>;
}

let trainings = 0;

/**
 * Trains a net on examples, step by step, from where a descent stands to the schedule's end. Slopes are added up in the order of
 * the crops, whatever thread took them, so that the weights are the same bytes for any number of threads.
 *
 * @throws what the signal was aborted with; the descent stands at the last step that was taken
 */
export async function trainNet(
  shape: ContourShape,
  examples: readonly Example[],
  schedule: Schedule,
  descent: Descent,
  { threads, signal, onStep }: TrainOptions,
): Promise<void> {
  const { batch, side, steps } = schedule;
  const count = descent.weights.length;
  const training: SharedTraining = {
    id: trainings++,
    shape,
    side,
    examples: shareExamples(examples),
    weights: new Float32Array(new SharedArrayBuffer(4 * count)),
    gradients: new Float32Array(new SharedArrayBuffer(4 * count * batch)),
    sums: new Float64Array(new SharedArrayBuffer(16 * batch)),
  };
  const gradient = new Float64Array(count);
  const pool = await startPool<CropTask, void>(new URL('./cropWorker.js', import.meta.url), threads);
  try {
    while (descent.step < steps) {
      signal?.throwIfAborted();
      training.weights.set(descent.weights);
      await takeCrops(pool, training, schedule, descent.step, threads);
      const loss = meanSlopes(training, gradient);
      takeStep(descent, gradient, schedule);
      await onStep?.({ step: descent.step, loss }, descent);
    }
  } finally {
    await pool.close();
  }
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
