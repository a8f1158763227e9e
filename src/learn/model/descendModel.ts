import { type Parameter, zeroGradients } from '../../layers/layer.ts';
import { expectChoice, expected, expectInteger } from '../../planes/expected.ts';
import { OPTIMIZERS, type Optimizer, optimizerFor } from '../descent/optimizers.ts';
import { diverged, expectPositive, REDUCTIONS, type Reduction } from '../options.ts';
import { pacer } from '../pace.ts';
import { type Compared, compareView, LARGEST_SUM, type Objective } from './compareView.ts';
import type { View } from './view.ts';

export interface ModelDescent {
  /** Steps; 2000 by default. */
  epochs?: number;
  /**
   * 0.01 by default: at larger ones rectifiers soon answer 0 to everything, for good; a stack without them learns faster at
   * 0.05. Adam's falls linearly, to 0 after the last epoch.
   */
  learningRate?: number;
  /** `adam` by default. */
  optimizer?: Optimizer;
  /** Whether the loss is summed over the samples of an epoch or (the default) their mean: a learning rate depends on it. */
  reduction?: Reduction;
  /**
   * Ends the run after so many epochs in a row that did not lower the loss (of the pairs held out, or else the epoch's own), and
   * brings back the parameters of the epoch with the lowest; by default, every epoch is run, and what the last one gave stays.
   */
  patience?: number;
  /** Called with every epoch's place in `history`, its loss and that of the pairs held out, before its step. */
  onEpoch?: (epoch: number, loss: number, heldOutLoss?: number) => void;
  /** Ends the run between two pictures or crops. */
  signal?: AbortSignal;
}

/**
 * Gradient descent through layers, a step an epoch.
 *
 * @param batch what an epoch's loss and step are taken from
 * @param judged what patience goes by, where it is anything
 * @returns the loss of every epoch before its step
 */
export async function descendModel(
  objective: Objective,
  batch: () => readonly View[],
  judged: readonly View[],
  options: ModelDescent,
): Promise<number[]> {
  const { onEpoch, patience = Number.POSITIVE_INFINITY } = options;
  const optimizer = expectChoice(options.optimizer ?? 'adam', 'optimizer', OPTIMIZERS);
  const reduction = expectChoice(options.reduction ?? 'mean', 'reduction', REDUCTIONS);
  const epochs = expectInteger(options.epochs ?? 2000, 'epochs', 1);
  const rate = expectPositive(options.learningRate ?? 0.01, 'learningRate');
  if (patience !== Number.POSITIVE_INFINITY) expectInteger(patience, 'patience', 1);
  const { parameters } = objective.network;
  const step = optimizerFor(optimizer, parameters);
  const pause = pacer(options.signal);
  const history: number[] = [];
  let best = { epoch: 0, loss: Number.POSITIVE_INFINITY, values: valuesOf(parameters) };
  for (let epoch = 0; epoch < epochs; epoch++) {
    zeroGradients(objective.network);
    const { sum, samples } = await compare(batch(), objective, true, pause);
    const scale = reduction === 'sum' ? 1 : 1 / samples;
    if (!(sum <= LARGEST_SUM)) throw diverged(rate, epoch, rate / 10);
    const loss = sum * scale;
    history.push(loss);
    const heldOut = judged.length === 0 ? undefined : await compare(judged, objective, false, pause);
    const heldOutLoss = heldOut && (reduction === 'sum' ? heldOut.sum : heldOut.sum / heldOut.samples);
    onEpoch?.(epoch, loss, heldOutLoss);
    if (patience !== Number.POSITIVE_INFINITY) {
      const score = heldOutLoss ?? loss;
      if (score < best.loss) best = { epoch, loss: score, values: valuesOf(parameters) };
      if (epoch - best.epoch >= patience) break;
    }
    for (const { gradient } of parameters) for (let i = 0; i < gradient.length; i++) gradient[i] *= scale;
    step(optimizer === 'adam' ? rate * (1 - epoch / epochs) : rate);
    if (!parameters.every(({ values }) => values.every(Number.isFinite))) throw diverged(rate, epoch + 1, rate / 10);
  }
  if (patience !== Number.POSITIVE_INFINITY) parameters.forEach(({ values }, i) => values.set(best.values[i]));
  return history;
}

async function compare(
  views: readonly View[],
  objective: Objective,
  learn: boolean,
  pause: () => Promise<void>,
): Promise<Compared> {
  let sum = 0;
  let samples = 0;
  for (const view of views) {
    await pause();
    const part = compareView(view, objective, learn);
    sum += part.sum;
    samples += part.samples;
  }
  if (samples === 0) throw expected('pictures or crops that hold the window of an output', 'fitModel', 'none');
  return { sum, samples };
}

function valuesOf(parameters: readonly Parameter[]): Float32Array[] {
  return parameters.map(({ values }) => values.slice());
}
