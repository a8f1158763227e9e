import { setTimeout as pause } from 'node:timers/promises';
import { type Input } from '../../batch/inputs/input.ts';
import { isInShard, readShard, type Shard } from '../../batch/inputs/shard.ts';
import { expandParts } from '../../batch/plan/expandParts.ts';
import type { Job, Skipped } from '../../batch/plan/job.ts';
import { type Naming, readOutput } from '../../batch/plan/outputNames.ts';
import { PlanError, planJobs } from '../../batch/plan/plan.ts';
import { openResults, type Results } from '../../batch/state/results.ts';
import { showPath } from '../../disk/showPath.ts';
import { expectFitting } from '../../files/encode/encodeImage.ts';
import { formatOfPath, IMAGE_FORMATS } from '../../files/formats.ts';
import { ExpectationError } from '../../planes/expected.ts';
import type { PlannedPicture } from '../../queue/planFile.ts';
import { expectNoTerminal } from '../shared/expectNoTerminal.ts';
import { expectOwnFile } from '../shared/expectOwnFile.ts';
import { expectPageName } from '../shared/expectPageName.ts';
import { expectReport, isStandardOutput } from '../shared/writeReport.ts';
import type { BatchArguments } from './batchOptions.ts';
import { configurationHash } from './configurationHash.ts';
import { findPictures } from './findPictures.ts';
import { namedFormat, outputFormat } from './outputFormat.ts';
import type { PictureCommand } from './pictureCommand.ts';

/** What a run is to do, before any of it is done. */
export interface Plan {
  readonly naming: Naming;
  readonly jobs: readonly Job[];
  readonly skipped: readonly Skipped[];
  /** Inputs of all shards. */
  readonly all: readonly Input[];
  readonly notes: readonly string[];
  readonly shard: Shard | undefined;
  /** What `--files-from` holds: standard input can be read once. */
  readonly listed: readonly string[];
  readonly configuration: string;
  /** Where outputs go to a folder; a file and standard output have no journal. */
  readonly results: Results | undefined;
  /** The jobs and inputs, where they are too many to be held: all of them are to be made. */
  readonly onDisk?: PlanOnDisk;
}

/** A plan that lies in a file. */
interface PlanOnDisk {
  readonly folder: string;
  readonly pictures: number;
  readonly slices: number;
  /** Of the inputs' paths. */
  readonly sha256: string;
  jobOf(picture: PlannedPicture): Job;
}

/** How many pictures a plan would have made. */
export function countJobs({ jobs, onDisk }: Pick<Plan, 'jobs' | 'onDisk'>): number {
  return onDisk?.pictures ?? jobs.length;
}

/**
 * Finds the inputs and names their outputs. All that can be refused is refused here; nothing is written.
 *
 * @param earlier the plan that this one takes the place of, once the output folder is this run's alone
 */
export async function planPictures(args: BatchArguments, command: PictureCommand, earlier?: Plan): Promise<Plan> {
  const shard = args.shard === undefined ? undefined : readShard(args.shard, process.env);
  const naming = readOutput(args.output);
  const isFolder = naming.kind === 'folder' || naming.kind === 'template';
  const needing = (['resume', 'shard', 'watch'] as const).find(
    (name) => args[name] !== undefined && args[name] !== false,
  );
  if (needing !== undefined && !isFolder) {
    throw new ExpectationError(
      `Expected a folder or a template for --output with --${needing} but received ${showPath(args.output)}`,
    );
  }
  const configuration = earlier?.configuration ?? (await configurationHash(args, command));
  const found = await findPictures(args, earlier?.listed);
  const open = async (): Promise<Results | undefined> =>
    isFolder ? openResults(naming.base, configuration) : undefined;
  const first = earlier?.results ?? (await open());
  const plan = (results: Results | undefined): Planned => planInputs(found.inputs, args, { naming, results, shard });
  const { planned, results } =
    args.resume && earlier === undefined
      ? await planAgain(plan, first, open)
      : { planned: await plan(first), results: first };
  const { jobs, skipped, all } = planned;
  const notes = [...found.notes, ...planned.notes];
  if (all.length === 0 && !args['allow-empty'] && !args.watch) {
    throw new ExpectationError(
      `Expected at least one picture but found none in ${placesOf(args)}` +
        `${args.recursive ? '' : '; -r goes into folders'}; --allow-empty accepts it`,
      ...notes.map((note) => `  ${note}`),
    );
  }
  await expectPossible(args, command, planned);
  return { naming, jobs, skipped, all, notes, shard, listed: found.listed, configuration, results };
}

function placesOf({ inputs, 'files-from': list }: BatchArguments): string {
  return [...inputs, ...(list === undefined ? [] : [list])].map(showPath).join(', ');
}

