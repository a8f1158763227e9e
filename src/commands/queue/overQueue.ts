import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Job } from '../../batch/plan/job.ts';
import { readOutput } from '../../batch/plan/outputNames.ts';
import { joinWorkers, marksOfWorkers, QUEUED, removeQueuedRun, stopQueuedRun } from '../../batch/state/queuedRuns.ts';
import type { Results } from '../../batch/state/results.ts';
import { STATE_FOLDER } from '../../batch/state/stateFolder.ts';
import type { RunOptions } from '../../batch/work/run.ts';
import { removeLeftovers } from '../../disk/temporaries.ts';
import { makeFolder } from '../../disk/writeFileSafely.ts';
import { expected, ExpectationError } from '../../planes/expected.ts';
import { showQueue } from '../../queue/address.ts';
import { openQueue, QueueGone } from '../../queue/connect.ts';
import { copyPlan, openPlan, readSlice, writePlan } from '../../queue/planFile.ts';
import type { BatchArguments } from '../pictures/batchOptions.ts';
import type { PictureCommand } from '../pictures/pictureCommand.ts';
import { countJobs, type Plan } from '../pictures/planPictures.ts';
import type { Done } from '../pictures/report.ts';
import { JOBS, MEMORY } from '../shared/machineDefaults.ts';
import { followWorkers } from './followWorkers.ts';
import { openPlaces } from './places.ts';
import { queueArgument } from './queueOption.ts';
import { endRun, queueRun } from './queueRun.ts';
import { copyReads } from './readFiles.ts';
import { isDecisive, wordsOf } from './words.ts';

/** A plan whose pictures workers are to make, and a queue that answers. */
export interface OverQueue {
  /** Where they wait, without a password. */
  readonly shown: string;
  /** Has all of them made, and their lines put into the run's journal. */
  work(plan: Plan, results: Results, options: WorkOptions): Promise<Worked>;
  /** Leaves them to the workers; nothing of that stays where the signal has come and the queue has gone away. */
  leave(plan: Plan, results: Results, signal: AbortSignal): Promise<Queued | undefined>;
  close(): Promise<void>;
}

interface Queued {
  readonly run: string;
  readonly runFolder: string;
  readonly slices: number;
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
  if (args.jobs !== JOBS.default || args.memory !== MEMORY.default) {
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
  const places = await openPlaces(args);
  const { base, folder } = places;
  // One that lies on disk was looked through when it was written.
  const checked = plan.onDisk === undefined ? await places.plan(plan.jobs) : [];
  const open = await openQueue(address, (line) => say(`corr2d: ${line}`));

  return {
    shown: showQueue(address),
    work,
    leave: (current, results, signal) => enqueue(current, results, { detached: true, signal }),
    close: () => open.close(),
  };

  async function work(current: Plan, results: Results, options: WorkOptions): Promise<Worked> {
    const queued = await enqueue(current, results, { detached: false, signal: options.signal });
    if (queued === undefined) return { interrupted: true };
    const { run, runFolder } = queued;
    const pictures = countJobs(current);
    const jobAt = jobsOf(current, runFolder);
    let followed: Worked;
    try {
      followed = await followWorkers({ open, run, runFolder, pictures, jobAt, folder, ...options });
    } finally {
      await stopQueuedRun(runFolder);
    }
    await joinWorkers(base, runFolder, { pictures }, { picture: (line) => results.adopt(line) });
    await tidy(current, runFolder, await marksOfWorkers(runFolder));
    await removeQueuedRun(runFolder);
    await endRun(open, run, options.signal);
    return followed;
  }

  async function enqueue(
    current: Plan,
    results: Results,
    { detached, signal }: { readonly detached: boolean; readonly signal: AbortSignal },
  ): Promise<Queued | undefined> {
    const run = randomBytes(6).toString('hex');
    const runFolder = join(base, STATE_FOLDER, QUEUED, run);
    try {
      return { run, runFolder, slices: await fill(run, runFolder, current, results, { detached, signal }) };
    } catch (error) {
      await removeQueuedRun(runFolder);
      if (error instanceof QueueGone) return undefined;
      throw error;
    }
  }

  async function fill(
    run: string,
    runFolder: string,
    current: Plan,
    results: Results,
    { detached, signal }: { readonly detached: boolean; readonly signal: AbortSignal },
  ): Promise<number> {
    const { run: header } = results;
    if (header === undefined) throw new Error('Expected a run that has begun');
    const { jobs, onDisk } = current;
    const pictures = countJobs(current);
    await makeFolder(runFolder);
    const place = [folder, STATE_FOLDER, QUEUED, run].filter((part) => part !== '.').join('/');
    const words = wordsOf(args, isDecisive, await copyReads(command.reads, runFolder, place));
    if (onDisk !== undefined) await copyPlan(onDisk.folder, runFolder);
    const slices =
      onDisk?.slices ?? (await writePlan(runFolder, jobs === plan.jobs ? checked : await places.plan(jobs)));
    await queueRun(
      open,
      {
        runFolder,
        run,
        folder,
        command: command.name,
        words,
        configuration: current.configuration,
        pictures,
        slices,
        detached,
        queue: showQueue(address),
        header,
      },
      signal,
    );
    return slices;
  }
}

/** A plan's jobs by their places in it. */
function jobsOf({ jobs, onDisk }: Plan, runFolder: string): (at: number) => Job | Promise<Job> {
  if (onDisk === undefined) return (at) => jobs[at];
  const written = openPlan(runFolder);
  return async (at) => onDisk.jobOf(await written.pictureAt(at));
}

/** Removes what workers left that were ended, on whichever machine. */
async function tidy({ jobs, onDisk }: Plan, runFolder: string, marks: readonly string[]): Promise<void> {
  if (marks.length === 0) return;
  let last: string | undefined;
  const look = async (some: readonly Job[]): Promise<void> => {
    for (const folder of new Set(some.map(({ output }) => dirname(output)))) {
      if (folder !== last) await removeLeftovers(folder, ...marks);
      last = folder;
    }
  };
  await look(jobs);
  for (let slice = 0; slice < (onDisk?.slices ?? 0); slice++) {
    const { pictures } = await readSlice(runFolder, slice);
    await look(pictures.flatMap((picture) => onDisk?.jobOf(picture) ?? []));
  }
}
