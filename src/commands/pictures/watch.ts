import { type Input } from '../../batch/inputs/input.ts';
import { rememberKinds } from '../../batch/inputs/kindForSearch.ts';
import { watchInputs } from '../../batch/inputs/watch.ts';
import { type Job } from '../../batch/plan/job.ts';
import { PlanError } from '../../batch/plan/plan.ts';
import { showPath } from '../../disk/showPath.ts';
import type { BatchArguments } from './batchOptions.ts';
import { findPictures } from './findPictures.ts';
import { type Plan, planInputs } from './planPictures.ts';

/** Milliseconds between two looks: what is written without a pause of such length is seen when it is complete. */
const INTERVAL = 1000;

interface WatchRun {
  /** What of the plan could not be made: it is tried again when it has changed. */
  readonly failed: ReadonlySet<Job>;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Does the jobs, calls back for each that is done, and gives those that failed. */
  readonly work: (jobs: readonly Job[], onDone: (job: Job) => void) => Promise<ReadonlySet<Job>>;
}

/**
 * Works on pictures that appear after those of the plan, and on those that change, until the signal; what fails is told and does not
 * end the watch. Outputs that stand as this run, or an earlier one, wrote them are replaced; what was altered since is kept aside.
 */
export async function watch(plan: Plan, args: BatchArguments, run: WatchRun): Promise<void> {
  const { failed, signal, say, work } = run;
  if (args['fail-fast'] && failed.size > 0) return;
  // With --skip-existing outputs stay, whatever becomes of their pictures.
  const stays = args['skip-existing'];
  const again = new Set([...failed].map(({ input }) => input.path));
  const kindOf = rememberKinds();
  const tell = args.quiet ? () => {} : say;
  const find = async (): Promise<readonly Input[]> => (await findPictures(args, plan.listed, kindOf)).inputs;
  tell(`corr2d: watching for ${stays ? 'new pictures' : 'pictures that are new or change'}; Ctrl-C ends it`);
  const arrivals = watchInputs(plan.all, {
    find,
    interval: INTERVAL,
    signal,
    isAgain: ({ path }) => !stays || again.has(path),
    onFault: ({ message }) => say(`corr2d: ${message}`),
  });
  for await (const inputs of arrivals) {
    const jobs = await jobsOf(inputs, args, plan, say);
    for (const { input } of jobs) again.delete(input.path);
    const onDone = ({ input, output }: Job): void => tell(`corr2d: ${showPath(input.path)} → ${showPath(output)}`);
    for (const { input } of await work(jobs, onDone)) again.add(input.path);
    if (args['fail-fast'] && again.size > 0) return;
  }
}

/** A picture that cannot be worked on does not keep those from it that came with it. */
async function jobsOf(
  inputs: readonly Input[],
  args: BatchArguments,
  plan: Plan,
  say: (line: string) => void,
): Promise<readonly Job[]> {
  try {
    const resume = args.resume || !(args.overwrite || args['skip-existing']);
    return (await planInputs(inputs, { ...args, resume }, plan)).jobs;
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    if (inputs.length === 1) {
      say(`corr2d: ${error.message}`);
      return [];
    }
  }
  const jobs: Job[] = [];
  for (const input of inputs) jobs.push(...(await jobsOf([input], args, plan, say)));
  return jobs;
}
