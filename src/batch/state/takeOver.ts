import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PlanError } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import type { Shard } from '../inputs/shard.ts';
import { extendJournal } from './extendJournal.ts';
import type { PictureLine } from './journal.ts';
import { joinWorkers, QUEUED, type QueuedRun, queuedRuns, readQueuedRun, stopQueuedRun } from './queuedRuns.ts';
import { STATE_FOLDER } from './stateFolder.ts';

/** What workers wrote of runs that have not been joined: for outputs of theirs no other journal has a line yet. */
export async function linesOfWorkers(state: string): Promise<PictureLine[]> {
  const lines: PictureLine[] = [];
  for (const folder of await queuedRuns(state)) {
    const run = await readQueuedRun(folder);
    if (run !== undefined) await joinWorkers(join(state, '..'), folder, run, { picture: (line) => lines.push(line) });
  }
  return lines;
}

/**
 * Ends runs that workers may still be at, once the folder is this run's own, and keeps what they did in the journal: where the one who
 * planned them is gone, as the lock tells, and where `resume` asks for it.
 *
 * @throws PlanError where a run was left to its workers
 */
export async function takeOver(
  base: string,
  { shard, resume }: { readonly shard: Shard | undefined; readonly resume: boolean },
): Promise<void> {
  const state = join(base, STATE_FOLDER);
  for (const folder of await queuedRuns(state)) {
    const run = await readQueuedRun(folder);
    if (run !== undefined && ((run.detached && !resume) || shard !== undefined)) throw stillQueued(base, run);
    if (run !== undefined) await keepLines(base, folder, run);
    else await rm(folder, { recursive: true, force: true });
    await rmdir(join(state, QUEUED)).catch(() => {});
  }
}

/** Puts what workers did into the journal and ends their run. */
async function keepLines(base: string, folder: string, run: QueuedRun): Promise<void> {
  await stopQueuedRun(folder);
  const { header } = run;
  // Where pictures are compared there is none.
  if (header !== undefined) {
    const nothing = new Error('no picture was made');
    await extendJournal(join(base, STATE_FOLDER, 'journal.ndjson'), async (add) => {
      await add(header);
      const { pictures } = await joinWorkers(base, folder, run, { picture: add });
      // The journal stays as it is, or is not made.
      if (pictures === 0) throw nothing;
    }).catch((error: unknown) => {
      if (error !== nothing) throw error;
    });
  }
  await rm(folder, { recursive: true, force: true });
}

function stillQueued(base: string, { queue }: QueuedRun): PlanError {
  return new PlanError(
    `Expected a folder that no other run writes to but found a run in ${showPath(base)} that workers of ${queue} were left with; corr2d merge ends it once they are done, --resume without --shard takes it over`,
  );
}
