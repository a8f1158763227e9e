import type { Kernel } from '../kernels/kernel.ts';
import { kernelRank } from '../kernels/rank.ts';
import { recogniseKernel } from '../kernels/recognise/recogniseKernel.ts';
import { expectChoice, expected } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { descendKernel } from './descent/descendKernel.ts';
import type { Optimizer } from './descent/optimizers.ts';
import type { ShapeOptions } from './kernelShape.ts';
import type { Reduction } from './options.ts';
import { pacer } from './pace.ts';
import { type BeforeAfter, type Example, examplesOf } from './pairs.ts';
import type { LearnReport } from './report.ts';
import { learnExactly } from './solve/solveKernel.ts';

export type LearnMethod = 'least-squares' | 'feasible' | 'gradient-descent';

export const LEARN_METHODS: readonly ('auto' | LearnMethod)[] = [
  'auto',
  'least-squares',
  'feasible',
  'gradient-descent',
];

export interface LearnOptions extends ShapeOptions {
  /**
   * `least-squares`: the taps of least squared error. `feasible`: the simplest taps under which every response is rounded to the
   * sample that is stored, where there are any; of pictures stored without loss. `auto` (where left out) takes the second where
   * rounding explains all of the error, else the first; and `gradient-descent` where an option of that is given.
   */
  method?: 'auto' | LearnMethod;
  /** Of least squares: added to the mean squared error for every unit of Σ tap², in units of white squared; 0 where left out. */
  ridge?: number;
  /** Of gradient descent, as all that follow: steps; where left out, until the taps are at rest, at most 50,000. */
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
  /** Ends the work at its next pause. */
  signal?: AbortSignal;
}

export interface LearnResult {
  readonly kernel: Kernel;
  readonly method: LearnMethod;
  /** The loss of every epoch of gradient descent, before its step: squared errors in units of white. */
  readonly history: number[];
  readonly report: LearnReport;
}

const OPTIONS_OF_DESCENT = [
  'epochs',
  'learningRate',
  'optimizer',
  'reduction',
  'initial',
  'seed',
  'onEpoch',
] as const satisfies (keyof LearnOptions)[];

const OPTIONS_OF_EXACT = ['ridge'] as const satisfies (keyof LearnOptions)[];

type OptionOfShape = Exclude<
  keyof LearnOptions,
  (typeof OPTIONS_OF_DESCENT)[number] | (typeof OPTIONS_OF_EXACT)[number]
>;

const OPTIONS_OF_SHAPE = optionNames<Pick<LearnOptions, OptionOfShape>>({
  size: true,
  channels: true,
  bias: true,
  method: true,
  signal: true,
});

/**
 * The kernel that makes the afters of the befores, and what can be said of it: exactly where the pictures allow it.
 *
 * Everything is in units of white, each picture's own. An after may be smaller than its before by the kernel's size less 1 (a
 * valid response), or of the same size: then the rim, whose windows leave the picture, is not learned from. Where an after is a
 * stored picture, its samples were rounded, and those at 0 and at white are bounds; planes are taken as exact. The same pairs,
 * options and seed give the same bytes.
 *
 * @param pairs pictures or planes; every before of one number of channels, and every after
 * @throws ExpectationError where pairs or options do not fit, nothing can be learned from them, or the loss of gradient descent
 *   grows beyond all bounds; the signal's reason
 * @example
 * const before = planes([[1, 1, 0, 0, 1, 0, 1, 1], [0, 1, 1, 0, 0, 0, 1, 0], [1, 0, 1, 1, 1, 0, 0, 1]])
 * const after = corr2d(before, kernel([[1, -1]]))
 * toNestedTaps((await learnKernel([{ before, after }])).kernel) // [[[[1, -1]]]]
 * const options = { initial: kernel([[0, 0]]), reduction: 'sum' }
 * const { kernel: learned, history } = await learnKernel([{ before, after }], options)
 * history[0] // 12
 * Array.from(learned.weights, (tap) => Math.round(tap * 1e4) / 1e4) // [1, -1]
 */
export async function learnKernel(pairs: readonly BeforeAfter[], options: LearnOptions = {}): Promise<LearnResult> {
  const method = methodOf(options);
  const examples = examplesOf(pairs);
  const pause = pacer(options.signal);
  if (method === 'gradient-descent') return descend(examples, options, pause);
  return { ...(await learnExactly(examples, { ...options, method }, pause)), history: [] };
}

function methodOf(options: LearnOptions): 'auto' | LearnMethod {
  expectOptions(options, [...OPTIONS_OF_SHAPE, ...OPTIONS_OF_EXACT, ...OPTIONS_OF_DESCENT], 'learnKernel');
  const stated = expectChoice(options.method ?? 'auto', 'method', LEARN_METHODS);
  const method =
    stated === 'auto' && OPTIONS_OF_DESCENT.some((name) => options[name] !== undefined) ? 'gradient-descent' : stated;
  const own = method === 'gradient-descent' ? OPTIONS_OF_DESCENT : OPTIONS_OF_EXACT;
  expectOptions(options, [...OPTIONS_OF_SHAPE, ...own], `learnKernel with method '${method}'`);
  const { ridge = 0 } = options;
  if (typeof ridge !== 'number' || !(ridge >= 0 && ridge < Number.POSITIVE_INFINITY)) {
    throw expected('a number from 0', 'ridge', ridge);
  }
  return method;
}

async function descend(
  examples: readonly Example[],
  options: LearnOptions,
  pause: () => Promise<void>,
): Promise<LearnResult> {
  const { kernel, shape, history, fit, ...outcome } = await descendKernel(examples, options, pause);
  const known = recogniseKernel(kernel, NEAR);
  const report: LearnReport = {
    ...fit,
    size: [shape.height, shape.width],
    channels: shape.sharing,
    rank: kernelRank(kernel, NEAR),
    ...(known && { known }),
    program: {},
    notes: [],
    epochs: history.length,
    ...outcome,
  };
  return { kernel, method: 'gradient-descent', history, report };
}

/** What a descent that has come to rest may be away from where it goes. */
const NEAR = 1e-4;
