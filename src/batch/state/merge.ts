import { lstat, readdir, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FileError } from '../../disk/fileError.ts';
import { hashFile } from '../../disk/hashFile.ts';
import { PlanError } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { extendJournal } from './extendJournal.ts';
import type { FailureLine, PictureLine, RunLine } from './journal.ts';
import { takeLock } from './lock.ts';
import { type JournalContents, journalNames, linesOfRun, readJournal } from './readJournal.ts';
import { isOwnFolder, STATE_FOLDER } from './stateFolder.ts';

export interface Merged {
  readonly shards: number;
  readonly pictures: number;
  readonly failures: readonly FailureLine[];
  /** The journal that all lines are in now. */
  readonly path: string;
}

/** A shard's last run, and its last word on every output under that run's configuration. */
interface ShardJournal {
  readonly path: string;
  readonly index: number;
  readonly count: number;
  readonly run: RunLine;
  readonly pictures: ReadonlyMap<string, PictureLine>;
  readonly failures: ReadonlyMap<string, FailureLine>;
}

export interface MergeOptions {
  /** Once aborted, nothing is begun any more; what is being written is finished. */
  readonly signal?: AbortSignal;
  /** Called with the paths of all outputs before anything is written, to refuse them. */
  readonly expectNoOutput?: (outputs: readonly string[]) => Promise<void>;
}

/**
 * Makes one journal of those that the shards of a division left in an output folder. Theirs are removed when it is on the disk. A
 * merge that was killed between the two is finished by the next one.
 *
 * @throws PlanError, before anything is written, where a shard is missing or has not done all its pictures, an output is gone or is
 *   claimed by two, or the shards did not work on the same pictures under the same configuration
 */
export async function mergeJournals(folder: string, { signal, expectNoOutput }: MergeOptions = {}): Promise<Merged> {
  const state = join(folder, STATE_FOLDER);
  if (!(await isOwnFolder(state))) throw noShards(state);
  const lock = await takeLock(state, { shard: undefined, folders: [folder] });
  const path = join(state, JOURNAL);
  try {
    // Once no run of a shard writes there any more.
    const names = (await journalNames(state)).filter((name) => SHARD.test(name));
    await expectNoOthers(state, names);
    if (names.length === 0) throw noShards(state);
    const earlier = await journalAt(path);
    const merged = await mergedBefore(state, names, earlier);
    if (merged !== undefined) {
      await removeAll(names.map((name) => join(state, name)));
      return { ...merged, path };
    }
    const shards: ShardJournal[] = [];
    for (const name of names) shards.push(shardOf(await readJournal(join(state, name))));
    shards.sort((a, b) => a.index - b.index);
    expectOneDivision(shards);
    expectOneConfiguration(shards);
    for (const shard of shards) expectWhole(shard);
    expectDistinct(shards);
    await expectOutputs(folder, shards);
    await expectNoOutput?.(shards.flatMap((one) => [...one.pictures.keys()].map((output) => join(folder, output))));
    signal?.throwIfAborted();
    return await write(path, shards);
  } catch (error) {
    throw error instanceof FileError ? new PlanError(error.message) : error;
  } finally {
    lock.release();
  }
}

const JOURNAL = 'journal.ndjson';
const SHARD = /^journal-(\d+)-of-(\d+)\.ndjson$/;

function noShards(state: string): PlanError {
  return new PlanError(`Expected journals of shards in ${showPath(state)} but found none; --shard i/n leaves them`);
}

/** What bears the name of a shard's journal that no shard can have had. */
async function expectNoOthers(state: string, names: readonly string[]): Promise<void> {
  const other = (await readdir(state)).find((name) => /^journal-.*\.ndjson$/.test(name) && !names.includes(name));
  if (other === undefined) return;
  throw new PlanError(
    `Expected journals of shards i of n, with n up to 999999, in ${showPath(state)} but found ${showPath(other)}`,
  );
}

async function journalAt(path: string): Promise<JournalContents | undefined> {
  return (await lstat(path).catch(() => undefined)) === undefined ? undefined : readJournal(path);
}

/** What a merge has written that could not remove these journals any more, as they are. */
async function mergedBefore(
  state: string,
  names: readonly string[],
  journal: JournalContents | undefined,
): Promise<Omit<Merged, 'path'> | undefined> {
  const at = journal?.runs.findLastIndex(({ merged }) => merged !== undefined) ?? -1;
  const { merged = [] } = journal?.runs[at] ?? {};
  if (journal === undefined || at < 0) return undefined;
  const known = new Map(merged.map(({ name, sha256 }) => [name, sha256]));
  for (const name of names) {
    if (known.get(name) !== (await hashFile(join(state, name), 'a journal'))) return undefined;
  }
  const { pictures, failures } = linesOfRun(journal, at);
  return { shards: merged.length, pictures: pictures.length, failures };
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await unlink(path);
}

