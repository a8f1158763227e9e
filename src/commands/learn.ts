import { lstat } from 'node:fs/promises';
import type { Argv } from 'yargs';
import {
  ExpectationError,
  type KernelFile,
  type LearnOptions,
  type LearnResult,
  learnKernel,
  type Picture,
  toNestedTaps,
} from '../core.ts';
import { PictureError } from '../disk/fileError.ts';
import { showPath } from '../disk/showPath.ts';
import { type ReadOptions, readImage } from '../files/readImage.ts';
import { writeKernel } from '../files/writeKernel.ts';
import { type Export, exportArgument, writeExports } from './learn/exportOption.ts';
import { filterCommand } from './learn/filterCommand.ts';
import { type LearnArguments, learnOptions, optionsOfLearn } from './learn/learnOptions.ts';
import { type PairPaths, pairsArgument } from './learn/learnPairs.ts';
import { learnSummary } from './learn/learnSummary.ts';
import { EXIT } from './shared/exit.ts';
import { expectOwnFile } from './shared/expectOwnFile.ts';
import { expectPlace } from './shared/expectPlace.ts';
import { faultNote } from './shared/failOn.ts';
import { describeFirst } from './shared/firstFrame.ts';
import { onInterrupt } from './shared/interrupt.ts';
import { say } from './shared/say.ts';
import { whileWaiting } from './shared/waiting.ts';
import { restoreDash } from './shared/words.ts';
import { writeJson } from './shared/writeJson.ts';
import { expectReport, isStandardOutput } from './shared/writeReport.ts';
import { version } from './version.ts';

export function builder(argv: Argv): Argv<LearnArguments> {
  return argv
    .positional('before', {
      type: 'string',
      demandOption: true,
      coerce: restoreDash,
      describe: 'a picture, or a folder',
    })
    .positional('after', {
      type: 'string',
      demandOption: true,
      coerce: restoreDash,
      describe: 'the same picture, filtered; or a folder of pictures of the same names',
    })
    .positional('more', {
      type: 'string',
      array: true,
      coerce: restoreDash,
      describe: 'more pairs: a before and its after, and so on',
    })
    .options(optionsOfLearn)
    .example('$0 learn before.png after.png -o kernel.json', 'find the filter between two pictures')
    .example('$0 learn originals edited -o kernel.json', 'from all pictures that two folders have in common')
    .example(
      '$0 filter photos -k kernel.json -o filtered',
      'and apply it to others',
    ) as unknown as Argv<LearnArguments>;
}

export async function handler(args: LearnArguments): Promise<void> {
  const words = [args.before, args.after, ...(args.more ?? [])];
  const { pairs, notes } = await pairsArgument(words);
  const exports = args.export.map(exportArgument);
  await expectOutputs(args, pairs, exports);
  const asked = await learnOptions(args);
  // Nothing but the kernel and its copies is ever written, each of them whole or not at all: so until then, stop at once.
  let writing = false;
  const stream = process.stderr;
  const interrupt = onInterrupt(
    (line) => {
      if (!writing) process.exit(EXIT.interrupted);
      say(line);
    },
    () => 'interrupted: what was learned is written',
  );
  if (!args.quiet) for (const note of notes) say(`corr2d: ${note}`);
  const reading = readPairs(pairs, {
    failOn: args['fail-on'],
    ...(args.white === undefined ? {} : { white: args.white }),
  });
  const pictures = await whileWaiting('reading', { stream, enabled: !args.quiet }, reading);
  if (!args.quiet) for (const note of firstFrames(pictures, pairs)) say(`corr2d: ${note}`);
  if (!args.quiet) {
    pairs.forEach((pair, i) => {
      for (const side of ['before', 'after'] as const) {
        const { fault } = pictures[i][side].metadata;
        if (fault !== undefined) say(`corr2d: ${faultNote(pair[side], fault)}`);
      }
    });
  }
  // Losses show by themselves that something goes on.
  const silent = args.quiet || args.method === 'gradient-descent';
  const learning = learn(pictures, pairs, asked);
  const learned = await whileWaiting('learning', { stream, enabled: !silent }, learning);

  writing = true;
  const { kernel, method, report, history } = learned;
  const file = kernelFile(learned, pairs);
  const failures = await writeFault(args.output, file, args.overwrite);
  const written = failures.length === 0;
  failures.push(...(await writeExports(file, exports, { overwrite: args.overwrite })));
  const filter = filterCommand({
    given: args.before,
    folder: pairs[0].before !== args.before,
    ...pictures[0],
    kernel: args.output,
    file,
    program: report.program,
    white: args.white,
  });
  const taps = { weights: toNestedTaps(kernel), bias: [...kernel.bias] };
  const facts = { corr2d: version, command: 'learn', output: args.output, ...file.learned };
  failures.push(...(await writeJson(args.json, { ...facts, ...taps, filter, history })));
  interrupt.release();
  // Where there is no file, this is all there is of the kernel.
  if (!args.quiet || !written) {
    say(...learnSummary({ kernel, method, report, pairs, output: args.output, written, command: filter }));
  }
  for (const failure of failures) say(`corr2d: ${failure}`);
  process.exitCode = failures.length > 0 ? EXIT.failed : EXIT.done;
}

