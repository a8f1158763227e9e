import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Input } from '../../batch/inputs/input.ts';
import { showShard } from '../../batch/inputs/shard.ts';
import type { Job } from '../../batch/plan/job.ts';
import { STATE_FOLDER } from '../../batch/state/results.ts';
import { runJobs } from '../../batch/work/run.ts';
import { showPath } from '../../disk/showPath.ts';
import { expectInteger } from '../../planes/expected.ts';
import { EXIT, type ExitStatus } from '../shared/exit.ts';
import { onInterrupt } from '../shared/interrupt.ts';
import { createProgress } from '../shared/progress.ts';
import { say as tell } from '../shared/say.ts';
import { version } from '../version.ts';
import type { BatchArguments } from './batchOptions.ts';
import { printPlan } from './dryRun.ts';
import type { PictureCommand } from './pictureCommand.ts';
import { type Plan, planPictures } from './planPictures.ts';
import { createReport } from './report.ts';
import { watch } from './watch.ts';
import { jobsAtOnce, openWorkshop } from './workshop.ts';

/**
 * Reads every input, lets the command work on it, and writes what comes of it: the frame that all picture commands share.
 * Everything that can be refused is refused before anything is written.
 */
export async function runPictures(args: BatchArguments, command: PictureCommand): Promise<ExitStatus> {
  checkArguments(args);
  const started = performance.now();
  const plan = await planPictures(args, command);
  const { jobs, skipped, all, results } = plan;
  if (args['dry-run']) {
    await printPlan({ jobs, skipped, count: all.length, notes: plan.notes }, args);
    return EXIT.done;
  }
  const begun = await begin(plan, args, command);

  const report = createReport(command.name, command.configuration, args);
  const progress = await createProgress({
    total: jobs.length,
    stream: process.stderr,
    enabled: !args.quiet && process.stderr.isTTY === true,
  });
  const say = (line: string): void => progress.note(line);
  const notes = [...plan.notes, ...begun];
  if (!args.quiet) for (const note of notes) say(`corr2d: ${note}`);
  report.begin(notes, skipped);

  const workshop = openWorkshop(args, command, jobs.length, results);
  const interrupt = onInterrupt(say);
  let interrupted = false;
  const work = async (some: readonly Job[], onDone: (job: Job) => void = () => {}): Promise<Set<Job>> => {
    const failed = new Set<Job>();
    const ran = await runJobs(some, (job) => workshop.make(job), {
      concurrency: jobsAtOnce(args.jobs),
      failFast: args['fail-fast'],
      signal: interrupt.signal,
      onDone: (job, done) => {
        progress.step(done.megapixels);
        if (!args.quiet && done.pages !== undefined) say(`corr2d: ${firstOf(job, done.pages)}`);
        report.done(job, done);
        onDone(job);
      },
      onFailure: (job, error) => {
        progress.step(0);
        const message = naming(job, error);
        say(`corr2d: ${message}`);
        report.failed(job, error);
        failed.add(job);
        // Where the journal itself cannot be written, pictures fail for it and say so.
        results?.failed(job, message).catch(() => {});
      },
    });
    interrupted ||= ran.interrupted;
    return failed;
  };
  try {
    const failed = await work(jobs);
    if (args.watch) {
      progress.stop();
      await watch(plan, args, { failed, signal: interrupt.signal, say, work });
    }
  } finally {
    interrupt.release();
    progress.stop();
    await workshop.close();
    await results?.end();
  }
  const summary = await report.end((performance.now() - started) / 1000, interrupted);
  if (!args.quiet) tell(...summary);
  if (interrupted) return EXIT.interrupted;
  return report.failures > 0 ? EXIT.failed : EXIT.done;
}

async function begin(plan: Plan, args: BatchArguments, command: PictureCommand): Promise<string[]> {
  const { jobs, skipped, all, results, shard, configuration } = plan;
  const isIdle = jobs.length === 0 && shard === undefined && !args.watch;
  // Also without work: a run that was killed when all was done has left its lock.
  if (results === undefined || (isIdle && !results.hasState)) return [];
  const settings = JSON.parse(JSON.stringify(command.configuration)) as Record<string, unknown>;
  const header = {
    version,
    command: command.name,
    settings,
    configuration,
    ...(shard === undefined ? {} : { shard: showShard(shard) }),
    inputs: { count: all.length, sha256: hashPaths(all) },
    planned: jobs.length + skipped.length,
  };
  const folders = [...new Set([...jobs, ...skipped].map(({ output }) => dirname(output)))];
  const notes = await results.begin(header, { shard, folders, remember: args.watch });
  const altered = jobs.filter(({ replaces }) => replaces === 'altered').length;
  if (altered === 0) return notes;
  const outputs = altered === 1 ? '1 output that was' : `${altered} outputs that were`;
  return [
    ...notes,
    `${outputs} altered since will be made again; what stands there is kept in ${STATE_FOLDER}/replaced`,
  ];
}

/** Alike for the same pictures on all machines, wherever their folder stands and in whichever order it is listed. */
function hashPaths(inputs: readonly Input[]): string {
  const paths = inputs.map(({ rel }) => rel.normalize('NFC')).toSorted((a, b) => (a < b ? -1 : 1));
  return createHash('sha256').update(paths.join('\0')).digest('hex');
}

function firstOf(job: Job, pages: number): string {
  return `${showPath(job.input.path)} holds ${pages} pages or frames, of which the first was taken`;
}

function checkArguments(args: BatchArguments): void {
  expectInteger(args.jobs, '--jobs', 1, 1024);
  expectInteger(args['limit-pixels'], '--limit-pixels', 1);
  expectInteger(args.memory, '--memory', 1);
  if (args.quality !== undefined) expectInteger(args.quality, '--quality', 1, 100);
  if (args.compression !== undefined) expectInteger(args.compression, '--compression', 0, 9);
}

/** What went wrong, with the picture's name where the sentence does not have it. */
function naming(job: Job, error: Error): string {
  const name = showPath(job.input.path);
  return error.message.includes(name) ? error.message : `${name}: ${error.message}`;
}
