import { lstat } from 'node:fs/promises';
import { openFile } from '../../disk/openFile.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { plainJson } from '../../planes/plainText.ts';
import { copyLines } from './copyLines.ts';
import type { FailureLine, PictureLine, RunLine } from './journal.ts';

/** Lines that are written at once. */
const AT_ONCE = 4096;

/**
 * Adds lines to a journal that no one has open: all of them, or none where the process is killed in between.
 *
 * @throws PictureError where it cannot be read or written
 */
export async function extendJournal(
  path: string,
  lines: readonly (RunLine | PictureLine | FailureLine)[],
): Promise<void> {
  const exists = (await lstat(path).catch(() => undefined)) !== undefined;
  const earlier = exists ? (await openFile(path, 'a journal', { follow: false })).handle : undefined;
  try {
    await writeFileSafely(
      path,
      async (handle) => {
        if (earlier !== undefined) await copyLines(earlier, handle);
        for (let at = 0; at < lines.length; at += AT_ONCE) {
          const some = lines.slice(at, at + AT_ONCE);
          await handle.appendFile(some.map((line) => `${plainJson(line)}\n`).join(''));
        }
      },
      { overwrite: true },
    );
  } finally {
    await earlier?.close();
  }
}
