import { lstat } from 'node:fs/promises';
import { openFile } from '../../disk/openFile.ts';
import { writingFailed } from '../../disk/systemError.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { plainJson } from '../../planes/plainText.ts';
import { copyLines } from './copyLines.ts';
import type { FailureLine, PictureLine, RunLine } from './journal.ts';

type Line = RunLine | PictureLine | FailureLine;

/** Lines that are written at once. */
const AT_ONCE = 4096;

/**
 * Adds lines to a journal that no one has open: all of them, or none where the process is killed in between or the lines end in an error.
 *
 * @param lines all of them, or what gives them one after the other to a function, which resolves once there is room for more
 * @throws FileError where it cannot be read or written, and what that function throws
 */
export async function extendJournal(
  path: string,
  lines: readonly Line[] | ((add: (line: Line) => Promise<void>) => Promise<void>),
): Promise<void> {
  const exists = (await lstat(path).catch(() => undefined)) !== undefined;
  const earlier = exists ? (await openFile(path, 'a journal', { follow: false })).handle : undefined;
  let refusal: { readonly error: unknown } | undefined;
  try {
    await writeFileSafely(
      path,
      async (handle) => {
        if (earlier !== undefined) await copyLines(earlier, handle);
        let held: string[] = [];
        let writing = Promise.resolve();
        const write = (): Promise<void> => {
          const text = held.join('');
          held = [];
          // One after another, whoever adds at the same time.
          writing = writing
            .then(() => handle.appendFile(text))
            .catch((error: unknown) => {
              throw writingFailed(error, path);
            });
          return writing;
        };
        const add = async (line: Line): Promise<void> => {
          held.push(`${plainJson(line)}\n`);
          if (held.length >= AT_ONCE) await write();
        };
        if (typeof lines === 'function') {
          await lines(add).catch((error: unknown) => {
            refusal = { error };
            throw error;
          });
        } else for (const line of lines) await add(line);
        await write();
      },
      { overwrite: true },
    );
  } catch (error) {
    throw refusal === undefined ? error : refusal.error;
  } finally {
    await earlier?.close();
  }
}
