import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Argv, Options, PositionalOptions } from 'yargs';
import { isInside, realOf } from '../disk/realPaths.ts';
import { showPath } from '../disk/showPath.ts';
import { readLimits } from '../files/limits.ts';
import { ExpectationError, expected, expectInteger } from '../planes/expected.ts';
import { htmlPage } from '../report/htmlPage.ts';
import { verifyPage } from '../report/verifyPage.ts';
import { openImage } from '../verify/openImage.ts';
import { comparatorOf } from '../verify/options.ts';
import { pairsAtOnce } from '../verify/pairsAtOnce.ts';
import { expectUpdate, verifyUntilAborted, type VerifyOptions } from '../verify/verifyFolder.ts';
import type { PartialReport, VerifiedItem } from '../verify/verifyReport.ts';
import { expectQueueForPairs, openPairsOverQueue } from './queue/pairsOverQueue.ts';
import { type ArgumentsOf, withArguments } from './shared/argumentsOf.ts';
import { configOption } from './shared/config.ts';
import { EXIT } from './shared/exit.ts';
import { expectOwnFile } from './shared/expectOwnFile.ts';
import { expectPageName } from './shared/expectPageName.ts';
import { onInterrupt } from './shared/interrupt.ts';
import { MEMORY } from './shared/machineDefaults.ts';
import { print, say } from './shared/say.ts';
import { shellQuote } from './shared/shellQuote.ts';
import { writeJson } from './shared/writeJson.ts';
import { expectReport, reportProblems } from './shared/writeReport.ts';
import { comparisonOf, comparisonOptions, optionName } from './verify/comparisonOptions.ts';
import { lockGoldens } from './verify/lockGoldens.ts';
import { openPairMemory } from './verify/pairMemory.ts';
import { annotationsOf, itemLine, junitOf, regJson, summaryOf, updateLine } from './verify/verifyReport.ts';

const GOLDENS = 'Goldens:';
const OUTPUT = 'Output:';

const options = {
  ...comparisonOptions,
  'allow-new': {
    type: 'boolean',
    default: false,
    group: GOLDENS,
    describe: 'accept pictures that have no golden',
  },
  'allow-deleted': {
    type: 'boolean',
    default: false,
    group: GOLDENS,
    describe: 'accept goldens that have no picture',
  },
  selective: {
    type: 'boolean',
    default: false,
    group: GOLDENS,
    describe: 'a partial run: ignore goldens that have no picture',
  },
  update: {
    alias: 'u',
    type: 'boolean',
    default: false,
    group: GOLDENS,
    describe:
      'accept the pictures: write goldens for new and changed ones, and rename the goldens of renamed ones; refused in CI',
  },
  prune: {
    type: 'boolean',
    default: false,
    implies: 'update',
    group: GOLDENS,
    describe: 'with --update: remove goldens that have no picture',
  },
  only: {
    type: 'string',
    array: true,
    nargs: 1,
    group: GOLDENS,
    describe: 'verify only this picture, by its path below the folders; may be repeated',
  },
  output: {
    alias: 'o',
    type: 'string',
    group: OUTPUT,
    defaultDescription: '<actual>-diff',
    describe: 'folder for -actual, -expected and -diff pictures of what changed',
  },
  json: {
    type: 'string',
    group: OUTPUT,
    describe: 'write one JSON object at the end (keys as in reg.json), to [file.json] or to standard output',
  },
  junit: { type: 'string', group: OUTPUT, describe: 'write a JUnit report to a file' },
  report: { type: 'string', group: OUTPUT, describe: 'write a page to review and approve changes, to a file.html' },
  'report-limit': {
    type: 'number',
    default: 64,
    group: OUTPUT,
    describe: 'MiB of pictures in the page; further ones are shown from where they lie',
  },
  annotations: {
    choices: ['github'] as const,
    group: OUTPUT,
    describe: 'write one line per failure to standard output, for a pull request',
  },
  jobs: {
    alias: 'j',
    type: 'number',
    default: pairsAtOnce(),
    defaultDescription: 'number of processors × 2',
    group: OUTPUT,
    describe: 'pairs to compare at once',
  },
  memory: {
    type: 'number',
    ...MEMORY,
    group: OUTPUT,
    describe: 'memory in MiB for all pairs in progress; a pair that needs more fails',
  },
  queue: {
    type: 'string',
    group: OUTPUT,
    describe:
      'let corr2d workers compare the pairs, through the queue redis://host/name; auto: the queue in CORR2D_QUEUE',
  },
  root: {
    type: 'string',
    group: OUTPUT,
    defaultDescription: 'the working folder',
    describe: 'with --queue: folder above pictures, goldens and output that all workers share',
  },
  config: { ...configOption, group: OUTPUT },
  quiet: { alias: 'q', type: 'boolean', default: false, group: OUTPUT, describe: 'print failures only' },
} satisfies Record<string, Options>;

const places = {
  actual: {
    type: 'string',
    demandOption: true,
    describe: 'a folder of pictures, as they are now',
  },
  golden: { type: 'string', demandOption: true, describe: 'a folder of pictures, as they should be' },
} satisfies Record<string, PositionalOptions>;

type VerifyArguments = ArgumentsOf<typeof places & typeof options>;

export function builder(argv: Argv): Argv<VerifyArguments> {
  return withArguments(argv, places, options)
    .example('$0 verify edges golden', 'require every sample of every picture to be the same')
    .example('$0 verify edges golden --metric boundary --distance 2', 'allow edges to have moved by two pixels')
    .example('$0 verify edges golden --update', 'accept the pictures as they are');
}

