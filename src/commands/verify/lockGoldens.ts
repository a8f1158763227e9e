import { readdir, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from '../../batch/state/lock.ts';
import { STATE_FOLDER } from '../../batch/state/stateFolder.ts';
import { isMissing } from '../../disk/planError.ts';
import { writingFailed } from '../../disk/systemError.ts';
import { makeFolder } from '../../disk/writeFileSafely.ts';

/**
 * Makes this run the only one that writes goldens into a folder, and removes what a run left there that was killed. Where nothing
 * comes of it, the folder is not made.
 *
 * @throws PlanError where another run has it; FileError where it cannot be written
 */
export async function lockGoldens(golden: string): Promise<{ release(): Promise<void> }> {
  const status = await stat(golden).catch(() => undefined);
  // Whoever lists the goldens says what it is instead.
  if (status && !status.isDirectory()) return { release: async () => {} };
  const state = join(golden, STATE_FOLDER);
  const folders = await foldersIn(golden);
  await makeFolder(state).catch((error: unknown) => {
    throw writingFailed(error, state);
  });
  const lock = await takeLock(state, { shard: undefined, folders: folders ?? [] });
  // Also where the second Ctrl-C ends the process at once.
  const leave = (): void => lock.release();
  process.once('exit', leave);
  return {
    async release() {
      process.off('exit', leave);
      leave();
      if (folders === undefined) await rmdir(golden).catch(() => {});
    },
  };
}

/** The folder and those within it; nothing where it is not there. */
async function foldersIn(golden: string): Promise<string[] | undefined> {
  try {
    const entries = await readdir(golden, { recursive: true, withFileTypes: true });
    return [
      golden,
      ...entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)),
    ];
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw writingFailed(error, golden);
  }
}
