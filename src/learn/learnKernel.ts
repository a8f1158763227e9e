import { kernelRank } from '../kernels/rank.ts';
import { recogniseKernel } from '../kernels/recognise/recogniseKernel.ts';
import { expectChoice, expected } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { alphaOfPairs, haveAlpha, premultipliedPairs } from './alpha/alphaOfPairs.ts';
import { learnTransparent } from './alpha/learnTransparent.ts';
import { descendKernel } from './descent/descendKernel.ts';
import { type LearnMethod, LEARN_METHODS, type LearnOptions, type LearnResult } from './learnOptions.ts';
import { pacer } from './pace.ts';
import { type BeforeAfter, examplesOf } from './pairs.ts';
import type { LearnReport } from './report.ts';

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
 * stored picture, its samples were rounded, and those at 0 and at white are bounds; planes are taken as exact. Where befores are
 * transparent and afters have an alpha, the report says whether that was filtered with premultiplied colours. The same pairs,
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
  const pause = pacer(options.signal);
  if (method === 'gradient-descent') return descend(pairs, options, pause);
  return { ...(await learnTransparent(pairs, { ...options, method }, pause)), history: [] };
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
  if (options.seed !== undefined && options.initial !== undefined) {
    throw expected('no seed beside initial, whose taps are where it starts,', 'seed', options.seed);
  }
  return method;
}

async function descend(
  pairs: readonly BeforeAfter[],
  options: LearnOptions,
  pause: () => Promise<void>,
): Promise<LearnResult> {
  const given = examplesOf(pairs);
  const alpha = alphaOfPairs(pairs);
  const premultiplied = alpha === 'changed' && haveAlpha(pairs);
  const examples = premultiplied ? examplesOf(premultipliedPairs(pairs)) : given;
  const { kernel, shape, history, fit, ...outcome } = await descendKernel(examples, options, pause);
  const known = recogniseKernel(kernel, NEAR);
  const report: LearnReport = {
    ...fit,
    size: [shape.height, shape.width],
    channels: shape.sharing,
    rank: kernelRank(kernel, NEAR),
    ...(known && { known }),
    program: alpha === undefined ? {} : { alpha: premultiplied ? 'premultiplied' : 'untouched' },
    notes: [],
    epochs: history.length,
    ...outcome,
  };
  return { kernel, method: 'gradient-descent', history, report };
}

/** What a descent that has come to rest may be away from where it goes. */
const NEAR = 1e-4;
