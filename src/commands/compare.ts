import { stat, unlink } from 'node:fs/promises';
import type { Argv, Options, PositionalOptions } from 'yargs';
import { FileError } from '../disk/fileError.ts';
import { readStream } from '../disk/readStream.ts';
import { showPath } from '../disk/showPath.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { sniff } from '../files/decode/sniff.ts';
import { formatOfPath } from '../files/formats.ts';
import { LIMIT_BYTES, readLimits } from '../files/limits.ts';
import { version } from '../files/version.ts';
import { ExpectationError, expected } from '../planes/expected.ts';
import { attempt } from '../verify/attempt.ts';
import { type DrawnComparison } from '../verify/compareOpened.ts';
import { compareSources } from '../verify/compareSources.ts';
import { encodeDrawing } from '../verify/evidenceFiles.ts';
import { openImage } from '../verify/openImage.ts';
import { comparatorOf, describeComparator } from '../verify/options.ts';
import { type ArgumentsOf, withArguments } from './shared/argumentsOf.ts';
import { configOption } from './shared/config.ts';
import { EXIT } from './shared/exit.ts';
import { expectNoTerminal } from './shared/expectNoTerminal.ts';
import { expectOwnFile } from './shared/expectOwnFile.ts';
import { expectPlace } from './shared/expectPlace.ts';
import { say } from './shared/say.ts';
import { writeOut } from './shared/streams.ts';
import { restoreDash } from './shared/words.ts';
import { writeJson } from './shared/writeJson.ts';
import { expectReport, isStandardOutput } from './shared/writeReport.ts';
import { comparisonOf, comparisonOptions, optionName } from './verify/comparisonOptions.ts';

const OUTPUT = 'Output:';

const options = {
  ...comparisonOptions,
  output: {
    alias: 'o',
    type: 'string',
    group: OUTPUT,
    describe: 'PNG to write that shows where the pictures differ, if any pixel does; - is standard output',
  },
  overwrite: {
    type: 'boolean',
    implies: 'output',
    group: OUTPUT,
    describe: 'replace an existing file, or remove it if no pixel differs',
  },
  json: { type: 'string', group: OUTPUT, describe: 'write one JSON object, to [file.json] or to standard output' },
  config: { ...configOption, group: OUTPUT },
  quiet: { alias: 'q', type: 'boolean', default: false, group: OUTPUT, describe: 'print nothing if they match' },
} satisfies Record<string, Options>;

const places = {
  actual: {
    type: 'string',
    demandOption: true,
    coerce: restoreDash,
    describe: 'a picture, as it is now; - is standard input',
  },
  golden: {
    type: 'string',
    demandOption: true,
    coerce: restoreDash,
    describe: 'a picture, as it should be; - is standard input',
  },
} satisfies Record<string, PositionalOptions>;

type CompareArguments = ArgumentsOf<typeof places & typeof options>;

export function builder(argv: Argv): Argv<CompareArguments> {
  return withArguments(argv, places, options)
    .example('$0 compare now.png before.png -o difference.png', 'require every sample to be the same')
    .example('$0 compare now.png before.png --threshold 2/255', 'allow samples to differ by 2 of 255')
    .example(
      'convert now.svg png:- | $0 compare - before.png --metric pixelmatch',
      'compare what another program writes, as people see it',
    );
}

/** What a comparison came to. */
interface Verdict {
  readonly verdict: 'passed' | 'changed' | 'unreadable';
  readonly message: string;
  readonly found?: DrawnComparison;
}

