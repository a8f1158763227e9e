import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PlanError } from '../../disk/planError.ts';
import { removeLeftovers } from '../../disk/temporaries.ts';
import { extendJournal } from './extendJournal.ts';
import type { FailureLine, PictureLine } from './journal.ts';
import { takeLock } from './lock.ts';
import type { Merged, MergeOptions } from './merge.ts';
import { joinWorkers, marksOfWorkers, QUEUED, queuedRuns, readQueuedRun, stopQueuedRun } from './queuedRuns.ts';
import { isOwnFolder, STATE_FOLDER } from './stateFolder.ts';

/**
 * Ends the run that was left to workers in an output folder: what they wrote becomes the folder's journal.
 *
 * @returns nothing where no such run is there
 * @throws PlanError, before anything is written, where not every picture was tried yet
 */
export async function mergeWorkers(
  folder: string,
  { signal, expectNoOutput }: MergeOptions,
): Promise<Merged | undefined> {
  const state = join(folder, STATE_FOLDER);
  if (!(await isOwnFolder(state)) || (await queuedRuns(state)).length === 0) return undefined;
  const lock = await takeLock(state, { shard: undefined, folders: [folder] });
  try {
    const path = join(state, 'journal.ndjson');
    const all: { pictures: number; failures: FailureLine[] } = { pictures: 0, failures: [] };
    for (const runFolder of await queuedRuns(state)) {
      const run = await readQueuedRun(runFolder);
      if (run === undefined) continue;
      if (run.header === undefined) {
        throw new PlanError(
          `Expected a run that makes pictures but found one that compares them; corr2d ${run.command}, called again, ends it`,
        );
      }
      const pictures: PictureLine[] = [];
      const failures: FailureLine[] = [];
      const tell = {
        picture: (line: PictureLine) => pictures.push(line),
        failure: (line: FailureLine) => failures.push(line),
      };
      const joined = await joinWorkers(folder, runFolder, run, tell);
      if (joined.pictures + joined.failures < run.pictures) {
        throw new PlanError(
          `Expected ${run.pictures} pictures in the run that workers of ${run.queue} were left with but found ${joined.pictures + joined.failures} tried; corr2d status tells how far it is, --resume does the rest`,
        );
      }
      await expectNoOutput?.(pictures.map(({ output }) => join(folder, output.path)));
      signal?.throwIfAborted();
      await stopQueuedRun(runFolder);
      await extendJournal(path, [run.header, ...pictures]);
      const marks = await marksOfWorkers(runFolder);
      const folders = new Set(pictures.map(({ output }) => dirname(join(folder, output.path))));
      for (const one of folders) if (marks.length > 0) await removeLeftovers(one, ...marks);
      await rm(runFolder, { recursive: true, force: true });
      all.pictures += pictures.length;
      all.failures.push(...failures);
    }
    await rmdir(join(state, QUEUED)).catch(() => {});
    return { shards: 0, path, ...all };
  } finally {
    lock.release();
  }
}
