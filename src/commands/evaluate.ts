import { resolve } from 'node:path';
import type { Argv, Options, PositionalOptions } from 'yargs';
import { evaluateEdgesAsync, type EvaluateAsyncOptions } from '../background/evaluateEdgesAsync.ts';
import { limitBackground } from '../background/pool.ts';
import { FileError } from '../disk/fileError.ts';
import { isInside, realOf } from '../disk/realPaths.ts';
import { showPath } from '../disk/showPath.ts';
import { type EdgeCounts, evaluationThresholds } from '../evaluate/evaluateEdges.ts';
import { type EdgeScore, type EdgeScores, scoreEdges, type ThresholdScore } from '../evaluate/scoreEdges.ts';
import { LIMIT_PIXELS } from '../files/limits.ts';
import { version } from '../files/version.ts';
import { readNumber } from '../kernels/numbers.ts';
import { ExpectationError, expected, expectInteger } from '../planes/expected.ts';
import { evaluationPage } from '../report/evaluationPage.ts';
import { htmlPage } from '../report/htmlPage.ts';
import { type MapAndTruth, pairMaps } from './evaluate/pairMaps.ts';
import { type ArgumentsOf, withArguments } from './shared/argumentsOf.ts';
import { EXIT } from './shared/exit.ts';
import { expectOwnFile } from './shared/expectOwnFile.ts';
import { expectPageName } from './shared/expectPageName.ts';
import { failOnOption } from './shared/failOn.ts';
import { onInterrupt } from './shared/interrupt.ts';
import { MEMORY, THREADS } from './shared/machineDefaults.ts';
import { createProgress } from './shared/progress.ts';
import { print, say } from './shared/say.ts';
import { tableLines } from './shared/tableLines.ts';
import { writeJson } from './shared/writeJson.ts';
import { expectReport, isStandardOutput, reportProblems } from './shared/writeReport.ts';

const MATCHING = 'Matching:';
const TRUTH = 'Truth:';
const OUTPUT = 'Output:';

const options = {
  thresholds: {
    type: 'string',
    default: '99',
    group: MATCHING,
    describe:
      'number of thresholds to cut maps at, evenly from black to white; or the thresholds themselves (0.2,0.4,0.6)',
  },
  'max-distance': {
    type: 'number',
    default: 0.0075,
    group: MATCHING,
    describe: "how far an edge may lie from where it was drawn, as a share of the picture's diagonal",
  },
  thin: {
    type: 'boolean',
    default: true,
    group: MATCHING,
    describe: 'thin what reaches a threshold to lines one pixel wide; --no-thin: match every pixel',
  },
  suppress: {
    type: 'boolean',
    default: false,
    group: MATCHING,
    describe: 'keep only the ridges of maps first (non-maximum suppression), for maps with wide edges',
  },
  annotators: {
    type: 'number',
    group: TRUTH,
    defaultDescription: 'as the file states, or by its highest bit',
    describe: 'number of people who drew in a 16-bit picture, where each bit is one person',
  },
  'truth-threshold': {
    type: 'number',
    group: TRUTH,
    describe: 'samples of grey drawings from this value on are boundaries: above 0, at most 1 (white)',
  },
  selective: {
    type: 'boolean',
    default: false,
    group: TRUTH,
    describe: 'skip maps that nobody drew, and drawings without a map',
  },
  'fail-on': { ...failOnOption, group: TRUTH },
  'limit-pixels': {
    type: 'number',
    default: LIMIT_PIXELS,
    group: TRUTH,
    describe: 'refuse pictures that have more pixels',
  },
  json: {
    type: 'string',
    group: OUTPUT,
    describe: 'write one JSON object at the end, to [file.json] or to standard output',
  },
  report: {
    type: 'string',
    group: OUTPUT,
    describe: 'write a page with the precision–recall curve and every picture, to a file.html',
  },
  jobs: {
    alias: 'j',
    type: 'number',
    ...THREADS,
    group: OUTPUT,
    describe: 'pictures to evaluate at once',
  },
  memory: {
    type: 'number',
    ...MEMORY,
    group: OUTPUT,
    describe: 'memory in MiB for all pictures in progress; one that needs more is evaluated alone',
  },
  quiet: { alias: 'q', type: 'boolean', default: false, group: OUTPUT, describe: 'print only the table and failures' },
} satisfies Record<string, Options>;

const places = {
  maps: { type: 'string', demandOption: true, describe: 'a folder of edge maps, or one map' },
  truth: {
    type: 'string',
    demandOption: true,
    describe: 'a folder of drawn boundaries with the same names; in 16-bit drawings each bit is one person',
  },
  more: {
    type: 'string',
    array: true,
    default: [],
    describe: 'further folders, with drawings by other people',
  },
} satisfies Record<string, PositionalOptions>;

