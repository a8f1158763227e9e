import type { QueuedRun } from '../../batch/state/queuedRuns.ts';
import type { RunShop } from '../../queue/makeSlice.ts';
import type { WorkerResults } from '../../queue/workerResults.ts';
import { queuedCommand } from './queuedCommands.ts';
import { expectCopies } from './readFiles.ts';
import { readWords } from './readWords.ts';
import { settingsOf } from './words.ts';
import type { WorkerRoom } from './workerRoom.ts';

/**
 * What does a run's work, from the words that it was queued with.
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
  const command = queuedCommand(run.command);
  const { builder, openShop: open } = await command.load();
  const args = await readWords(run.command, { ...command, builder }, run.words);
  await expectCopies(run.words, runFolder, command.reading);
  return { settings: settingsOf(run.command, run.words), ...(await open(args, { run, base, results, room })) };
}
