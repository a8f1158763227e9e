import type { Options, PositionalOptions } from 'yargs';
import type { Kernel } from '../../kernels/kernel.ts';
import { OPTIMIZERS } from '../../learn/descent/optimizers.ts';
import { CHANNEL_SHARINGS } from '../../learn/kernelShape.ts';
import { LEARN_METHODS, type LearnOptions } from '../../learn/learnOptions.ts';
import { REDUCTIONS } from '../../learn/options.ts';
import { ExpectationError, expectedOne, expectInteger } from '../../planes/expected.ts';
import type { ArgumentsOf } from '../shared/argumentsOf.ts';
import { configOption } from '../shared/config.ts';
import { failOnOption } from '../shared/failOn.ts';
import { say } from '../shared/say.ts';
import { restoreDash } from '../shared/words.ts';
import type { ModelDescentArguments } from './learnModelPairs.ts';

const FOUND = 'What to find:';
const DESCENT = 'Gradient descent:';

/** What a stack is where none is stated: eight kernels, their absolute values, and a mixture of them. */
export const DEFAULT_LAYERS = 'conv 5x5 8, abs, conv 1x1 1';

const LEARNED_KINDS = ['kernel', 'detector', 'model'] as const;

/** What may be learned. */
export type LearnedKind = (typeof LEARNED_KINDS)[number];

/** What `learn` is told beside its pictures. */
export const optionsOfLearn = {
  output: {
    alias: 'o',
    type: 'string',
    defaultDescription: 'out/kernel.json, out/detector.json or out/model.json',
    describe: 'file to write',
  },
  as: {
    choices: ['auto', ...LEARNED_KINDS] as const,
    default: 'auto' as const,
    describe:
      'what to look for: a kernel, the detector behind an edge map, or a stack of layers (model); auto: a kernel if a linear filter explains the pair, otherwise a detector',
  },
  overwrite: { type: 'boolean', default: false, describe: 'replace existing files' },
  export: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [],
    defaultDescription: 'none',
    describe:
      "also write the result in another program's notation: a notation (to standard output), a file, or notation=file; detectors: opencv",
  },
  json: { type: 'string', describe: 'write the report as one JSON object, to [file.json] or to standard output' },
  config: configOption,
  report: {
    type: 'string',
    describe: 'write a page that shows what was learned (taps, curves, pictures before and after), to a file.html',
  },
  'report-limit': {
    type: 'number',
    default: 32,
    describe: 'MiB of pictures in the page; further ones go into a folder beside it',
  },
  residual: {
    type: 'string',
    describe:
      'write a picture that is white where the result does not reproduce the after picture (mask.png); takes one pair',
  },
  quiet: { alias: 'q', type: 'boolean', default: false, describe: 'print no progress, losses or summary' },
  'fail-on': failOnOption,
  white: {
    type: 'number',
    defaultDescription: '1',
    describe: 'sample value of full intensity in floating-point pictures (255, 65535)',
  },
  size: {
    type: 'string',
    default: 'auto',
    group: FOUND,
    describe: 'size of the kernel: 3, 1x2 (rows x columns), or auto',
  },
  channels: {
    choices: ['auto', ...CHANNEL_SHARINGS] as const,
    default: 'auto' as const,
    group: FOUND,
    describe:
      'one kernel for all channels (shared), one for each (per-channel), or one from every channel to every channel (full)',
  },
  bias: { type: 'boolean', group: FOUND, describe: 'also learn a number that is added to every sample' },
  ridge: {
    type: 'number',
    group: FOUND,
    describe: 'ridge regularisation: shrinks taps that the pictures barely determine',
    defaultDescription: '0',
  },
  method: {
    choices: LEARN_METHODS,
    default: 'auto' as const,
    group: FOUND,
    describe: 'least squares, taps that agree with every rounded sample (feasible), or gradient descent',
  },
  layers: {
    type: 'string',
    group: DESCENT,
    defaultDescription: DEFAULT_LAYERS,
    describe:
      'layers of a model, separated by commas: conv rows×columns channels, relu, abs, square, sigmoid, magnitude',
  },
  optimizer: { choices: OPTIMIZERS, group: DESCENT, describe: 'update rule' },
  epochs: {
    type: 'number',
    group: DESCENT,
    describe: 'number of steps',
    defaultDescription: 'until the taps settle; models 2000',
  },
  rate: { type: 'number', group: DESCENT, describe: 'learning rate' },
  reduction: {
    choices: REDUCTIONS,
    group: DESCENT,
    describe: 'whether the loss is the sum or the mean of the squared errors',
  },
  initial: { type: 'string', group: DESCENT, describe: 'kernel to start from instead of random taps' },
  seed: { type: 'number', group: DESCENT, describe: 'seed of the random taps; the same seed gives the same kernel' },
  every: {
    type: 'number',
    group: DESCENT,
    describe: 'print the loss every n epochs',
    defaultDescription: 'ten times, or at 1, 2, 5, 10, …',
  },
} satisfies Record<string, Options>;

