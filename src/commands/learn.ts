import { access } from 'node:fs/promises';
import type { Argv, Options } from 'yargs';
import {
  ExpectationError,
  formatKernel,
  type Kernel,
  type LearnOptions,
  type LearnResult,
  learnKernel,
} from '../core.ts';
import { readImage } from '../files/readImage.ts';
import { writeKernel } from '../files/writeKernel.ts';
import { expectInteger } from '../planes/expected.ts';
import { EXIT } from './exit.ts';
import { expectOwnFile } from './expectOwnFile.ts';
import { onInterrupt } from './interrupt.ts';
import { kernelArgument } from './kernelArgument.ts';
import { version } from './version.ts';
import { writeJson } from './writeJson.ts';

export const command = 'learn <before> <after>';
export const describe = 'find the kernel that makes one picture of another';

const DESCENT = 'Gradient descent:';

const options = {
  output: { alias: 'o', type: 'string', demandOption: true, describe: 'the kernel file to write' },
  overwrite: { type: 'boolean', default: false, describe: 'replace a kernel file that exists' },
  size: { type: 'string', default: 'auto', describe: 'rows and columns of taps: 3, 1x2; auto' },
  channels: {
    choices: ['auto', 'shared', 'per-channel', 'full'] as const,
    default: 'auto' as const,
    describe: 'one kernel for every channel, one for each, or from all channels to all',
  },
  bias: { type: 'boolean', default: false, describe: 'learn a number to add as well' },
  method: { choices: ['auto', 'gradient-descent'] as const, default: 'auto' as const, describe: 'how it is learned' },
  optimizer: { choices: ['sgd', 'momentum', 'adam'] as const, group: DESCENT, describe: 'the rule of each step' },
  epochs: { type: 'number', group: DESCENT, describe: 'steps', defaultDescription: 'until the taps rest' },
  rate: { type: 'number', group: DESCENT, describe: 'how far a step goes' },
  reduction: { choices: ['sum', 'mean'] as const, group: DESCENT, describe: 'of the squared errors' },
  initial: { type: 'string', group: DESCENT, describe: 'a kernel to start from, instead of random taps' },
  seed: { type: 'number', default: 0, group: DESCENT, describe: 'of the random taps; the same seed, the same kernel' },
  every: {
    type: 'number',
    group: DESCENT,
    describe: 'print the loss every so many epochs',
    defaultDescription: 'ten times, or 1, 2, 5, 10, …',
  },
  json: { type: 'string', describe: 'the report as one JSON object, to [file.json] or standard output' },
  quiet: { alias: 'q', type: 'boolean', default: false, describe: 'no losses, no summary' },
} satisfies Record<string, Options>;

interface LearnArguments {
  readonly before: string;
  readonly after: string;
  readonly output: string;
  readonly overwrite: boolean;
  readonly size: string;
  readonly channels: 'auto' | 'shared' | 'per-channel' | 'full';
  readonly bias: boolean;
  readonly method: 'auto' | 'gradient-descent';
  readonly optimizer: 'sgd' | 'momentum' | 'adam' | undefined;
  readonly epochs: number | undefined;
  readonly rate: number | undefined;
  readonly reduction: 'sum' | 'mean' | undefined;
  readonly initial: string | undefined;
  readonly seed: number;
  readonly every: number | undefined;
  readonly json: string | undefined;
  readonly quiet: boolean;
}

export function builder(argv: Argv): Argv<LearnArguments> {
  return argv
    .positional('before', { type: 'string', demandOption: true, describe: 'a picture' })
    .positional('after', { type: 'string', demandOption: true, describe: 'the same picture, filtered' })
    .options(options)
    .example('$0 learn before.png after.png -o kernel.json --size 3', 'find nine taps')
    .example(
      '$0 filter photos -k kernel.json -o filtered',
      'and apply them to other pictures',
    ) as unknown as Argv<LearnArguments>;
}

export async function handler(args: LearnArguments): Promise<void> {
  const { channels, bias, method, optimizer, reduction, seed, quiet } = args;
  const read = [args.before, args.after, ...(args.initial === undefined ? [] : [args.initial])];
  await expectOwnFile(args.output, '--output', read);
  if (args.json) await expectOwnFile(args.json, '--json', [...read, args.output]);
  if (!args.overwrite) await expectFree(args.output);
  const epochs = args.epochs === undefined ? undefined : expectInteger(args.epochs, '--epochs', 1);
  const initial = args.initial === undefined ? undefined : (await kernelArgument(args.initial, '--initial')).kernel;
  const [before, after] = await Promise.all([readImage(args.before), readImage(args.after)]);
  const interrupt = onInterrupt(() => process.exit(EXIT.interrupted));
  const size = sizeArgument(args.size);
  const given: LearnOptions = {
    channels,
    bias,
    method,
    seed,
    signal: interrupt.signal,
    ...(size === undefined ? {} : { size }),
    ...(optimizer === undefined ? {} : { optimizer }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(args.rate === undefined ? {} : { learningRate: args.rate }),
    ...(reduction === undefined ? {} : { reduction }),
    ...(initial === undefined ? {} : { initial }),
    ...(quiet ? {} : { onEpoch: lossPrinter(args.every, epochs) }),
  };
  const learned = await learnKernel([{ before, after }], given);
  interrupt.release();
  await writeKernel(
    args.output,
    { kernel: learned.kernel, learned: provenance(args, learned) },
    { overwrite: args.overwrite },
  );
  if (args.json !== undefined) {
    await writeJson(args.json, {
      corr2d: version,
      command: 'learn',
      output: args.output,
      ...provenance(args, learned),
      history: learned.history,
    });
  }
  if (!quiet) process.stderr.write(summary(args, learned));
}

async function expectFree(path: string): Promise<void> {
  const taken = await access(path).then(
    () => true,
    () => false,
  );
  if (taken) throw new ExpectationError(`${path} exists; --overwrite replaces it`);
}

/** `3`, `1x2` (rows by columns), or none for auto. */
function sizeArgument(text: string): number | [number, number] | undefined {
  if (text === 'auto') return undefined;
  const match = /^(\d+)(?:[x×](\d+))?$/.exec(text);
  if (!match)
    throw new ExpectationError(`Expected auto, a number or rows×columns (1x2) for --size but received ${text}`);
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
      process.stderr.write(`epoch ${count}, loss ${Number(loss.toPrecision(6))}\n`);
    }
  };
}

function provenance(args: LearnArguments, { method, report }: LearnResult): Record<string, unknown> {
  return { from: [{ before: args.before, after: args.after }], method, ...report };
}

function summary(args: LearnArguments, { kernel, method, report }: LearnResult): string {
  const { rms, psnr, r2 } = report;
  return (
    `learned a kernel of ${shape(kernel)} by ${method}: rms ${Number(rms.toPrecision(3))} of white, ` +
    `PSNR ${psnr.toFixed(1)} dB, R² ${r2.toFixed(6)} → ${args.output}\n${formatKernel(kernel, 'table')}\n`
  );
}

function shape({ outChannels, inChannels, height, width, groups = 1 }: Kernel): string {
  const taps = `${height}×${width} taps`;
  return outChannels === 1 && inChannels === 1 ? taps : `${taps}, ${inChannels * groups} to ${outChannels} channels`;
}