/** Writes the kernel file; why it could not, as a sentence. What was learned is told in any case. */
async function writeFault(path: string, file: KernelFile, overwrite: boolean): Promise<string[]> {
  try {
    await writeKernel(path, file, { overwrite });
    return [];
  } catch (error) {
    if (error instanceof PictureError) return [error.message];
    throw error;
  }
}

/** Refuses whatever would be lost or mixed up when the kernel is written, before it is learned. */
async function expectOutputs(
  args: LearnArguments,
  pairs: readonly PairPaths[],
  exports: readonly Export[],
): Promise<void> {
  const taken = pairs.flatMap(({ before, after }) => [before, after]);
  if (args.initial !== undefined) taken.push(args.initial);
  const files: [string, string, boolean][] = [[args.output, '--output', true]];
  for (const { path } of exports) if (path !== undefined) files.push([path, '--export', true]);
  if (args.json) files.push([args.json, '--json', false]);
  for (const [path, option, keep] of files) {
    await expectOwnFile(path, option, taken);
    await (keep ? expectPlace(path, option) : expectReport(path, option));
    if (keep && !args.overwrite) await expectFree(path);
    taken.push(path);
  }
  if (
    args.json !== undefined &&
    (await isStandardOutput(args.json)) &&
    exports.some(({ path }) => path === undefined)
  ) {
    throw new ExpectationError('Expected a file for --json or for --export, as both would go to standard output');
  }
}

async function expectFree(path: string): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) === undefined) return;
  throw new ExpectationError(`${showPath(path)} exists; --overwrite replaces it`);
}

interface PicturePair {
  readonly before: Picture;
  readonly after: Picture;
}

async function readPairs(pairs: readonly PairPaths[], how: ReadOptions): Promise<PicturePair[]> {
  const pictures: PicturePair[] = [];
  for (const pair of pairs) {
    const [before, after] = await Promise.all([readImage(pair.before, how), readImage(pair.after, how)]);
    pictures.push({ before, after });
  }
  return pictures;
}

/** What was left out of files of several pages or frames. */
function firstFrames(pictures: readonly PicturePair[], pairs: readonly PairPaths[]): string[] {
  return pictures.flatMap((pair, i) =>
    (['before', 'after'] as const).flatMap((side) => {
      const { pages } = pair[side].metadata;
      return pages === undefined ? [] : [describeFirst(pairs[i][side], pages)];
    }),
  );
}

/** Learns, and names the files where the library names places in its list of pairs. */
async function learn(
  pictures: readonly PicturePair[],
  pairs: readonly PairPaths[],
  asked: LearnOptions,
): Promise<LearnResult> {
  try {
    return await learnKernel(pictures, asked);
  } catch (error) {
    if (!(error instanceof ExpectationError)) throw error;
    throw new ExpectationError(
      error.message.replaceAll(/pairs\[(\d+)\](?:\.(before|after))?/g, (_, i: string, side?: keyof PairPaths) => {
        const pair = pairs[Number(i)];
        return side === undefined ? `${showPath(pair.before)} and ${showPath(pair.after)}` : showPath(pair[side]);
      }),
    );
  }
}

function kernelFile({ kernel, method, report }: LearnResult, pairs: readonly PairPaths[]): KernelFile {
  const { certificate, program } = report;
  const rounding = certificate?.rounding ?? (program.rounding === 'indistinguishable' ? undefined : program.rounding);
  const border = certificate?.border ?? program.borders?.[0];
  return {
    kernel,
    ...(border === undefined ? {} : { border }),
    ...(rounding === undefined ? {} : { rounding }),
    learned: { from: pairs, method, ...report },
  };
}