/** What `learn` takes by place. */
export const placesOfLearn = {
  before: {
    type: 'string',
    demandOption: true,
    coerce: restoreDash,
    describe: 'a picture, or a folder of pictures',
  },
  after: {
    type: 'string',
    demandOption: true,
    coerce: restoreDash,
    describe: 'the same picture after the filter, or its edge map; or a folder with pictures of the same names',
  },
  more: {
    type: 'string',
    array: true,
    coerce: restoreDash,
    describe: 'further pairs: before, after, before, after, …',
  },
} satisfies Record<string, PositionalOptions>;

export type LearnArguments = ArgumentsOf<typeof placesOfLearn & typeof optionsOfLearn>;

/** Options that only a kernel's learning has a use for. */
const OF_KERNELS = ['channels', 'bias', 'ridge', 'method', 'reduction', 'initial'] as const;

/** Options of gradient descent, which kernels and models have a use for. */
const OF_DESCENT = ['optimizer', 'epochs', 'rate', 'seed', 'every'] as const;

/**
 * What is to be looked for: what was asked for or, where an option belongs to one kind alone, that.
 *
 * @throws ExpectationError where an option has no meaning for it
 */
export function askedKind(args: LearnArguments): 'auto' | LearnedKind {
  const given = (name: (typeof OF_KERNELS)[number] | (typeof OF_DESCENT)[number] | 'size' | 'layers'): boolean =>
    args[name] !== undefined && args[name] !== 'auto';
  const ofKernels = [...OF_KERNELS, ...OF_DESCENT, 'size' as const].some(given);
  const kind = args.as !== 'auto' ? args.as : given('layers') ? 'model' : ofKernels ? 'kernel' : 'auto';
  const foreign = {
    auto: [],
    kernel: ['layers'] as const,
    detector: [...OF_KERNELS, ...OF_DESCENT, 'layers'] as const,
    model: [...OF_KERNELS, 'size'] as const,
  }[kind].find(given);
  if (foreign !== undefined) {
    throw new ExpectationError(`Expected no --${foreign} for a ${kind} but received ${String(args[foreign])}`);
  }
  return kind;
}

/** The sides of a detector's kernels that are looked for, where they are stated. */
export function detectorSides({ size }: LearnArguments): { sides?: number[] } {
  if (size === 'auto') return {};
  const side = Number(size);
  if (!Number.isInteger(side) || side < 3 || side > 11 || side % 2 === 0) {
    throw new ExpectationError(`Expected an odd number from 3 to 11 for --size of a detector but received ${size}`);
  }
  return { sides: [side] };
}

/** How a model is descended to. */
export function modelDescent(args: LearnArguments): ModelDescentArguments {
  const { optimizer, rate, seed, quiet } = args;
  if (args.every !== undefined && quiet) {
    throw new ExpectationError('Expected no --quiet with --every, which prints losses');
  }
  const epochs = args.epochs === undefined ? undefined : expectInteger(args.epochs, '--epochs', 1);
  const given = {
    epochs,
    learningRate: rate,
    optimizer,
    seed,
    onEpoch: quiet ? undefined : lossPrinter(args.every, epochs ?? MODEL_EPOCHS),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const MODEL_EPOCHS = 2000;

async function initialKernel(text: string): Promise<Kernel> {
  const { kernelArgument } = await import('../shared/kernelArgument.ts');
  return (await kernelArgument(text, '--initial')).kernel;
}

/** What was asked for, and nothing that was not: what a method has no use for, it refuses. */
export async function learnOptions(args: LearnArguments): Promise<LearnOptions> {
  const { channels, bias, ridge, method, optimizer, rate, reduction, seed, quiet } = args;
  const epochs = args.epochs === undefined ? undefined : expectInteger(args.epochs, '--epochs', 1);
  const initial = args.initial === undefined ? undefined : await initialKernel(args.initial);
  const printing = method === 'gradient-descent' && !quiet;
  if (args.every !== undefined && !printing) {
    throw new ExpectationError(
      'Expected --method gradient-descent without --quiet for --every, as nothing else has losses',
    );
  }
  const given = {
    size: sizeArgument(args.size),
    channels,
    bias,
    ridge,
    method,
    optimizer,
    epochs,
    learningRate: rate,
    reduction,
    initial,
    seed,
    onEpoch: printing ? lossPrinter(args.every, epochs) : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as LearnOptions;
}

/** `3`, `1x2` (rows by columns), or `auto`. */
function sizeArgument(text: string): 'auto' | number | [number, number] {
  if (text === 'auto') return text;
  const match = /^(\d+)(?:[x×](\d+))?$/.exec(text);
  if (!match) throw expectedOne('auto, a number, or rows×columns (1x2)', '--size', text, ['auto']);
  const rows = Number(match[1]);
  return match[2] === undefined ? rows : [rows, Number(match[2])];
}

/**
 * Prints losses as the textbook does, epochs counted from 1 and each loss taken before its epoch's step: every n-th, ten of
 * a stated number, else 1, 2, 5, 10, 20, 50, …
 */
function lossPrinter(every: number | undefined, epochs: number | undefined): (epoch: number, loss: number) => void {
  const step =
    every === undefined ? epochs && Math.max(1, Math.floor(epochs / 10)) : expectInteger(every, '--every', 1);
  return (epoch, loss) => {
    const count = epoch + 1;
    if (step === undefined ? /^[125]0*$/.test(String(count)) : count % step === 0) {
      say(`epoch ${count}, loss ${Number(loss.toPrecision(6))}`);
    }
  };
}
