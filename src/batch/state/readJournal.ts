import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '../../disk/fileError.ts';
import { openFile } from '../../disk/openFile.ts';
import { isMissing } from '../../disk/planError.ts';
import { readLines } from '../../disk/readLines.ts';
import { readingFailed } from '../../disk/systemError.ts';
import type { FailureLine, PictureLine, RunLine } from './journal.ts';

/** What a journal says, in its order. */
export interface JournalContents {
  readonly path: string;
  readonly runs: readonly RunLine[];
  readonly pictures: readonly PictureLine[];
  readonly failures: readonly FailureLine[];
  /** How many pictures and failures stand above the line of each run. */
  readonly above: readonly { readonly pictures: number; readonly failures: number }[];
  /** Lines that could not be read: torn by a crash, or not of this format. */
  readonly unreadable: number;
}

/** Of all pictures, and of a shard: no more are counted by `--shard`. */
const NAME = /^journal(-[1-9]\d{0,5}-of-[1-9]\d{0,5})?\.ndjson$/;

/** The names of the journals in a folder, in no order; none where there is no folder. */
export async function journalNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw readingFailed(error, 'journals', folder);
  });
  return names.filter((name) => NAME.test(name));
}

/**
 * The journals that stand in a folder, in no order; none where there is no folder.
 *
 * @throws FileError where one cannot be read
 */
export async function readJournals(folder: string): Promise<JournalContents[]> {
  const journals: JournalContents[] = [];
  for (const name of await journalNames(folder)) journals.push(await readJournal(join(folder, name)));
  return journals;
}

/** No line is longer, in bytes: settings are as long as a command line may be, and paths shorter. */
const LONGEST = 2 ** 24;

/**
 * Reads a journal line by line. A line that is not whole, or not one of ours, is counted and passed over.
 *
 * @throws FileError where it is no regular file, is a link, or cannot be read
 */
export async function readJournal(path: string): Promise<JournalContents> {
  const runs: RunLine[] = [];
  const pictures: PictureLine[] = [];
  const failures: FailureLine[] = [];
  const above: { pictures: number; failures: number }[] = [];
  let unreadable = 0;
  const { handle } = await openFile(path, 'a journal', { follow: false });
  try {
    await readLines(handle, LONGEST, (text) => {
      if (text === '') return;
      const line = text === undefined ? undefined : parse(text);
      if (line === undefined) unreadable++;
      else if (line.kind === 'run') {
        runs.push(line);
        above.push({ pictures: pictures.length, failures: failures.length });
      } else if (line.kind === 'failure') failures.push(line);
      else pictures.push(line);
    });
  } catch (error) {
    throw error instanceof FileError ? error : readingFailed(error, 'a journal', path);
  } finally {
    await handle.close();
  }
  return { path, runs, pictures, failures, above, unreadable };
}

/** What stands in a journal between the line of a run and that of the next; −1 is the last run. */
export function linesOfRun(
  { pictures, failures, above }: JournalContents,
  run: number,
): Pick<JournalContents, 'pictures' | 'failures'> {
  const [from, to] = [above.at(run), run < 0 ? undefined : above[run + 1]];
  return {
    pictures: pictures.slice(from?.pictures, to?.pictures),
    failures: failures.slice(from?.failures, to?.failures),
  };
}

function parse(text: string): RunLine | PictureLine | FailureLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isRun(line) || isPicture(line) || isFailure(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function isRun(line: unknown): line is RunLine {
  const { corr2d, kind, configuration, inputs, planned, shard, merged } = (line ?? {}) as Partial<RunLine>;
  return (
    corr2d === 1 &&
    kind === 'run' &&
    typeof configuration === 'string' &&
    typeof inputs?.count === 'number' &&
    typeof inputs.sha256 === 'string' &&
    typeof planned === 'number' &&
    (shard === undefined || typeof shard === 'string') &&
    (merged === undefined || (Array.isArray(merged) && merged.every((one) => typeof one?.name === 'string')))
  );
}

function isPicture(line: unknown): line is PictureLine {
  const { kind, configuration, input, output } = (line ?? {}) as Partial<PictureLine>;
  return kind === 'picture' && typeof configuration === 'string' && isFile(input) && isFile(output);
}

function isFailure(line: unknown): line is FailureLine {
  const { kind, configuration, input, output, error } = (line ?? {}) as Partial<FailureLine>;
  return (
    kind === 'failure' &&
    typeof configuration === 'string' &&
    typeof input?.path === 'string' &&
    typeof output?.path === 'string' &&
    typeof error === 'string'
  );
}

function isFile(file: PictureLine['output'] | undefined): boolean {
  return (
    typeof file?.path === 'string' &&
    typeof file.size === 'number' &&
    typeof file.modified === 'number' &&
    typeof file.sha256 === 'string'
  );
}