type Planned = ReturnType<typeof planJobs>;

/**
 * Plans, and once more where outputs stand in the way: they may be those that another run is making, whose journal was read before
 * they were there.
 *
 * @param open reads the journals anew
 */
async function planAgain(
  plan: (results: Results | undefined) => Planned,
  first: Results | undefined,
  open: () => Promise<Results | undefined>,
): Promise<{ readonly planned: Awaited<Planned>; readonly results: Results | undefined }> {
  let results = first;
  for (let looks = 1; ; looks++) {
    try {
      return { planned: await plan(results), results };
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      const later = await open();
      if (later === undefined || (later.lines === results?.lines && looks >= LOOKS)) throw error;
      results = later;
      await pause(PAUSE);
    }
  }
}

/** So often an output folder is looked at before what stands in the way is taken for what stays, and milliseconds between. */
const LOOKS = 5;
const PAUSE = 40;

/** The jobs of inputs that were found, at first or later on. */
export async function planInputs(
  inputs: readonly Input[],
  args: BatchArguments,
  { naming, results, shard }: Pick<Plan, 'naming' | 'results' | 'shard'>,
): Planned {
  const pages = args.pages === 'all' && !isOneTiff(naming);
  const parts = await expandParts(inputs, { pages, channels: args.channel === 'all' });
  return planJobs(parts, {
    naming,
    extension: args.format ?? 'png',
    overwrite: args.overwrite,
    skipExisting: args['skip-existing'],
    ...(shard === undefined ? {} : { isOurs: ({ rel }) => isInShard(rel, shard) }),
    ...(args.resume && results !== undefined ? { outputState: (job) => results.outputState(job) } : {}),
    resumable: results?.hasJournal ?? false,
  });
}

/** Whether an output's name has no place for the number of a page, and is a TIFF's, which holds them all. */
function isOneTiff(naming: Naming): boolean {
  if (naming.kind !== 'file' && naming.kind !== 'template') return false;
  const name = naming.kind === 'file' ? naming.path : naming.text;
  return formatOfPath(name) === 'tif' && !name.includes('{page}');
}

/** Refuses options that do not fit the outputs, and reports that would be written over files of the run. */
export async function expectPossible(
  args: BatchArguments,
  command: PictureCommand,
  { jobs, skipped }: Pick<Plan, 'jobs' | 'skipped'>,
): Promise<void> {
  const isShared = args.ndjson || args['dry-run'] || (args.json !== undefined && (await isStandardOutput(args.json)));
  if (args.output === '-' && isShared) {
    throw new ExpectationError(
      'Expected a file for --json, and no --ndjson or --dry-run, where the picture goes to standard output',
    );
  }
  if (args.output === '-') expectNoTerminal('a picture', '--output -');
  const all = args.pages === 'all' ? '--pages all' : args.channel === 'all' ? '--channel all' : undefined;
  if (all !== undefined && args.shard !== undefined) {
    throw new PlanError(`Expected no --shard with ${all} but received both: shards share pictures out by their paths`);
  }
  if (all !== undefined && args.inputs.includes('-')) {
    throw new PlanError(`Expected files, folders or patterns with ${all} but received -`);
  }
  if (args.watch && args.inputs.includes('-'))
    throw new PlanError('Expected folders or patterns with --watch but received -');
  const { depth, quality, compression, metadata } = args;
  for (const { output } of jobs) {
    const named = namedFormat(output);
    if (args.format !== undefined && named !== undefined && named !== args.format) {
      throw new ExpectationError(
        `Expected an output whose name ends as ${args.format} does, or no --format, but received --format ${args.format} and ${showPath(output)}`,
      );
    }
  }
  const formats = new Set(jobs.map(({ output }) => outputFormat(output, args.format)));
  const how = Object.entries({ depth, quality, compression, metadata }).filter(([, value]) => value !== undefined);
  for (const format of formats) expectFitting(Object.fromEntries(how), IMAGE_FORMATS[format]);
  if (args.report !== undefined) expectPageName(args.report);
  const reports = [
    { option: '--json', path: args.json },
    { option: '--report', path: args.report },
  ].filter((report): report is { option: string; path: string } => Boolean(report.path));
  for (const { option, path } of reports) {
    await expectReport(path, option);
    await expectOwnFile(path, option, [
      ...command.reads,
      ...(args['files-from'] === undefined ? [] : [args['files-from']]),
      ...[...jobs, ...skipped].flatMap((job) => [job.input.path, job.output]),
      ...reports.filter((other) => other.option !== option).map((other) => other.path),
    ]);
  }
}
