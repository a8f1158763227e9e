import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type QueuedRun, RUN_FILE } from '../../batch/state/queuedRuns.ts';
import { thisProcess } from '../../disk/processes.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { plainJson } from '../../planes/plainText.ts';
import { addJobs } from '../../queue/addJobs.ts';
import type { OpenQueue } from '../../queue/connect.ts';
import { writeRecord } from '../../queue/record.ts';
import { version } from '../version.ts';
import { settingsOf } from './words.ts';

/** What a run is, beside what is known of everyone. */
export type RunToQueue = Pick<
  QueuedRun,
  'command' | 'configuration' | 'detached' | 'header' | 'pictures' | 'queue' | 'slices' | 'words'
> & {
  /** Where its plan lies already. */
  readonly runFolder: string;
  readonly run: string;
  /** The folder for outputs, below the root. */
  readonly folder: string;
};

/** Puts a run whose plan is written into the queue: one job for all of it. */
export async function queueRun(open: OpenQueue, { runFolder, run, folder, ...facts }: RunToQueue): Promise<void> {
  const { command, words, pictures, slices } = facts;
  const settings = settingsOf(command, words);
  const queued: QueuedRun = { corr2d: 1, kind: 'queued run', version, settings, process: thisProcess(), ...facts };
  const bytes = Buffer.from(`${plainJson(queued, 2)}\n`);
  await writeFileSafely(join(runFolder, RUN_FILE), bytes);
  await writeRecord(open, { run, version, command, folder, pictures, slices });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await addJobs(open, [{ corr2d: 1, kind: 'slices', version, run, folder, sha256, settings, slices: [0, slices] }]);
}
