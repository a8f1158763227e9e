import { createHash, randomBytes } from 'node:crypto';
import { realpath, rm, rmdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Job } from '../../batch/plan/job.ts';
import { readOutput } from '../../batch/plan/outputNames.ts';
import {
  joinWorkers,
  marksOfWorkers,
  QUEUED,
  type QueuedRun,
  RUN_FILE,
  stopQueuedRun,
} from '../../batch/state/queuedRuns.ts';
import type { Results } from '../../batch/state/results.ts';
import { STATE_FOLDER } from '../../batch/state/stateFolder.ts';
import type { RunOptions } from '../../batch/work/run.ts';
import { canonicalFolders, isBelow } from '../../disk/canonical.ts';
import { reasonOf } from '../../disk/planError.ts';
import { thisProcess } from '../../disk/processes.ts';
import { showPath } from '../../disk/showPath.ts';
import { removeLeftovers } from '../../disk/temporaries.ts';
import { makeFolder, writeFileSafely } from '../../disk/writeFileSafely.ts';
import { expected, ExpectationError } from '../../planes/expected.ts';
import { plainJson } from '../../planes/plainText.ts';
import { addJobs } from '../../queue/addJobs.ts';
import { showQueue } from '../../queue/address.ts';
import { openQueue } from '../../queue/connect.ts';
import { type PictureToPlan, writePlan } from '../../queue/planFile.ts';
import { cancelRun, endRecord, writeRecord } from '../../queue/record.ts';
import type { BatchArguments } from '../pictures/batchOptions.ts';
import type { PictureCommand } from '../pictures/pictureCommand.ts';
import type { Plan } from '../pictures/planPictures.ts';
import type { Done } from '../pictures/report.ts';
import { usualMemory } from '../shared/usualMemory.ts';
import { version } from '../version.ts';
import { followWorkers } from './followWorkers.ts';
import { queueArgument } from './queueOption.ts';
import { copyReads } from './readFiles.ts';
import { settingsOf, wordsOf } from './words.ts';

/** A plan whose pictures workers are to make, and a queue that answers. */
export interface OverQueue {
  /** Where they wait, without a password. */
  readonly shown: string;
  /** Has all of them made, and their lines put into the run's journal. */
  work(jobs: readonly Job[], results: Results, options: WorkOptions): Promise<Worked>;
  /** Leaves them to the workers. */
  leave(jobs: readonly Job[], results: Results): Promise<{ run: string; slices: number }>;
  close(): Promise<void>;
}

type WorkOptions = Required<Pick<RunOptions<Done>, 'failFast' | 'signal' | 'onDone' | 'onFailure'>>;

export interface Worked {
  readonly interrupted: boolean;
  /** Why not all of them were tried, where nobody asked for that. */
  readonly problem?: string;
}

/** Refuses what does not go with `--queue`, and what goes with it alone. */
export function expectQueueOptions(args: BatchArguments): void {
  if (args.queue === undefined) {
    const alone = (['root', 'detach'] as const).find((name) => args[name] !== undefined && args[name] !== false);
    if (alone !== undefined)
      throw new ExpectationError(`Expected --queue with --${alone} but received --${alone} alone`);
    return;
  }
  // Says what is wrong with it before pictures are looked for.
  queueArgument(args.queue);
  const { kind } = readOutput(args.output);
  if (kind !== 'folder' && kind !== 'template') {
    throw expected('a folder or a template for --output', '--queue', args.output);
  }
  const other = (['watch', 'shard'] as const).find((name) => args[name] !== undefined && args[name] !== false);
  if (other !== undefined) {
    throw new ExpectationError(`Expected no --${other} with --queue, whose workers divide the pictures among them`);
  }
  if (args.inputs.includes('-'))
    throw new ExpectationError('Expected files, folders or patterns with --queue but received -');
  if (args.jobs !== availableParallelism() + 1 || args.memory !== usualMemory()) {
    throw new ExpectationError(
      'Expected --jobs and --memory at corr2d worker, which makes the pictures, but received them with --queue',
    );
  }
  if (args.detach && args['fail-fast']) {
    throw new ExpectationError('Expected no --fail-fast with --detach, as nobody waits for failures');
  }
  if (args.detach && (args.json !== undefined || args.ndjson || args.report !== undefined)) {
    throw new ExpectationError(
      'Expected no --json, --ndjson or --report with --detach, as nothing is known of the pictures then',
    );
  }
}

/**
 * Opens the queue and sees that workers will find the pictures; nothing is written yet.
 *
 * @throws ExpectationError where inputs or outputs lie outside the root, PlanError where the queue does not answer
 */
