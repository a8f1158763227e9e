import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type QueuedRun, RUN_FILE } from '../../batch/state/queuedRuns.ts';
import { thisProcess } from '../../disk/processes.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { plainJson } from '../../planes/plainText.ts';
import { addJobs } from '../../queue/addJobs.ts';
import { type OpenQueue, QueueGone, unlessGone } from '../../queue/connect.ts';
import { cancelRun, endRecord, writeRecord } from '../../queue/record.ts';
import { version } from '../version.ts';
import { settingsOf } from './words.ts';

/** What a run is, beside what is known of everyone. */
type RunToQueue = Pick<
  QueuedRun,
  'command' | 'configuration' | 'detached' | 'header' | 'pictures' | 'queue' | 'slices' | 'words'
> & {
  /** Where its plan lies already. */
  readonly runFolder: string;
  readonly run: string;
  /** The folder for outputs, below the root. */
  readonly folder: string;
};

/**
 * Puts a run whose plan is written into the queue: one job for all of it.
 *
 * @throws QueueGone where the signal has come and the queue does not come back
 */
export async function queueRun(
  open: OpenQueue,
  { runFolder, run, folder, ...facts }: RunToQueue,
  signal: AbortSignal,
): Promise<void> {
  const { command, words, pictures, slices } = facts;
  const settings = settingsOf(command, words);
  const queued: QueuedRun = { corr2d: 1, kind: 'queued run', version, settings, process: thisProcess(), ...facts };
  const bytes = Buffer.from(`${plainJson(queued, 2)}\n`);
  await writeFileSafely(join(runFolder, RUN_FILE), bytes);
  const asked = <T>(answer: Promise<T>): Promise<T> => unlessGone(open, signal, answer);
  await asked(writeRecord(open, { run, version, command, folder, pictures, slices }));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const all = { corr2d: 1, kind: 'slices', version, run, folder, sha256, settings, slices: [0, slices] } as const;
  await asked(addJobs(open, [all]));
}

/** Takes what is left of a run out of the queue, unless the queue does not come back: who was asked to end does not wait for it. */
export async function endRun(open: OpenQueue, run: string, signal: AbortSignal): Promise<void> {
  const ended = cancelRun(open, run).then(() => endRecord(open, run));
  await unlessGone(open, signal, ended).catch((error: unknown) => {
    if (!(error instanceof QueueGone)) throw error;
  });
}
