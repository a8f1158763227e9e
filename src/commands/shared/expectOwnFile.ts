import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileIdentity } from '../../disk/fileIdentity.ts';
import { showPath } from '../../disk/showPath.ts';
import { ExpectationError } from '../../planes/expected.ts';

/**
 * Refuses to write to a file that the same call reads or writes for something else, whatever name it goes by: one of the
 * two would be lost. No `--overwrite` allows it. A device keeps nothing, so that it may be written to twice.
 */
export async function expectOwnFile(path: string, option: string, others: readonly string[]): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isCharacterDevice()) return;
  const file = await fileIdentity(path);
  for (const other of others) {
    if (resolve(other) === resolve(path) || (file !== undefined && (await fileIdentity(other)) === file)) {
      throw new ExpectationError(
        `Expected a file of its own for ${option} but received ${showPath(path)}, which is also ${showPath(other)} of this call`,
      );
    }
  }
}