type EvaluateArguments = ArgumentsOf<typeof places & typeof options>;

export function builder(argv: Argv): Argv<EvaluateArguments> {
  return withArguments(argv, places, options)
    .example('$0 evaluate edges boundaries', 'print ODS, OIS and AP, as papers report them')
    .example('$0 evaluate edges boundaries --suppress --thresholds 30', 'for maps with wide edges; three times as fast')
    .example(
      '$0 evaluate edges anna ben --json scores.json --report curve.html',
      'use drawings of two people; write the curve as numbers and as a page',
    );
}

interface EvaluatedMap extends MapAndTruth {
  readonly counts: EdgeCounts;
}

interface FailedMap extends MapAndTruth {
  readonly error: string;
}

export async function handler(args: EvaluateArguments): Promise<void> {
  const { maps, truth, more, quiet, json } = args;
  const how = optionsOf(args);
  await expectReports(args);
  const { pairs, notes } = await pairMaps(maps, [truth, ...more], args.selective);
  for (const note of notes) say(`corr2d: ${note}`);
  const started = performance.now();
  const interrupt = onInterrupt(say, () => 'interrupted: what was counted until now comes to nothing');
  const { done, failed } = await evaluateAll(pairs, how, quiet, interrupt.signal);
  interrupt.release();
  if (interrupt.signal.aborted) {
    process.exitCode = EXIT.interrupted;
    return;
  }
  const seconds = (performance.now() - started) / 1000;
  const scores = done.length === 0 ? undefined : scoreEdges(done.map(({ counts }) => counts));
  if (scores !== undefined && !(json !== undefined && (await isStandardOutput(json)))) print(...summaryLines(scores));
  const facts = { maps, truth: [truth, ...more], ...factsOf(how) };
  const problems = [
    ...(await writeJson(json, {
      corr2d: version,
      command: 'evaluate',
      ...facts,
      ...(scores === undefined ? {} : scoresJson(scores, done)),
      failures: failed.map(({ map, error }) => ({ map, error })),
      seconds,
    })),
    ...(await pageProblems(args, scores, done, failed, facts)),
  ];
  for (const problem of problems) say(`corr2d: ${problem}`);
  if (!quiet) say(countLine(done.length, failed.length, seconds));
  if (failed.length > 0 || problems.length > 0) process.exitCode = EXIT.failed;
}

function optionsOf(args: EvaluateArguments): EvaluateAsyncOptions & { thresholds: readonly number[] } {
  const { thin, suppress, annotators, thresholds } = args;
  const maxDistance = args['max-distance'];
  if (!(maxDistance >= 0 && maxDistance <= 1)) throw expected('a number from 0 to 1', '--max-distance', maxDistance);
  const truthThreshold = args['truth-threshold'];
  if (truthThreshold !== undefined && !(truthThreshold > 0 && truthThreshold <= 1)) {
    throw expected('a number above 0, at most 1,', '--truth-threshold', truthThreshold);
  }
  if (annotators !== undefined) expectInteger(annotators, '--annotators', 1, 16);
  if (annotators !== undefined && truthThreshold !== undefined) {
    throw new ExpectationError(
      'Expected one of --annotators, which are bits, and --truth-threshold, of grey truth, but received both',
    );
  }
  limitBackground({
    threads: expectInteger(args.jobs, '--jobs', 1, 1024),
    memory: expectInteger(args.memory, '--memory', 1, 2 ** 20),
  });
  return {
    thresholds: thresholdsOf(thresholds),
    maxDistance,
    thin,
    suppress,
    failOn: args['fail-on'],
    limitPixels: expectInteger(args['limit-pixels'], '--limit-pixels', 1),
    ...(annotators === undefined ? {} : { annotators }),
    ...(truthThreshold === undefined ? {} : { truthThreshold }),
  };
}

/** `99`, or `0.2,0.4,0.6`. */
function thresholdsOf(text: string): readonly number[] {
  const numbers = text.split(',').map((part) => readNumber(part.trim()));
  const isCount = numbers.length === 1 && Number.isInteger(numbers[0]) && numbers[0] > 1;
  try {
    return evaluationThresholds(isCount ? numbers[0] : numbers);
  } catch (error) {
    if (!(error instanceof ExpectationError)) throw error;
    throw expected('a whole number from 2 to 1000, or thresholds above 0 and up to 1, rising,', '--thresholds', text);
  }
}

function factsOf({
  thresholds,
  maxDistance,
  thin,
  suppress,
  annotators,
  truthThreshold,
}: EvaluateAsyncOptions): object {
  return {
    options: {
      thresholds,
      maxDistance,
      thin,
      suppress,
      ...(annotators === undefined ? {} : { annotators }),
      ...(truthThreshold === undefined ? {} : { truthThreshold }),
    },
  };
}