export async function openOverQueue(
  args: BatchArguments,
  command: PictureCommand,
  plan: Plan,
  say: (line: string) => void,
): Promise<OverQueue> {
  const address = queueArgument(args.queue ?? 'auto');
  const root = await rootOf(args.root ?? '.');
  const base = baseOf(args.output);
  const find = canonicalFolders();
  const folder = placeBelow(root, (await find(base)).path, 'an output folder');
  await expectInputs(root, plan.jobs);
  const open = await openQueue(address, (line) => say(`corr2d: ${line}`));

  return { shown: showQueue(address), work, leave, close: () => open.close() };

  async function work(jobs: readonly Job[], results: Results, options: WorkOptions): Promise<Worked> {
    const queued = await enqueue(jobs, results, false);
    const { run, runFolder } = queued;
    let followed: Worked;
    try {
      followed = await followWorkers({ open, run, runFolder, jobs, folder, ...options });
    } finally {
      await stopQueuedRun(runFolder);
    }
    await joinWorkers(base, runFolder, { pictures: jobs.length }, { picture: (line) => results.adopt(line) });
    await tidy(jobs, await marksOfWorkers(runFolder));
    await rm(runFolder, { recursive: true, force: true });
    await rmdir(dirname(runFolder)).catch(() => {});
    await cancelRun(open, run).then(() => endRecord(open, run));
    return followed;
  }

  async function leave(jobs: readonly Job[], results: Results): Promise<{ run: string; slices: number }> {
    return enqueue(jobs, results, true);
  }

  async function enqueue(
    jobs: readonly Job[],
    results: Results,
    detached: boolean,
  ): Promise<{ run: string; runFolder: string; slices: number }> {
    const run = randomBytes(6).toString('hex');
    const runFolder = join(base, STATE_FOLDER, QUEUED, run);
    const { run: header } = results;
    if (header === undefined) throw new Error('Expected a run that has begun');
    await makeFolder(runFolder);
    const place = [folder, STATE_FOLDER, QUEUED, run].filter((part) => part !== '.').join('/');
    const words = wordsOf(args, await copyReads(command, runFolder, place));
    const slices = await writePlan(runFolder, await picturesOf(jobs));
    const queued: QueuedRun = {
      corr2d: 1,
      kind: 'queued run',
      version,
      command: command.name,
      words,
      settings: settingsOf(command.name, words),
      configuration: plan.configuration,
      pictures: jobs.length,
      slices,
      detached,
      process: thisProcess(),
      queue: showQueue(address),
      header,
    };
    const bytes = Buffer.from(`${plainJson(queued, 2)}\n`);
    await writeFileSafely(join(runFolder, RUN_FILE), bytes);
    await writeRecord(open, { run, version, command: command.name, folder, pictures: jobs.length, slices });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { settings } = queued;
    await addJobs(open, [{ corr2d: 1, kind: 'slices', version, run, folder, sha256, settings, slices: [0, slices] }]);
    return { run, runFolder, slices };
  }

  async function picturesOf(jobs: readonly Job[]): Promise<PictureToPlan[]> {
    const outputs = (await find(base)).path;
    const pictures: PictureToPlan[] = [];
    for (const { input, output, replaces } of jobs) {
      const [from, to] = [input.path, output].map(async (path) =>
        join((await find(dirname(path))).path, basename(path)),
      );
      pictures.push({
        path: input.path,
        input: placeBelow(root, await from, 'inputs'),
        rel: input.rel,
        output: placeBelow(outputs, await to, 'outputs'),
        ...(replaces === undefined ? {} : { replaces }),
        ...(input.page === undefined ? {} : { page: input.page }),
        ...(input.channel === undefined ? {} : { channel: input.channel }),
      });
    }
    return pictures;
  }

  async function expectInputs(within: string, jobs: readonly Job[]): Promise<void> {
    for (const { input } of jobs) {
      placeBelow(within, (await find(dirname(input.path))).path, 'inputs');
      // Through a link, too; what is not there any more fails when it is its turn.
      const real = await realpath(input.path).catch(() => undefined);
      if (real !== undefined) placeBelow(within, real, 'inputs');
    }
  }
}

async function rootOf(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (error) {
    throw new ExpectationError(`Expected a folder for --root but found ${reasonOf(error)} at ${showPath(root)}`);
  }
}

function baseOf(output: string): string {
  const naming = readOutput(output);
  if (naming.kind === 'stream') throw new Error('Expected a folder for outputs');
  return naming.base;
}

/** Where a path lies below the root, with `/` on every system. */
function placeBelow(root: string, path: string, what: string): string {
  if (path !== root && !isBelow(root, path)) {
    throw new ExpectationError(
      `Expected ${what} below the root ${showPath(root)}, which workers see, but found ${showPath(path)}; --root names another`,
    );
  }
  const way = relative(root, path) || '.';
  return sep === '/' ? way : way.replaceAll(sep, '/');
}

/** Removes what workers left that were ended, on whichever machine. */
async function tidy(jobs: readonly Job[], marks: readonly string[]): Promise<void> {
  if (marks.length === 0) return;
  for (const folder of new Set(jobs.map(({ output }) => dirname(output)))) await removeLeftovers(folder, ...marks);
}
