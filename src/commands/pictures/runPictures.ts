import { type Job } from '../../batch/plan/job.ts';
import type { Ending } from '../../batch/state/results.ts';
import { runJobs, type RunOptions } from '../../batch/work/run.ts';
import { showPath } from '../../disk/showPath.ts';
import { expected, expectInteger } from '../../planes/expected.ts';
import { expectQueueOptions, openOverQueue, type OverQueue, type Worked } from '../queue/overQueue.ts';
import { planOnDisk } from '../queue/planOnDisk.ts';
import { EXIT, type ExitStatus } from '../shared/exit.ts';
import { faultNote } from '../shared/failOn.ts';
import { describeFirst } from '../shared/firstFrame.ts';
import { type Interrupt, onInterrupt } from '../shared/interrupt.ts';
import { createProgress, type Progress } from '../shared/progress.ts';
import { print, say as tell } from '../shared/say.ts';
import { shellQuote } from '../shared/shellQuote.ts';
import type { BatchArguments } from './batchOptions.ts';
import { beginRun, type Begun } from './beginRun.ts';
import { printPlan } from './dryRun.ts';
import type { PictureCommand } from './pictureCommand.ts';
import { countJobs, planPictures } from './planPictures.ts';
import { createReport, type Done } from './report.ts';
import { watch } from './watch.ts';
import { jobsAtOnce, openWorkshop } from './workshop.ts';

/** Pictures with a fault that are told by name: a camera may put the same one into every picture. */
const TOLD_FAULTS = 5;

/**
 * Reads every input, lets the command work on it, and writes what comes of it: the frame that all picture commands share.
 * Everything that can be refused is refused before anything is written.
 */
export async function runPictures(args: BatchArguments, command: PictureCommand): Promise<ExitStatus> {
  checkArguments(args);
  expectQueueOptions(args);
  const started = performance.now();
  const onDisk = args.queue === undefined || args['dry-run'] ? undefined : await planOnDisk(args, command);
  const planned = onDisk ?? (await planPictures(args, command));
  if (args['dry-run']) return printPlan({ ...planned, count: planned.all.length }, args);
  // Before anything is written, so that a signal finds someone to clean up after it; until all is cleaned up.
  const run: Run = { args, command, started, inFlight: 0, say: tell };
  const queue =
    args.queue === undefined
      ? undefined
      : await openOverQueue(args, command, planned, (line) => run.say(line)).catch(async (error: unknown) => {
          await onDisk?.remove();
          throw error;
        });
  const interrupt = onInterrupt(
    (line) => run.say(line),
    () =>
      run.inFlight > 0 || queue !== undefined
        ? 'interrupted: finishing the pictures in flight; once more gives them up'
        : 'interrupted',
  );
  try {
    const begun = await beginRun(planned, args, command);
    return await (args.detach && queue
      ? leaveToWorkers(run, begun, interrupt, queue)
      : makePictures(run, begun, interrupt, queue));
  } finally {
    interrupt.release();
    await queue?.close();
    await onDisk?.remove();
  }
}

interface Run {
  readonly args: BatchArguments;
  readonly command: PictureCommand;
  readonly started: number;
  /** Pictures. */
  inFlight: number;
  /** Prints a line for people. */
  say: (line: string) => void;
}

async function makePictures(
  run: Run,
  { plan, isTaken }: Begun,
  { signal }: Interrupt,
  queue: OverQueue | undefined,
): Promise<ExitStatus> {
  const { args, command } = run;
  const { jobs, skipped, results } = plan;
  const report = createReport(command, args);
  const progress = await createProgress({
    total: countJobs(plan),
    stream: process.stderr,
    enabled: !args.quiet && process.stderr.isTTY === true,
  });
  run.say = (line) => progress.note(line);
  if (!args.quiet) for (const note of plan.notes) run.say(`corr2d: ${note}`);
  report.begin(plan.notes, skipped);

  const workshop = openWorkshop(args, command, countJobs(plan), results);
  let interrupted = false;
  const lost: string[] = [];
  let ending: Ending = { notes: [], gone: [] };
  let faults = 0;
  const work = async (some: readonly Job[], onDone: (job: Job) => void = () => {}): Promise<Set<Job>> => {
    // With a queue these are the plan's, which may lie on disk.
    const count = queue === undefined ? some.length : countJobs(plan);
    report.plan(count);
    const failed = new Set<Job>();
    const make = async (job: Job): ReturnType<typeof workshop.make> => {
      run.inFlight++;
      try {
        return await workshop.make(job);
      } finally {
        run.inFlight--;
      }
    };
    const how: Required<RunOptions<Done>> = {
      concurrency: jobsAtOnce(args.jobs),
      failFast: args['fail-fast'],
      signal,
      onDone: (job, done) => {
        progress.step(done.megapixels);
        if (!args.quiet && done.pages !== undefined && done.page === undefined && args.pages === undefined) {
          run.say(`corr2d: ${describeFirst(job.input.path, done.pages)}; --page takes another, --pages all each`);
        }
        if (done.fault !== undefined && ++faults <= TOLD_FAULTS && !args.quiet) {
          run.say(`corr2d: ${faultNote(job.input.path, done.fault)}`);
        }
        report.done(job, done);
        onDone(job);
      },
      onFailure: (job, error) => {
        progress.step(0);
        const message = naming(job, error);
        run.say(`corr2d: ${message}`);
        report.failed(job, error);
        failed.add(job);
        // Where the journal itself cannot be written, pictures fail for it and say so.
        results?.failed(job, message).catch(() => {});
      },
    };
    const isQueued = queue !== undefined && results !== undefined && count > 0;
    const ran: Worked = isQueued ? await queue.work(plan, results, how) : await runJobs(some, make, how);
    interrupted ||= ran.interrupted;
    if (ran.problem !== undefined) lost.push(ran.problem);
    return failed;
  };
  try {
    const failed = await work(jobs);
    if (args.watch) {
      progress.stop();
      await watch(plan, args, { failed, signal, say: run.say, work });
    }
  } finally {
    await endWork(progress, workshop);
    if (isTaken && results !== undefined) ending = await results.end();
  }
  const problems = [...lost, ...problemsOf(ending, args.output)];
  const seconds = (performance.now() - run.started) / 1000;
  const told = await report.end({ seconds, interrupted, gone: ending.gone, resumable: results !== undefined });
  for (const problem of [...problems, ...told.problems]) run.say(`corr2d: ${problem}`);
  if (!args.quiet) {
    if (faults > TOLD_FAULTS) run.say(`corr2d: ${moreFaults(faults - TOLD_FAULTS)}`);
    for (const note of ending.notes) run.say(`corr2d: ${note}`);
    for (const line of told.summary) run.say(line);
  }
  if (interrupted) return EXIT.interrupted;
  return report.failures + problems.length + told.problems.length > 0 ? EXIT.failed : EXIT.done;
}

