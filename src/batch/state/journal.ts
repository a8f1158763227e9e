import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat } from 'node:fs/promises';
import { FileError } from '../../disk/fileError.ts';
import { flush } from '../../disk/flush.ts';
import { kindOf } from '../../disk/kindOf.ts';
import { openPatiently } from '../../disk/openFile.ts';
import { showPath } from '../../disk/showPath.ts';
import type { FileState } from '../../disk/writeFileSafely.ts';
import { plainJson } from '../../planes/plainText.ts';
import { copyLines, endsTorn } from './copyLines.ts';

/** What a run set out to do; the first of its lines. */
export interface RunLine {
  readonly corr2d: 1;
  readonly kind: 'run';
  /** Of the tool that wrote it. */
  readonly version: string;
  /** ISO 8601, as all times in the journal. */
  readonly time: string;
  readonly command: string;
  /** In words, for people. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** SHA-256 of everything that decides what the outputs are, but for the inputs. */
  readonly configuration: string;
  /** `2/8`; absent where the run was to do all pictures. */
  readonly shard?: string;
  /** How many pictures were found for all shards together, and SHA-256 of their paths. */
  readonly inputs: { readonly count: number; readonly sha256: string };
  /** How many of them are this run's, done already or not. */
  readonly planned: number;
  /** Where this line was written by a merge: the journals of the shards that are in this one now. */
  readonly merged?: readonly { readonly name: string; readonly sha256: string }[];
}

/** One picture; written when its output lies on the disk under a temporary name and just before it takes its own. */
export interface PictureLine {
  readonly kind: 'picture';
  readonly time: string;
  readonly configuration: string;
  readonly input: FileState & { readonly rel: string; readonly path: string; readonly sha256: string };
  readonly output: FileState & { readonly path: string; readonly sha256: string };
}

/** A picture of a shard that could not be made: what merges the shards has to tell it from one that nobody tried. */
export interface FailureLine {
  readonly kind: 'failure';
  readonly time: string;
  readonly configuration: string;
  readonly input: { readonly rel: string; readonly path: string };
  readonly output: { readonly path: string };
  readonly error: string;
}

export interface Journal {
  /** Resolves once the line is on the disk. */
  append(line: RunLine | PictureLine | FailureLine): Promise<void>;
  /** Once it is where it should be, also where it was removed since the last line. */
  close(): Promise<void>;
}

/**
 * A file of one JSON line after the other, to which lines are only ever added. It is made with the first of them. Lines that come
 * while others are being written are written together and flushed once.
 *
 * What was torn off in the middle, by a crash or a full disk, is left as it is: the next line begins on a line of its own, and
 * {@link readJournal} passes over what it cannot read. A journal that is removed while it is written is made again, with all that
 * it said.
 *
 * @param beforeWriting called before lines are written, and before the journal is closed: where it fails they are not
 */
export function openJournal(path: string, beforeWriting: () => Promise<void> = async () => {}): Journal {
  let handle: FileHandle | undefined;
  let torn = false;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  return {
    append(line) {
      return new Promise((resolve, reject) => {
        waiting.push({ text: `${plainJson(line)}\n`, resolve, reject });
        writing ??= writeWaiting().finally(() => (writing = undefined));
      });
    },
    async close() {
      await writing;
      try {
        if (handle !== undefined) await stayInPlace();
      } finally {
        await handle?.close();
        handle = undefined;
      }
    },
  };

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await write(batch.map(({ text }) => text).join(''));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        torn = true;
        for (const { reject } of batch) reject(error);
      }
    }
  }

  async function write(lines: string): Promise<void> {
    const open = await stayInPlace();
    await open.appendFile(torn ? `\n${lines}` : lines);
    torn = false;
    await flush(open, 'datasync');
  }

  /** The journal, opened, and where it is looked for. */
  async function stayInPlace(): Promise<FileHandle> {
    for (let tried = 1; ; tried++) {
      try {
        await beforeWriting();
        if (handle === undefined) {
          handle = await openToAppend(path);
          torn = await endsTorn(handle);
        } else if (!(await isInPlace(handle, path))) handle = await madeAgain(handle, path);
        return handle;
      } catch (error) {
        if (tried === TRIES || !isRemoved(error)) throw error;
      }
    }
  }
}

/** How often it is tried to write into a folder that is just being removed. */
const TRIES = 5;

function isRemoved(error: unknown): boolean {
  const { code, cause } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
}

async function madeAgain(handle: FileHandle, path: string): Promise<FileHandle> {
  const again = await openToAppend(path);
  try {
    await copyLines(handle, again);
    await flush(again, 'datasync');
  } catch (error) {
    await again.close();
    throw error;
  }
  await handle.close();
  return again;
}

interface Waiting {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Neither through a link nor into a FIFO: the journal may lie in a folder that others write to. Windows has no such flags. */
async function openToAppend(path: string): Promise<FileHandle> {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const stands = await lstat(path).catch(() => undefined);
  if (stands !== undefined) expectFile(stands, path);
  const handle = await openPatiently(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o666);
  try {
    expectFile(await handle.stat(), path);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handle;
}

function expectFile(status: Stats, path: string): void {
  if (status.isFile()) return;
  const message = `Expected a journal at ${showPath(path)} but found ${kindOf(status)}`;
  throw new FileError('not-a-file', message, { path });
}

/** Whether a file that is open still has its name. One that was removed has none; on some file systems, the name is all that tells. */
async function isInPlace(handle: FileHandle, path: string): Promise<boolean> {
  const stands = await lstat(path).catch(() => undefined);
  return stands !== undefined && (await handle.stat()).nlink > 0;
}
