import type { Options } from 'yargs';
import { ExpectationError, LEARN_METHODS, type LearnOptions } from '../../core.ts';
import { OPTIMIZERS } from '../../learn/descent/optimizers.ts';
import { CHANNEL_SHARINGS } from '../../learn/kernelShape.ts';
import { REDUCTIONS } from '../../learn/options.ts';
import { expectInteger, expectedOne } from '../../planes/expected.ts';
import type { ArgumentsOf } from '../shared/argumentsOf.ts';
import { configOption } from '../shared/config.ts';
import { failOnOption } from '../shared/failOn.ts';
import { kernelArgument } from '../shared/kernelArgument.ts';
import { say } from '../shared/say.ts';
import type { ModelDescentArguments } from './learnModelPairs.ts';
import { DEFAULT_LAYERS } from './modelLayers.ts';

const FOUND = 'What is found:';
const DESCENT = 'Gradient descent:';

export const LEARNED_KINDS = ['kernel', 'detector', 'model'] as const;

/** What may be learned. */
export type LearnedKind = (typeof LEARNED_KINDS)[number];

/** What `learn` is told beside its pictures. */
export const optionsOfLearn = {
  output: {
    alias: 'o',
    type: 'string',
    defaultDescription: 'out/kernel.json, out/detector.json or out/model.json',
    describe: 'the file to write',
  },
  as: {
    choices: ['auto', ...LEARNED_KINDS] as const,
    default: 'auto' as const,
    describe:
      'what to look for: a kernel, the detector of an edge map, or a stack of layers; auto: a kernel where a linear one explains the pair, else a detector',
  },
  overwrite: { type: 'boolean', default: false, describe: 'replace files that exist' },
  export: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [],
    defaultDescription: 'none',
    describe:
      "what was found in another program's words too: a notation, for standard output, a file, or notation=file; of a detector opencv",
  },
  json: { type: 'string', describe: 'the report as one JSON object, to [file.json] or standard output' },
  config: configOption,
  report: {
    type: 'string',
    describe: 'a page to look at what was learned: taps, curves, before and after, to a file.html',
  },
  'report-limit': {
    type: 'number',
    default: 32,
    describe: 'MiB of pictures in the page; larger ones lie in a folder beside it',
  },
  residual: {
    type: 'string',
    describe: 'a picture, white where the after is not what was learned gives, to a file (mask.png); of one pair',
  },
  quiet: { alias: 'q', type: 'boolean', default: false, describe: 'no progress, no losses, no summary' },
  'fail-on': failOnOption,
  white: {
    type: 'number',
    defaultDescription: '1',
    describe: 'of pictures in floating point: the number that is full intensity (255, 65535)',
  },
  size: { type: 'string', default: 'auto', group: FOUND, describe: 'rows and columns of taps: 3, 1x2; auto' },
  channels: {
    choices: ['auto', ...CHANNEL_SHARINGS] as const,
    default: 'auto' as const,
    group: FOUND,
    describe: 'one kernel for every channel, one for each, or from all channels to all',
  },
  bias: { type: 'boolean', group: FOUND, describe: 'a number to add as well' },
  ridge: {
    type: 'number',
    group: FOUND,
    describe: 'holds taps back that the pictures hardly tell',
    defaultDescription: '0',
  },
  method: {
    choices: LEARN_METHODS,
    default: 'auto' as const,
    group: FOUND,
    describe: 'least squares, taps that every rounded sample allows, or steps down the slope',
  },
  layers: {
    type: 'string',
    group: DESCENT,
    defaultDescription: DEFAULT_LAYERS,
    describe: 'of a model: conv rows×columns channels, relu, abs, square, sigmoid, magnitude, with commas',
  },
  optimizer: { choices: OPTIMIZERS, group: DESCENT, describe: 'the rule of each step' },
  epochs: {
    type: 'number',
    group: DESCENT,
    describe: 'steps',
    defaultDescription: 'until the taps rest; of a model 2000',
  },
  rate: { type: 'number', group: DESCENT, describe: 'how far a step goes' },
  reduction: { choices: REDUCTIONS, group: DESCENT, describe: 'of the squared errors' },
  initial: { type: 'string', group: DESCENT, describe: 'a kernel to start from, instead of random taps' },
  seed: { type: 'number', group: DESCENT, describe: 'of the random taps; the same seed, the same kernel' },
  every: {
    type: 'number',
    group: DESCENT,
    describe: 'print the loss every so many epochs',
    defaultDescription: 'ten times, or 1, 2, 5, 10, …',
  },
} satisfies Record<string, Options>;

export interface LearnArguments extends ArgumentsOf<typeof optionsOfLearn> {
  readonly before: string;
  readonly after: string;
  readonly more: readonly string[] | undefined;
}

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

/** What was asked for, and nothing that was not: what a method has no use for, it refuses. */
export async function learnOptions(args: LearnArguments): Promise<LearnOptions> {
  const { channels, bias, ridge, method, optimizer, rate, reduction, seed, quiet } = args;
  const epochs = args.epochs === undefined ? undefined : expectInteger(args.epochs, '--epochs', 1);
  const initial = args.initial === undefined ? undefined : (await kernelArgument(args.initial, '--initial')).kernel;
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
