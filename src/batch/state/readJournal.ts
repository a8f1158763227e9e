import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isMissing } from '../../disk/planError.ts';
import type { FailureLine, PictureLine, RunLine } from './journal.ts';

/** What a journal says, in its order. */
export interface JournalContents {
  readonly path: string;
  readonly runs: readonly RunLine[];
  readonly pictures: readonly PictureLine[];
  readonly failures: readonly FailureLine[];
  /** Lines that could not be read: torn by a crash, or not of this format. */
  readonly unreadable: number;
}

const NAME = /^journal(-\d+-of-\d+)?\.ndjson$/;

/** The journals that stand in a folder, in no order; none where there is no folder. */
export async function readJournals(folder: string): Promise<JournalContents[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const journals: JournalContents[] = [];
  for (const name of names.filter((name) => NAME.test(name))) {
    journals.push(await readJournal(join(folder, name)));
  }
  return journals;
}

/**
 * Reads a journal line by line. A line that is not whole, or not one of ours, is counted and passed over.
 *
 * @throws the file system's error where it cannot be read
 */
export async function readJournal(path: string): Promise<JournalContents> {
  const runs: RunLine[] = [];
  const pictures: PictureLine[] = [];
  const failures: FailureLine[] = [];
  let unreadable = 0;
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw Object.assign(new Error('not a file'), { code: 'EISDIR' });
    const input = handle.createReadStream({ encoding: 'utf8', autoClose: false });
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      if (text === '') continue;
      const line = parse(text);
      if (line === undefined) unreadable++;
      else if (line.kind === 'run') runs.push(line);
      else if (line.kind === 'failure') failures.push(line);
      else pictures.push(line);
    }
  } finally {
    await handle.close();
  }
  return { path, runs, pictures, failures, unreadable };
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
  const { corr2d, kind, configuration, inputs, planned, shard } = (line ?? {}) as Partial<RunLine>;
  return (
    corr2d === 1 &&
    kind === 'run' &&
    typeof configuration === 'string' &&
    typeof inputs?.count === 'number' &&
    typeof inputs.sha256 === 'string' &&
    typeof planned === 'number' &&
    (shard === undefined || typeof shard === 'string')
  );
}

function isPicture(line: unknown): line is PictureLine {
  const { kind, configuration, input, output } = (line ?? {}) as Partial<PictureLine>;
  return kind === 'picture' && typeof configuration === 'string' && isFile(input) && isFile(output);
}

function isFailure(line: unknown): line is FailureLine {
  const { kind, configuration, output, error } = (line ?? {}) as Partial<FailureLine>;
  return (
    kind === 'failure' &&
    typeof configuration === 'string' &&
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
