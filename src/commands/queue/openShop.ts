import type { QueuedRun } from '../../batch/state/queuedRuns.ts';
import type { RunShop } from '../../queue/makeSlice.ts';
import type { WorkerResults } from '../../queue/workerResults.ts';
import { openWorkshop, type Room, jobsAtOnce } from '../pictures/workshop.ts';
import { expectCopies } from './readFiles.ts';
import { readWords } from './readWords.ts';
import { settingsOf } from './words.ts';

/** What a worker has for all its runs together. */
export interface WorkerRoom extends Room {
  readonly jobs: number;
  /** MiB. */
  readonly megabytes: number;
}

/**
 * What makes a run's pictures, from the words that it was queued with.
 *
 * @throws ExpectationError where the command would refuse them, or they would have other files read than the run's own
 */
export async function openShop(
  run: QueuedRun,
  runFolder: string,
  base: string,
  results: WorkerResults,
  room: WorkerRoom,
): Promise<RunShop> {
  const read = await readWords(run.command, run.words);
  const args = { ...read.args, output: base, jobs: room.jobs, memory: room.megabytes, quiet: true };
  await expectCopies(run.words, runFolder, read.choices);
  const command = await read.commandOf(args as never);
  const workshop = openWorkshop(args, command, run.pictures, results, room);
  return {
    settings: settingsOf(run.command, run.words),
    concurrency: jobsAtOnce(room.jobs),
    make: (job) => workshop.make(job),
    close: () => workshop.close(),
  };
}
