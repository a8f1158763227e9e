import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import { Conv2d } from '../layers/conv2d.ts';
import { expectChoice, expectInteger } from '../planes/expected.ts';
import { descendMoments, squaresAndSlopes } from './descendMoments.ts';
import { type KernelShape, kernelShape, type ShapeOptions } from './kernelShape.ts';
import { type Moments, momentsOf } from './moments.ts';
import { type Optimizer, OPTIMIZERS } from './optimizers.ts';
import { expectOptions, expectPositive, REDUCTIONS, type Reduction } from './options.ts';
import { pacer } from './pace.ts';
import { type BeforeAfter, examplesOf } from './pairs.ts';
import { type Residual, residualOf } from './residual.ts';

export type LearnMethod = 'gradient-descent';

export interface LearnOptions extends ShapeOptions {
  /** `auto` where left out. */
  method?: 'auto' | LearnMethod;
  /** Steps; where left out, until the taps are at rest, at most 50,000. */
  epochs?: number;
  /** Where left out, one that suits the optimizer and the pictures. Adam's falls linearly, to 0 after the last epoch. */
  learningRate?: number;
  /** `momentum` where left out. */
  optimizer?: Optimizer;
  /** Whether the loss is the sum of the squared errors or (where left out) their mean: a learning rate depends on it. */
  reduction?: Reduction;
  /** Which random taps to start from, 0 to 2^32 − 1: those of a {@link Conv2d} of the same seed; 0 where left out. */
  seed?: number;
  /** Called with every epoch's place in `history`, its loss and its kernel, before its step. */
  onEpoch?: (epoch: number, loss: number, kernel: Kernel) => void;
  /** Ends the run between two epochs. */
  signal?: AbortSignal;
}

/** How well the kernel gives the afters, over the samples that were compared. */
export interface LearnReport extends Residual {
  readonly epochs: number;
  /** Samples compared. */
  readonly samples: number;
  /** Samples left out because they are 0 or white in a stored picture, and may stand for anything beyond. */
  readonly clipped: number;
  /** Where `epochs` was left out: whether the last 1,000 epochs moved no tap by more than a millionth of the largest. */
  readonly converged?: boolean;
}

export interface LearnResult {
  readonly kernel: Kernel;
  readonly method: LearnMethod;
  /** The loss of every epoch, before its step: squared errors in units of white. */
  readonly history: number[];
  readonly report: LearnReport;
}

const OPTIONS = [
  'size',
  'channels',
  'bias',
  'method',
  'epochs',
  'learningRate',
  'optimizer',
  'reduction',
  'initial',
  'seed',
  'onEpoch',
  'signal',
];

/**
 * The kernel that makes the afters of the befores, by gradient descent on the squared error from random taps or `initial`.
 *
 * Everything is in units of white, each picture's own. An after may be smaller than its before by the kernel's size less 1 (a
 * valid response), or of the same size: then the rim, whose windows leave the picture, is not compared. Where an after is a
 * stored picture, its samples at 0 and at white are left out; planes are taken as exact. The same pairs, options and seed give
 * the same bytes.
 *
 * @param pairs pictures or planes; every before of one number of channels, and every after
 * @throws ExpectationError where pairs or options do not fit, or the loss grows beyond all bounds; the signal's reason
 * @example
 * const before = planes([[1, 1, 0, 0, 1, 0, 1]])
 * const after = corr2d(before, kernel([[1, -1]]))
 * const { kernel: learned, history } = await learnKernel([{ before, after }], { initial: kernel([[0, 0]]), reduction: 'sum' })
 * history[0] // 4
 * Array.from(learned.weights, (tap) => Math.round(tap * 1e4) / 1e4) // [1, -1]
 */
export async function learnKernel(pairs: readonly BeforeAfter[], options: LearnOptions = {}): Promise<LearnResult> {
  expectOptions(options, OPTIONS, "learnKernel with method 'gradient-descent'");
  const { epochs, learningRate, signal, onEpoch } = options;
  expectChoice(options.method ?? 'auto', 'method', ['auto', 'gradient-descent']);
  const how = {
    optimizer: expectChoice(options.optimizer ?? 'momentum', 'optimizer', OPTIMIZERS),
    reduction: expectChoice(options.reduction ?? 'mean', 'reduction', REDUCTIONS),
    ...(epochs === undefined ? {} : { epochs: expectInteger(epochs, 'epochs', 1) }),
    ...(learningRate === undefined ? {} : { learningRate: expectPositive(learningRate, 'learningRate') }),
    pause: pacer(signal),
  };
  const examples = examplesOf(pairs);
  const shape = kernelShape(examples, options);
  const start = startOf(shape, options);
  const unknowns = unknownsOf(start, shape);
  const moments = await momentsOf(examples, shape, how.pause);
  const { history, ...outcome } = await descendMoments(unknowns, moments, {
    ...how,
    ...(onEpoch && { onEpoch: (epoch, loss) => onEpoch(epoch, loss, kernelFrom(start, unknowns)) }),
  });
  const kernel = kernelFrom(start, unknowns);
  const report = { ...fit(unknownsOf(kernel, shape), moments), epochs: history.length, ...outcome };
  return { kernel, method: 'gradient-descent', history, report };
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

/** The taps of each output channel, and its bias where one is learned. */
function unknownsOf(k: Kernel, { bias }: KernelShape): Float64Array[] {
  const taps = k.weights.length / k.outChannels;
  return Array.from({ length: k.outChannels }, (_, o) =>
    Float64Array.from([...k.weights.subarray(o * taps, (o + 1) * taps), ...(bias ? [k.bias[o]] : [])]),
  );
}

function kernelFrom(
  { outChannels, inChannels, height, width, groups = 1 }: Kernel,
  unknowns: readonly Float64Array[],
): Kernel {
  const taps = inChannels * height * width;
  const weights = new Float32Array(outChannels * taps);
  unknowns.forEach((values, o) => weights.set(values.subarray(0, taps), o * taps));
  return checkKernel({
    outChannels,
    inChannels,
    height,
    width,
    weights,
    bias: Float32Array.from(unknowns, (values) => values[taps] ?? 0),
    ...(groups === 1 ? {} : { groups }),
  });
}

/** The residual of the kernel as it is returned, its taps rounded to Float32. */
function fit(
  unknowns: readonly Float64Array[],
  moments: readonly Moments[],
): Residual & Pick<LearnReport, 'samples' | 'clipped'> {
  let squares = 0;
  let spread = 0;
  let samples = 0;
  let clipped = 0;
  moments.forEach((m, o) => {
    squares += squaresAndSlopes(m, unknowns[o], new Float64Array(m.unknowns), 1);
    spread += Math.max(0, m.energy - m.total ** 2 / m.samples);
    samples += m.samples;
    clipped += m.clipped;
  });
  return { ...residualOf(squares, spread, samples), samples, clipped };
}
