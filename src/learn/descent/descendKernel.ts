import type { Kernel } from '../../kernels/kernel.ts';
import { Conv2d } from '../../layers/conv2d.ts';
import { expectChoice, expectInteger } from '../../planes/expected.ts';
import { type KernelShape, kernelShape } from '../kernelShape.ts';
import { kernelFrom, unknownsOf } from '../kernelUnknowns.ts';
import type { LearnOptions } from '../learnOptions.ts';
import { type Fit, fitOf } from '../moments/fit.ts';
import { momentsOf } from '../moments/moments.ts';
import { expectPositive, REDUCTIONS } from '../options.ts';
import type { Example } from '../pairs.ts';
import { descendMoments } from './descendMoments.ts';
import { OPTIMIZERS } from './optimizers.ts';

interface Descended {
  readonly kernel: Kernel;
  readonly shape: KernelShape;
  readonly history: number[];
  readonly fit: Fit;
  readonly converged?: boolean;
}

/**
 * The kernel by gradient descent on the squared error, from random taps or `initial`.
 *
 * @param pause awaited between epochs
 * @throws ExpectationError where pairs or options do not fit, or the loss grows beyond all bounds
 */
export async function descendKernel(
  examples: readonly Example[],
  options: LearnOptions,
  pause: () => Promise<void>,
): Promise<Descended> {
  const { epochs, learningRate, onEpoch } = options;
  const how = {
    optimizer: expectChoice(options.optimizer ?? 'momentum', 'optimizer', OPTIMIZERS),
    reduction: expectChoice(options.reduction ?? 'mean', 'reduction', REDUCTIONS),
    ...(epochs === undefined ? {} : { epochs: expectInteger(epochs, 'epochs', 1) }),
    ...(learningRate === undefined ? {} : { learningRate: expectPositive(learningRate, 'learningRate') }),
    pause,
  };
  const shape = kernelShape(examples, options);
  const start = startOf(shape, options);
  const unknowns = unknownsOf(start, shape);
  const moments = await momentsOf(examples, shape, pause);
  const outcome = await descendMoments(unknowns, moments, {
    ...how,
    ...(onEpoch && { onEpoch: (epoch, loss) => onEpoch(epoch, loss, kernelFrom(start, unknowns)) }),
  });
  const kernel = kernelFrom(start, unknowns);
  return { kernel, shape, fit: fitOf(moments, unknownsOf(kernel, shape)), ...outcome };
}

function startOf({ inChannels, groups, ...shape }: KernelShape, { initial, seed }: LearnOptions): Kernel {
  return Conv2d({
    inChannels: inChannels * groups,
    outChannels: shape.outChannels,
    kernelSize: [shape.height, shape.width],
    groups,
    bias: shape.bias,
    ...(initial && { kernel: initial }),
    ...(seed === undefined ? {} : { seed }),
  }).kernel;
}