/** Queues the pictures and gives the folder back: workers, and `merge`, do the rest. */
async function leaveToWorkers(
  { args }: Run,
  { plan, isTaken }: Begun,
  { signal }: Interrupt,
  queue: OverQueue,
): Promise<ExitStatus> {
  const { results, notes } = plan;
  if (!args.quiet) for (const note of notes) tell(`corr2d: ${note}`);
  const count = countJobs(plan);
  const pictures = `${count} picture${count === 1 ? '' : 's'}`;
  try {
    if (count === 0 || results === undefined) {
      if (!args.quiet) tell('corr2d: nothing is to be done, and nothing was queued');
      return EXIT.done;
    }
    const left = await queue.leave(plan, results, signal);
    if (left === undefined) return EXIT.interrupted;
    const { run, slices } = left;
    // What was asked for, and what scripts go on with.
    print(run);
    if (!args.quiet) {
      const parts = `${slices} slice${slices === 1 ? '' : 's'}`;
      tell(
        `corr2d: queued ${pictures} in ${parts} at ${queue.shown}; corr2d merge ${shellQuote(args.output)} ends the run`,
      );
    }
    return EXIT.done;
  } finally {
    if (isTaken) await results?.end();
  }
}

function moreFaults(count: number): string {
  const pictures =
    count === 1 ? '1 more picture is read although its' : `${count} more pictures are read although their`;
  return `${pictures} data has a fault (--json tells of each)`;
}

async function endWork(progress: Progress, workshop: { close(): Promise<void> }): Promise<void> {
  progress.stop();
  await workshop.close();
}

/** What was lost of the run's results while it went on. */
function problemsOf({ gone, fault }: Ending, output: string): string[] {
  const problems: string[] = [];
  if (fault !== undefined) problems.push(`the journal does not hold all that was done: ${fault}`);
  if (gone.length > 0) {
    const outputs =
      gone.length === 1 ? '1 output that this run wrote is' : `${gone.length} outputs that this run wrote are`;
    problems.push(`${outputs} not in ${showPath(output)} any more; --resume makes them again`);
  }
  return problems;
}

function checkArguments(args: BatchArguments): void {
  expectInteger(args.jobs, '--jobs', 1, 1024);
  expectInteger(args['limit-pixels'], '--limit-pixels', 1);
  if (args.white !== undefined && !(args.white > 0 && args.white < Number.POSITIVE_INFINITY)) {
    throw expected('a number above 0', '--white', args.white);
  }
  expectInteger(args.memory, '--memory', 1);
  if (!(args['report-limit'] >= 0)) throw expected('a number of at least 0', '--report-limit', args['report-limit']);
  if (args.page !== undefined) expectInteger(args.page, '--page', 1);
  if (args.channel !== undefined && args.channel !== 'all' && !/^[1-9]\d{0,4}$/.test(args.channel)) {
    throw expected('a whole number from 1, or all,', '--channel', args.channel);
  }
  if (args.quality !== undefined) expectInteger(args.quality, '--quality', 1, 100);
  if (args.compression !== undefined) expectInteger(args.compression, '--compression', 0, 9);
}

/** What went wrong, with the picture's name where the sentence does not have it. */
function naming(job: Job, error: Error): string {
  const name = job.input.path === '-' ? 'standard input' : showPath(job.input.path);
  return error.message.includes(name) ? error.message : `${name}: ${error.message}`;
}
