import { lstat } from 'node:fs/promises';
import type { Argv } from 'yargs';
import { showPath } from '../disk/showPath.ts';
import { formatOfPath } from '../files/formats.ts';
import { type ReadOptions, readImage } from '../files/readImage.ts';
import { ExpectationError, expected } from '../planes/expected.ts';
import { type Export, exportArgument } from './learn/exportOption.ts';
import { defaultOutput, finishDetector, finishFilter, finishKernel, finishModel } from './learn/finish.ts';
import { type FoundAny, type PicturePair } from './learn/learnAs.ts';
import { openLearner, sharedPairs } from './learn/learnInThread.ts';
import {
  askedKind,
  detectorSides,
  type LearnArguments,
  type LearnedKind,
  learnOptions,
  modelDescent,
  optionsOfLearn,
  placesOfLearn,
} from './learn/learnOptions.ts';
import { type PairPaths, pairsArgument } from './learn/learnPairs.ts';
import { namingFiles } from './learn/namingFiles.ts';
import { withArguments } from './shared/argumentsOf.ts';
import { EXIT } from './shared/exit.ts';
import { expectOwnFile } from './shared/expectOwnFile.ts';
import { expectPageName } from './shared/expectPageName.ts';
import { expectPlace } from './shared/expectPlace.ts';
import { faultNote } from './shared/failOn.ts';
import { describeFirst } from './shared/firstFrame.ts';
import { onInterrupt } from './shared/interrupt.ts';
import { say } from './shared/say.ts';
import { whileWaiting } from './shared/waiting.ts';
import { expectReport, isStandardOutput } from './shared/writeReport.ts';

export function builder(argv: Argv): Argv<LearnArguments> {
  return withArguments(argv, placesOfLearn, optionsOfLearn)
    .example('$0 learn before.png after.png -o kernel.json', 'find the filter between two pictures')
    .example('$0 learn photo.png edges.png -o detector.json', 'find the detector behind a picture and its edge map')
    .example('$0 learn originals edited -o kernel.json', 'learn from all pictures that two folders have in common')
    .example('$0 filter photos -k kernel.json -o filtered', 'apply it to other pictures');
}

export async function handler(args: LearnArguments): Promise<void> {
  const words = [args.before, args.after, ...(args.more ?? [])];
  const kind = askedKind(args);
  const { pairs, notes } = await pairsArgument(words);
  const exports = args.export.map(exportArgument);
  await expectOutputs(args, kind, pairs, exports);
  const work = await workOf(kind, args);
  // Nothing but what was learned and its copies is ever written, each of them whole or not at all: so until then, stop at once.
  let writing = false;
  const interrupt = onInterrupt(
    (line) => {
      if (!writing) process.exit(EXIT.interrupted);
      say(line);
    },
    () => 'interrupted: what was learned is written',
  );
  if (!args.quiet) for (const note of notes) say(`corr2d: ${note}`);
  let pictures: readonly PicturePair[];
  let found: FoundAny;
  try {
    pictures = await readShown(pairs, args);
    // Losses show by themselves that something goes on.
    const silent = args.quiet || args.method === 'gradient-descent' || kind === 'model';
    const learning = namingFiles(pairs, () => work.learn(pictures));
    found = await whileWaiting('learning', { stream: process.stderr, enabled: !silent }, learning);
  } finally {
    await work.close();
  }

  writing = true;
  const learned = { found, pictures, pairs, exports, args };
  const { failures, written, summary } =
    'kernel' in found
      ? await finishKernel({ ...learned, found })
      : 'detector' in found
        ? await finishDetector({ ...learned, found })
        : 'filter' in found
          ? await finishFilter({ ...learned, found })
          : await finishModel({ ...learned, found });
  interrupt.release();
  // Where there is no file, this is all there is of what was learned.
  if (!args.quiet || !written) say(...summary);
  for (const failure of failures) say(`corr2d: ${failure}`);
  process.exitCode = failures.length > 0 ? EXIT.failed : EXIT.done;
}

/** What is done with the pictures. */
interface LearnWork {
  learn(pictures: readonly PicturePair[]): Promise<FoundAny>;
  close(): void | Promise<void>;
}

