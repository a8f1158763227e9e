import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PictureLine, RunLine } from './journal.ts';
import { isMissing } from './planError.ts';

/** What a journal says, in its order. */
export interface JournalContents {
  readonly path: string;
  readonly runs: readonly RunLine[];
  readonly pictures: readonly PictureLine[];
  /** Lines that could not be read: torn by a crash, or not of this format. */
  readonly unreadable: number;
}

/** The journals that stand in a folder, by name; none where there is no folder. */
export async function readJournals(folder: string): Promise<JournalContents[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const journals: JournalContents[] = [];
  for (const name of names.toSorted()) {
    if (/^journal(-\d+-of-\d+)?\.ndjson$/.test(name)) journals.push(await readJournal(join(folder, name)));
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
      else pictures.push(line);
    }
  } finally {
    await handle.close();
  }
  return { path, runs, pictures, unreadable };
}

function parse(text: string): RunLine | PictureLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isRun(line) || isPicture(line) ? line : undefined;
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

function isFile(file: PictureLine['output'] | undefined): boolean {
  return (
    typeof file?.path === 'string' &&
    typeof file.size === 'number' &&
    typeof file.modified === 'number' &&
    typeof file.sha256 === 'string'
  );
}
