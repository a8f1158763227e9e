import { stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PlanError } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { type FailureLine, openJournal, type PictureLine, type RunLine } from './journal.ts';
import { takeLock } from './lock.ts';
import { type JournalContents, readJournals } from './readJournal.ts';
import { STATE_FOLDER } from './results.ts';

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

/**
 * Makes one journal of those that the shards of a division left in an output folder. Theirs are removed when it is on the disk.
 *
 * @throws PlanError, before anything is written, where a shard is missing or has not done all its pictures, an output is gone or is
 *   claimed by two, or the shards did not work on the same pictures under the same configuration
 */
export async function mergeJournals(folder: string): Promise<Merged> {
  const state = join(folder, STATE_FOLDER);
  const shards = (await readJournals(state)).filter(({ path }) => SHARD.test(basename(path))).map(shardOf);
  if (shards.length === 0) {
    throw new PlanError(`Expected journals of shards in ${showPath(state)} but found none; --shard i/n leaves them`);
  }
  shards.sort((a, b) => a.index - b.index);
  const lock = await takeLock(state, { shard: undefined, folders: [folder] });
  try {
    expectOneDivision(shards);
    expectOneConfiguration(shards);
    for (const shard of shards) expectWhole(shard);
    expectDistinct(shards);
    await expectOutputs(folder, shards);
    return await write(state, shards);
  } finally {
    lock.release();
  }
}

const SHARD = /^journal-(\d+)-of-(\d+)\.ndjson$/;

function shardOf({ path, runs, pictures, failures }: JournalContents): ShardJournal {
  const [, index, count] = (SHARD.exec(basename(path)) ?? []).map(Number);
  const run = runs.at(-1);
  if (run === undefined)
    throw new PlanError(`Expected what its run was to do in ${showPath(path)} but found no such line`);
  const current = <T extends PictureLine | FailureLine>(lines: readonly T[]): Map<string, T> =>
    new Map(lines.filter((line) => line.configuration === run.configuration).map((line) => [line.output.path, line]));
  const done = current(pictures);
  // Done in a later run, or in an earlier one.
  const failed = new Map([...current(failures)].filter(([output]) => !done.has(output)));
  return { path, index, count, run, pictures: done, failures: failed };
}

function expectOneDivision(shards: readonly ShardJournal[]): void {
  const { count } = shards[0];
  const other = shards.find((shard) => shard.count !== count);
  if (other !== undefined) {
    throw new PlanError(`Expected shards of one division but found some of ${count} and some of ${other.count}`);
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

async function write(state: string, shards: readonly ShardJournal[]): Promise<Merged> {
  const path = join(state, 'journal.ndjson');
  const { shard: _, ...run } = shards[0].run;
  const pictures = shards.flatMap((shard) => [...shard.pictures.values()]);
  const failures = shards.flatMap((shard) => [...shard.failures.values()]);
  const planned = shards.reduce((sum, shard) => sum + shard.run.planned, 0);
  const lines = [...pictures, ...failures].toSorted((a, b) => (a.output.path < b.output.path ? -1 : 1));
  const journal = openJournal(path);
  await Promise.all([{ ...run, planned }, ...lines].map((line) => journal.append(line)));
  await journal.close();
  for (const shard of shards) await unlink(shard.path);
  return { shards: shards.length, pictures: pictures.length, failures, path };
}

const SHOWN = 5;

function list(items: readonly (string | number)[]): string {
  const more = items.length - SHOWN;
  return items.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