/** What stands below the line of its last run is all that a shard has to say. */
function shardOf(journal: JournalContents): ShardJournal {
  const { path, runs } = journal;
  const [, index, count] = (SHARD.exec(basename(path)) ?? []).map(Number);
  const run = runs.at(-1);
  if (run === undefined)
    throw new PlanError(`Expected what its run was to do in ${showPath(path)} but found no such line`);
  const { pictures, failures } = linesOfRun(journal, runs.length - 1);
  const current = <T extends PictureLine | FailureLine>(lines: readonly T[]): Map<string, T> =>
    new Map(lines.filter((line) => line.configuration === run.configuration).map((line) => [line.output.path, line]));
  const done = current(pictures);
  // Done in the same run after all.
  const failed = new Map([...current(failures)].filter(([output]) => !done.has(output)));
  return { path, index, count, run, pictures: done, failures: failed };
}

function expectOneDivision(shards: readonly ShardJournal[]): void {
  const { count } = shards[0];
  const other = shards.find((shard) => shard.count !== count);
  if (other !== undefined) {
    throw new PlanError(`Expected shards of one division but found some of ${count} and some of ${other.count}`);
  }
  const beyond = shards.find(({ index }) => index > count);
  if (beyond !== undefined) {
    throw new PlanError(`Expected shards from 1 to ${count} but found ${showPath(beyond.path)}`);
  }
  const present = new Set(shards.map(({ index }) => index));
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !present.has(index));
  if (missing.length > 0) {
    throw new PlanError(
      `Expected the journals of ${count} shards but found ${shards.length}; missing: ${list(missing)}`,
    );
  }
}

function expectOneConfiguration([first, ...others]: readonly ShardJournal[]): void {
  for (const other of others) {
    if (other.run.configuration !== first.run.configuration) {
      const settings = [first, other].map(({ run }) => `${run.command} ${JSON.stringify(run.settings)}`);
      const [one, two] = settings[0] === settings[1] ? ['one', 'another'] : settings;
      throw new PlanError(
        `Expected shards of one configuration but found ${one} in shard ${first.index} and ${two} in shard ${other.index}; --resume does those again that are to change`,
      );
    }
    if (other.run.inputs.sha256 !== first.run.inputs.sha256) {
      throw new PlanError(
        `Expected shards of the same pictures but shard ${first.index} found ${first.run.inputs.count} and shard ${other.index} ${other.run.inputs.count}, or others; --resume does what has come since`,
      );
    }
  }
}

function expectWhole({ index, count, run, pictures, failures }: ShardJournal): void {
  const tried = pictures.size + failures.size;
  if (tried >= run.planned) return;
  throw new PlanError(
    `Expected ${run.planned} pictures in shard ${index}/${count} but found ${tried}; it ends when it is run again with --resume`,
  );
}

function expectDistinct(shards: readonly ShardJournal[]): void {
  const owner = new Map<string, number>();
  for (const { index, pictures } of shards) {
    for (const output of pictures.keys()) {
      const other = owner.get(output);
      if (other !== undefined) {
        throw new PlanError(
          `Expected every output from one shard but found ${showPath(output)} in ${other} and ${index}`,
        );
      }
      owner.set(output, index);
    }
  }
}

async function expectOutputs(folder: string, shards: readonly ShardJournal[]): Promise<void> {
  const gone: string[] = [];
  for (const { pictures } of shards) {
    for (const { output } of pictures.values()) {
      const stats = await stat(join(folder, output.path)).catch(() => undefined);
      if (stats?.size !== output.size) gone.push(output.path);
    }
  }
  if (gone.length === 0) return;
  throw new PlanError(
    `Expected every output as its shard wrote it but found none, or others, at ${list(gone.map(showPath))}; --resume makes them again`,
  );
}

async function write(path: string, shards: readonly ShardJournal[]): Promise<Merged> {
  const { shard: _, ...run } = shards[0].run;
  const pictures = shards.flatMap((shard) => [...shard.pictures.values()]);
  const failures = shards.flatMap((shard) => [...shard.failures.values()]);
  const planned = shards.reduce((sum, shard) => sum + shard.run.planned, 0);
  const lines = [...pictures, ...failures].toSorted((a, b) => (a.output.path < b.output.path ? -1 : 1));
  const merged: { name: string; sha256: string }[] = [];
  for (const shard of shards) {
    merged.push({ name: basename(shard.path), sha256: await hashFile(shard.path, 'a journal') });
  }
  await extendJournal(path, [{ ...run, planned, merged }, ...lines]);
  await removeAll(shards.map((shard) => shard.path));
  return { shards: shards.length, pictures: pictures.length, failures, path };
}

const SHOWN = 5;

function list(items: readonly (string | number)[]): string {
  const more = items.length - SHOWN;
  return items.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