export async function handler(args: CompareArguments): Promise<void> {
  const how = comparisonOf(args);
  const comparator = comparatorOf(how, optionName);
  await expectSources(args);
  await expectOutputs(args);
  // Here, so that a mask that cannot be read is told for what it is.
  const mask = args['ignore-mask'];
  const ignoreMask = mask === undefined ? {} : { ignoreMask: await openImage(mask, '--ignore-mask', readLimits(how)) };
  const { verdict, message, found } = await judge(args, { ...how, ...ignoreMask });
  const problems: string[] = [];
  const diff = await drawing(args, found, problems);
  const { draw: _, ...facts } = found ?? { message };
  problems.push(
    ...(await writeJson(args.json, {
      corr2d: version,
      command: 'compare',
      match: verdict === 'passed',
      verdict,
      actual: args.actual,
      golden: args.golden,
      comparator: describeComparator(comparator),
      ...facts,
      ...(diff === undefined ? {} : { diff }),
    })),
  );
  const where = diff === undefined || diff === '-' ? '' : ` → ${showPath(diff)}`;
  if (!args.quiet || verdict !== 'passed') say(`${verdict}: ${message}${where}`);
  for (const problem of problems) say(`corr2d: ${problem}`);
  if (verdict !== 'passed' || problems.length > 0) process.exitCode = EXIT.failed;
}

/** Refuses what is not two files, or standard input for both. */
async function expectSources({ actual, golden }: CompareArguments): Promise<void> {
  if (actual === '-' && golden === '-') {
    throw expected('a file for one of both pictures', 'corr2d compare', 'standard input for both');
  }
  for (const path of [actual, golden]) {
    if (path === '-' || !(await stat(path).catch(() => undefined))?.isDirectory()) continue;
    throw new ExpectationError(
      `Expected a picture at ${showPath(path)} but found a folder; corr2d verify compares two folders`,
    );
  }
}

async function expectOutputs({ actual, golden, output, overwrite, json, ...args }: CompareArguments): Promise<void> {
  const mask = args['ignore-mask'];
  const read = [actual, golden, ...(mask === undefined ? [] : [mask])].filter((path) => path !== '-');
  if (output === '-') {
    expectNoTerminal('a picture', '--output -');
    if (json !== undefined && (await isStandardOutput(json))) {
      throw new ExpectationError('Expected a file for --json where the picture goes to standard output');
    }
  } else if (output !== undefined) {
    if (formatOfPath(output) !== 'png') throw expected('a file whose name ends in .png', '--output', showPath(output));
    await expectPlace(output, '--output');
    await expectOwnFile(output, '--output', read);
    if (!overwrite && (await stat(output).catch(() => undefined)) !== undefined) {
      throw new ExpectationError(
        `Expected a new file for --output but found one at ${showPath(output)}; --overwrite replaces it`,
      );
    }
  }
  if (!json) return;
  await expectReport(json, '--json');
  await expectOwnFile(json, '--json', output === undefined || output === '-' ? read : [...read, output]);
}

/** @throws FileError where there is no file to compare */
async function judge(
  { actual, golden }: CompareArguments,
  how: Parameters<typeof compareSources>[2],
): Promise<Verdict> {
  const found = await attempt(async () => compareSources(await sourceOf(actual), await sourceOf(golden), how));
  if (!(found instanceof Error)) {
    return { verdict: found.match ? 'passed' : 'changed', message: found.message, found };
  }
  if (!(found instanceof FileError) || found.code === 'missing' || found.code === 'not-a-file') throw found;
  const isOfBytes = found.path === undefined && (actual === '-' || golden === '-');
  return { verdict: 'unreadable', message: isOfBytes ? `standard input: ${found.message}` : found.message };
}

function sourceOf(path: string): string | Promise<Uint8Array> {
  if (path !== '-') return path;
  const limitOf = (head: Uint8Array): number => (sniff(head) === undefined ? 0 : LIMIT_BYTES);
  return readStream(process.stdin, 'a picture', 'standard input', limitOf);
}

/** Writes the drawing that was asked for; where it went, if there is one. */
async function drawing(
  { output, overwrite = false }: CompareArguments,
  found: DrawnComparison | undefined,
  problems: string[],
): Promise<string | undefined> {
  if (output === undefined) return undefined;
  try {
    if (found?.draw === undefined || found.diffPixels === 0) {
      // What an earlier run drew there is not true any more.
      if (overwrite && output !== '-') await unlink(output).catch(() => {});
      return undefined;
    }
    const bytes = await encodeDrawing(found.draw());
    if (output === '-') await writeOut(bytes);
    else await writeFileSafely(output, bytes, { overwrite });
    return output;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    problems.push(error.message);
    return undefined;
  }
}