/** Evaluates every pair, several at once; what fails does not stop the others. */
async function evaluateAll(
  pairs: readonly MapAndTruth[],
  how: EvaluateAsyncOptions,
  quiet: boolean,
  signal: AbortSignal,
): Promise<{ done: EvaluatedMap[]; failed: FailedMap[] }> {
  const progress = await createProgress({ total: pairs.length, stream: process.stderr, enabled: !quiet });
  const evaluated = await Promise.all(
    pairs.map(async (pair): Promise<EvaluatedMap | FailedMap | undefined> => {
      try {
        const counts = await evaluateEdgesAsync(pair.map, pair.truths, { ...how, signal });
        if (!quiet) progress.note(pictureLine(pair, scoreEdges([counts]).ods));
        return { ...pair, counts };
      } catch (error) {
        if (signal.aborted) return undefined;
        if (!(error instanceof FileError || error instanceof ExpectationError)) throw error;
        const message = error instanceof FileError ? error.message : `${showPath(pair.map)}: ${error.message}`;
        progress.note(`corr2d: ${message}`);
        return { ...pair, error: message };
      } finally {
        progress.step(0);
      }
    }),
  ).finally(() => progress.stop());
  return {
    done: evaluated.filter((one) => one !== undefined && 'counts' in one),
    failed: evaluated.filter((one) => one !== undefined && 'error' in one),
  };
}

function pictureLine({ name }: MapAndTruth, { f, recall, precision, threshold }: ThresholdScore): string {
  return `${showPath(name)}: F ${share(f)} at ${share(threshold)} (recall ${share(recall)}, precision ${share(precision)})`;
}

/** ODS, OIS and AP as a table. */
function summaryLines({ ods, ois, ap }: EdgeScores): string[] {
  const row = (name: string, score: EdgeScore, threshold: string): string[] => [
    name,
    share(score.f),
    share(score.recall),
    share(score.precision),
    threshold,
  ];
  return tableLines([
    ['', 'F', 'recall', 'precision', 'threshold'],
    row('ODS', ods, share(ods.threshold)),
    row('OIS', ois, 'each its own'),
    ['AP', share(ap), '', '', ''],
  ]).map((line) => line.trimEnd());
}

function share(value: number): string {
  return value.toFixed(3);
}

function countLine(done: number, failed: number, seconds: number): string {
  const pictures = done + failed;
  const failures = failed === 0 ? '' : `, of which ${failed} could not be evaluated and count for nothing`;
  return `${pictures} picture${pictures === 1 ? '' : 's'} in ${seconds.toFixed(1)} s${failures}`;
}

function scoresJson({ ods, ois, ap, curve, pictures }: EdgeScores, done: readonly EvaluatedMap[]): object {
  return {
    ods,
    ois,
    ap,
    curve,
    pictures: pictures.map((best, i) => {
      const { name, map, truths, counts } = done[i];
      const { thresholds: _, ...counted } = counts;
      return { name, map, truth: truths, ...best, counts: counted };
    }),
  };
}

async function pageProblems(
  { report: path, maps }: EvaluateArguments,
  scores: EdgeScores | undefined,
  done: readonly EvaluatedMap[],
  failed: readonly FailedMap[],
  facts: { readonly maps: string; readonly truth: readonly string[]; readonly options?: unknown },
): Promise<string[]> {
  if (path === undefined) return [];
  const pictures = done.map(({ map, name }) => ({ name, map }));
  const html = await htmlPage(
    `edges of ${maps}${scores === undefined ? '' : `: ODS ${share(scores.ods.f)}`}`,
    evaluationPage({ ...facts, scores, pictures, failures: failed.map(({ map, error }) => ({ map, error })) }, path),
  );
  return reportProblems(path, () => html);
}

/** Refuses reports among the pictures, and over one another. */
async function expectReports({ maps, truth, more, json, report }: EvaluateArguments): Promise<void> {
  const reports = [
    { option: '--json', path: json },
    { option: '--report', path: report },
  ].filter((one): one is { option: string; path: string } => Boolean(one.path));
  for (const { option, path } of reports) {
    for (const folder of [maps, truth, ...more]) {
      if (resolve(folder) !== resolve(path) && !isInside(await realOf(folder), await realOf(path))) continue;
      throw expected(`a file outside of ${showPath(folder)}`, option, showPath(path));
    }
    const others = reports.filter((other) => other.option !== option).map((other) => other.path);
    await expectOwnFile(path, option, [...others, maps, truth, ...more]);
    await expectReport(path, option);
  }
  if (report !== undefined) expectPageName(report);
}