/** Refuses what is asked for in vain before pictures are read. */
async function workOf(kind: 'auto' | LearnedKind, args: LearnArguments): Promise<LearnWork> {
  if (kind === 'model') {
    const how = modelDescent(args);
    const { learnModel } = await import('./learn/learnModel.ts');
    return { learn: (pictures) => learnModel(pictures, args.layers, how), close: () => {} };
  }
  const sides = kind === 'detector' ? detectorSides(args) : {};
  const asked = kind === 'detector' ? {} : await learnOptions(args);
  // Losses are printed as they come, between steps that are short.
  if (asked.onEpoch !== undefined) {
    const { learnKernel } = await import('../learn/learnKernel.ts');
    return { learn: async (pictures) => ({ kernel: await learnKernel(pictures, asked), tried: [] }), close: () => {} };
  }
  const learner = openLearner();
  return { learn: (pairs) => learner.learn({ kind, pairs, asked, sides }), close: () => learner.close() };
}

/** Refuses whatever would be lost or mixed up when the kernel is written, before it is learned. */
async function expectOutputs(
  args: LearnArguments,
  kind: 'auto' | LearnedKind,
  pairs: readonly PairPaths[],
  exports: readonly Export[],
): Promise<void> {
  const taken = pairs.flatMap(({ before, after }) => [before, after]);
  if (args.initial !== undefined) taken.push(args.initial);
  const kinds: readonly (LearnedKind | 'filter')[] = kind === 'auto' ? ['kernel', 'detector', 'filter'] : [kind];
  const outputs = args.output === undefined ? kinds.map(defaultOutput) : [args.output];
  const files = outputs.map((path): [string, string, boolean] => [path, '--output', true]);
  for (const { path } of exports) if (path !== undefined) files.push([path, '--export', true]);
  if (args.residual !== undefined) files.push([expectMask(args.residual, pairs), '--residual', true]);
  if (args.json) files.push([args.json, '--json', false]);
  if (args.report !== undefined) files.push([args.report, '--report', false]);
  expectPage(args);
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

/** @throws ExpectationError where it is no picture's name, or there are several pairs */
function expectMask(path: string, pairs: readonly PairPaths[]): string {
  if (pairs.length > 1) throw expected('one pair', '--residual', `${pairs.length} pairs`);
  const format = formatOfPath(path);
  if (format !== undefined && format !== 'npy') return path;
  throw expected('a picture whose name ends in .png, .jpg, .webp or .tiff', '--residual', showPath(path));
}

function expectPage({ report, 'report-limit': limit }: LearnArguments): void {
  if (report !== undefined) expectPageName(report);
  if (!(limit >= 0)) throw expected('a number of at least 0', '--report-limit', limit);
}

async function expectFree(path: string): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) === undefined) return;
  throw new ExpectationError(`${showPath(path)} exists; --overwrite replaces it`);
}

/** Reads the pictures; what is to be known of their files is said. */
async function readShown(pairs: readonly PairPaths[], args: LearnArguments): Promise<readonly PicturePair[]> {
  const reading = readPairs(pairs, {
    failOn: args['fail-on'],
    ...(args.white === undefined ? {} : { white: args.white }),
  });
  const pictures = await whileWaiting('reading', { stream: process.stderr, enabled: !args.quiet }, reading);
  if (args.quiet) return pictures;
  for (const note of firstFrames(pictures, pairs)) say(`corr2d: ${note}`);
  pairs.forEach((pair, i) => {
    for (const side of ['before', 'after'] as const) {
      const { fault } = pictures[i][side].metadata;
      if (fault !== undefined) say(`corr2d: ${faultNote(pair[side], fault)}`);
    }
  });
  return pictures;
}

async function readPairs(pairs: readonly PairPaths[], how: ReadOptions): Promise<PicturePair[]> {
  const pictures: PicturePair[] = [];
  for (const pair of pairs) {
    const [before, after] = await Promise.all([readImage(pair.before, how), readImage(pair.after, how)]);
    pictures.push(...sharedPairs([{ before, after }]));
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
