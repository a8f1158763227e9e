import type { Layer } from '../../layers/layer.ts';
import { createPlanes, type Planes } from '../../planes/planes.ts';
import { type Residual, residualOf } from '../moments/residual.ts';
import { isClipped } from '../pairs.ts';
import { clippedTo, type Loss } from './losses.ts';
import { comparedSpans, cut, type View } from './view.ts';

/** What is made small, and of which layers' output. */
export interface Objective {
  readonly network: Layer;
  readonly loss: Loss;
}

/** A loss added up over samples. */
export interface Compared {
  readonly sum: number;
  readonly samples: number;
}

/** Sums beyond this have diverged: the slopes that belong to them soon overflow Float32 on their way through the layers. */
export const LARGEST_SUM = 1e30;

/** The loss over a view; with `learn`, its slopes are added to the gradients of the layers' parameters too. */
export function compareView(view: View, { network, loss }: Objective, learn: boolean): Compared {
  const output = network.forward(cut(view));
  const slopes = learn ? createPlanes(output.channels, output.height, output.width) : undefined;
  let sum = 0;
  let samples = 0;
  eachCompared(view, network, output, (at, prediction, target) => {
    sum += loss.value(prediction, target);
    samples++;
    if (slopes) slopes.data[at] = loss.slope(prediction, target);
  });
  if (slopes && sum <= LARGEST_SUM) network.backward(slopes);
  return { sum, samples };
}

/** The squared error of a model over views, whatever it was fitted for. */
export function residualOver(views: readonly View[], model: Layer): Residual & { readonly samples: number } {
  const channels: { sum: number; squares: number; samples: number }[] = [];
  let squares = 0;
  for (const view of views) {
    const output = model.forward(cut(view));
    eachCompared(view, model, output, (_, prediction, target, channel) => {
      squares += (prediction - target) ** 2;
      const of = (channels[channel] ??= { sum: 0, squares: 0, samples: 0 });
      of.sum += target;
      of.squares += target * target;
      of.samples++;
    });
  }
  const spread = channels.reduce((total, of) => total + Math.max(0, of.squares - of.sum ** 2 / of.samples), 0);
  const samples = channels.reduce((total, of) => total + of.samples, 0);
  return { ...residualOf(squares, spread, samples), samples };
}

/** Calls `visit` with the place of every compared sample in the output, and what is compared there. */
function eachCompared(
  view: View,
  model: Layer,
  output: Planes,
  visit: (at: number, prediction: number, target: number, channel: number) => void,
): void {
  const { example } = view;
  const { after } = example;
  const [rows, columns] = comparedSpans(view, model, output);
  for (let channel = 0; channel < output.channels; channel++) {
    for (let i = rows.from; i < rows.to; i++) {
      const line = (channel * after.height + rows.first + i * rows.step) * after.width + columns.first;
      const start = (channel * output.height + i) * output.width;
      for (let j = columns.from; j < columns.to; j++) {
        const target = after.data[line + j * columns.step];
        const prediction = output.data[start + j];
        visit(start + j, isClipped(target, example) ? clippedTo(target, prediction) : prediction, target, channel);
      }
    }
  }
}