export async function handler(args: VerifyArguments): Promise<void> {
  const { actual, golden, update, quiet } = args;
  const output = args.output ?? join(dirname(actual), `${basename(resolve(actual))}-diff`);
  const how = optionsOf(args);
  comparatorOf(how, optionName);
  expectQueueForPairs(args);
  expectUpdate(how);
  await expectNoFiles(actual, golden);
  await expectReports(args);
  const started = performance.now();
  const onItem = (item: VerifiedItem): void => {
    if (!quiet || item.failed) say(itemLine(item));
  };
  const onUpdate = (item: VerifiedItem): void => {
    if (!quiet || item.failed) say(updateLine(item));
  };
  // From before the lock is taken until after it is given back, so that no signal leaves it there.
  const interrupt = onInterrupt(say);
  let lock: Awaited<ReturnType<typeof lockGoldens>> | undefined;
  let queue: Awaited<ReturnType<typeof openPairsOverQueue>> | undefined;
  let report: PartialReport;
  try {
    if (args.queue !== undefined) queue = await openPairsOverQueue(args, { output, signal: interrupt.signal, say });
    if (update) lock = await lockGoldens(golden);
    const heeding = { ...how, output, signal: interrupt.signal, onItem, onUpdate };
    const where = queue === undefined ? { memory: openPairMemory(args.memory) } : { elsewhere: queue };
    report = await verifyUntilAborted(actual, golden, heeding, where);
  } finally {
    await queue?.close();
    await lock?.release();
    interrupt.release();
  }
  for (const problem of report.problems) say(`corr2d: ${problem}`);
  if (!quiet) {
    for (const note of report.notes) say(`corr2d: ${note}`);
    const seconds = (performance.now() - started) / 1000;
    say(summaryOf(report, seconds, update ? undefined : output));
  }
  if (args.annotations === 'github') print(...annotationsOf(report));
  const problems = [
    ...(await pageProblems(args, report)),
    ...(await reportProblems(args.junit, () => junitOf(report))),
    ...(await writeJson(args.json, regJson(report, output))),
  ];
  for (const problem of problems) say(`corr2d: ${problem}`);
  if (report.interrupted) process.exitCode = EXIT.interrupted;
  else process.exitCode = report.match && problems.length === 0 ? EXIT.done : EXIT.failed;
}

/** The library's options, none where none was given. */
function optionsOf(args: VerifyArguments): VerifyOptions {
  const { selective, update, prune, jobs } = args;
  return {
    ...comparisonOf(args),
    jobs: expectInteger(jobs, '--jobs', 1, 1024),
    allowNew: args['allow-new'],
    allowDeleted: args['allow-deleted'],
    selective,
    update,
    prune,
    ...(args.only === undefined ? {} : { only: args.only.map((path) => path.replaceAll(sep, '/')) }),
  };
}

/** Writes the page that was asked for; why it was not, in a sentence. */
async function pageProblems(args: VerifyArguments, report: PartialReport): Promise<string[]> {
  const { report: path, actual, golden } = args;
  if (path === undefined) return [];
  const accept = ['corr2d', 'verify', actual, golden, ...comparisonWords(args), '--update'];
  const how = comparisonOf(args);
  const page = await verifyPage(report, {
    path,
    accept,
    limit: args['report-limit'] * 2 ** 20,
    comparator: comparatorOf(how, optionName),
    mask: how.ignoreMask === undefined ? undefined : await openImage(how.ignoreMask, 'ignoreMask', readLimits(how)),
    limitPixels: args['limit-pixels'],
  });
  const html = await htmlPage(`${report.match ? 'passed' : 'failed'}: ${actual} against ${golden}`, page);
  return reportProblems(path, () => html);
}

/** The call's own words for how pictures are compared. */
function comparisonWords(args: VerifyArguments): string[] {
  return Object.keys(comparisonOptions).flatMap((name) => {
    const value = args[name as keyof typeof comparisonOptions] as unknown;
    const fallback = (comparisonOptions[name as keyof typeof comparisonOptions] as Options).default as unknown;
    if (value === undefined || value === fallback || value === false) return [];
    const values = Array.isArray(value) ? value : [value];
    return values.flatMap((one) => (one === true ? [`--${name}`] : [`--${name}`, String(one)]));
  });
}

/** Two files are another command's. */
async function expectNoFiles(actual: string, golden: string): Promise<void> {
  const both = await Promise.all([actual, golden].map((path) => stat(path).catch(() => undefined)));
  if (!both.every((status) => status?.isFile())) return;
  throw new ExpectationError(
    `Expected two folders for corr2d verify but found two files; corr2d compare ${[actual, golden].map((path) => shellQuote(path)).join(' ')} compares them`,
  );
}

/** Refuses reports that would be written among the pictures, over one another or over the mask. */
async function expectReports(args: VerifyArguments): Promise<void> {
  const { actual, golden, json, junit, report: page, 'ignore-mask': mask } = args;
  const reports = [
    { option: '--json', path: json },
    { option: '--junit', path: junit },
    { option: '--report', path: page },
  ].filter((report): report is { option: string; path: string } => Boolean(report.path));
  for (const { option, path } of reports) {
    for (const folder of [actual, golden]) {
      if (isInside(await realOf(folder), await realOf(path))) {
        throw expected(`a file outside of ${showPath(folder)}`, option, showPath(path));
      }
    }
    const others = reports.filter((other) => other.option !== option).map((other) => other.path);
    await expectOwnFile(path, option, mask === undefined ? others : [...others, mask]);
    await expectReport(path, option);
  }
  if (junit === '') throw expected('a file', '--junit', junit);
  if (page !== undefined) expectPageName(page);
  if (!(args['report-limit'] >= 0)) throw expected('a number of at least 0', '--report-limit', args['report-limit']);
}
