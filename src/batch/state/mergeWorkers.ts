import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PlanError } from '../../disk/planError.ts';
import { removeLeftovers } from '../../disk/temporaries.ts';
import { extendJournal } from './extendJournal.ts';
import type { FailureLine } from './journal.ts';
import { takeLock } from './lock.ts';
import type { Merged, MergeOptions } from './merge.ts';
import {
  type Joined,
  joinWorkers,
  marksOfWorkers,
  QUEUED,
  queuedRuns,
  readQueuedRun,
  stopQueuedRun,
} from './queuedRuns.ts';
import { isOwnFolder, STATE_FOLDER } from './stateFolder.ts';

/** Outputs that are looked at together. */
const AT_ONCE = 4096;

/**
 * Ends the run that was left to workers in an output folder: what they wrote becomes the folder's journal.
 *
 * What it holds does not grow with the run, but for pictures that failed or were made twice, and the folders that outputs are in.
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
      const { header } = run;
      const folders = new Set<string>();
      const failures: FailureLine[] = [];
      let outputs: string[] = [];
      const look = async (): Promise<void> => {
        const some = outputs;
        outputs = [];
        await expectNoOutput?.(some);
      };
      let joined: Joined = { pictures: 0, failures: 0 };
      await extendJournal(path, async (add) => {
        await add(header);
        joined = await joinWorkers(folder, runFolder, run, {
          async picture(line) {
            const output = join(folder, line.output.path);
            folders.add(dirname(output));
            if (outputs.push(output) >= AT_ONCE) await look();
            await add(line);
          },
          failure: (line) => failures.push(line),
        });
        if (joined.pictures + joined.failures < run.pictures) {
          throw new PlanError(
            `Expected ${run.pictures} pictures in the run that workers of ${run.queue} were left with but found ${joined.pictures + joined.failures} tried; corr2d status tells how far it is, --resume does the rest`,
          );
        }
        await look();
        signal?.throwIfAborted();
        // Nothing has its name yet; from here on no worker lets an output take one.
        await stopQueuedRun(runFolder);
      });
      const marks = await marksOfWorkers(runFolder);
      for (const one of folders) if (marks.length > 0) await removeLeftovers(one, ...marks);
      await rm(runFolder, { recursive: true, force: true });
      all.pictures += joined.pictures;
      all.failures.push(...failures);
    }
    await rmdir(join(state, QUEUED)).catch(() => {});
    return { shards: 0, path, ...all };
  } finally {
    lock.release();
  }
}
