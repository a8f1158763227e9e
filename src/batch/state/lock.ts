import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FileError } from '../../disk/fileError.ts';
import { isMissing, PlanError } from '../../disk/planError.ts';
import { type ProcessIdentity, stateOfProcess, thisProcess } from '../../disk/processes.ts';
import { readBytes } from '../../disk/readBytes.ts';
import { showPath } from '../../disk/showPath.ts';
import { readingFailed } from '../../disk/systemError.ts';
import { processMark, removeLeftovers } from '../../disk/temporaries.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { shorten } from '../../planes/expected.ts';
import { plainJson } from '../../planes/plainText.ts';
import type { Shard } from '../inputs/shard.ts';

/** What a run leaves in its output folder for as long as it lasts. */
interface LockFile {
  readonly corr2d: 1;
  readonly kind: 'lock';
  readonly time: string;
  readonly process: ProcessIdentity;
  /** Of its temporary files. */
  readonly mark: string;
  readonly shard?: Shard;
  /** While the run looks for others, and does not write yet. */
  readonly asking?: true;
}

export interface Lock {
  readonly path: string;
  /** Of runs that ended without giving their locks back, and what they left was removed. */
  readonly stale: number;
  /** Takes the lock away, and the folder where nothing is left in it; at once, so that it can be the last thing of a process. */
  release(): void;
}

/** How long a run is waited for that asks, too, in milliseconds: it has but to look at a few files. */
const PATIENCE = 5000;
const PAUSE = 20;

/**
 * Makes this process the only one that writes to a folder, but for other shards of the same division. Every run has a lock
 * of its own name, laid down before it looks for others: so no lock is ever taken over, and none is removed by mistake.
 *
 * A run asks first, and holds the folder once it has found no other. Of two that ask at the same moment one steps back, the one
 * whose mark comes later, and the other waits until it has.
 *
 * A lock is stale where its process is known to be gone: on this machine, by its number and when it began. What it left under
 * temporary names in `folders` is removed. A process elsewhere cannot be seen, and counts as running.
 *
 * @param state the folder for locks, which exists
 * @param folders that outputs go to
 * @throws PlanError where another run has the folder; FileError where the lock cannot be written
 */
export async function takeLock(
  state: string,
  { shard, folders }: { shard: Shard | undefined; folders: readonly string[] },
): Promise<Lock> {
  const path = join(state, `lock-${processMark}.json`);
  const own: LockFile = {
    corr2d: 1,
    kind: 'lock',
    time: new Date().toISOString(),
    process: thisProcess(),
    mark: processMark,
    ...(shard === undefined ? {} : { shard }),
  };
  const asked = performance.now();
  let stale = 0;
  let laid = false;
  try {
    for (;;) {
      const found = await lookAtOthers(state, path, own, folders);
      stale += found.stale;
      const holder = found.rivals.find(({ lock }) => lock === 'unreadable' || lock.asking !== true);
      if (holder !== undefined) throw new PlanError(describeRival(holder));
      const steppingBack = found.rivals.some(({ lock }) => lock !== 'unreadable' && lock.mark < own.mark);
      if (!steppingBack && !laid) {
        await write(path, { ...own, asking: true });
        laid = true;
        // Now that others see it.
        continue;
      }
      if (found.rivals.length === 0) break;
      if (performance.now() - asked > PATIENCE) throw new PlanError(describeRival(found.rivals[0]));
      if (steppingBack && laid) {
        await unlink(path);
        laid = false;
      }
      await pause(PAUSE);
    }
    await write(path, own);
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  }
  return { path, stale, release: () => release(state, path) };
}

function write(path: string, lock: LockFile): Promise<void> {
  const bytes = new TextEncoder().encode(`${plainJson(lock, 2)}\n`);
  return writeFileSafely(path, bytes, { overwrite: lock.asking !== true });
}

interface Rival {
  readonly path: string;
  readonly lock: LockFile | 'unreadable';
}

/** Removes the locks of runs that are gone, and gives those that keep this one out. */
async function lookAtOthers(
  state: string,
  own: string,
  { shard }: LockFile,
  folders: readonly string[],
): Promise<{ stale: number; rivals: Rival[] }> {
  let stale = 0;
  const rivals: Rival[] = [];
  // Another run that wrote nothing may have taken the folder with it; it is made again with this run's lock.
  const names = await readdir(state).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw readingFailed(error, 'locks', state);
  });
  for (const name of names) {
    const path = join(state, name);
    if (!/^lock-\w+\.json$/.test(name) || path === own) continue;
    const lock = await readLock(path);
    // Given back in the meantime.
    if (lock === undefined) continue;
    if (lock !== 'unreadable' && stateOfProcess(lock.process) === 'gone') {
      for (const folder of [state, ...folders]) await removeLeftovers(folder, lock.mark);
      await unlink(path).catch(() => {});
      stale++;
    } else if (lock === 'unreadable' || !mayStandBeside(shard, lock.shard)) rivals.push({ path, lock });
  }
  return { stale, rivals };
}

/** No lock is longer, in bytes. */
const LONGEST = 2 ** 16;

async function readLock(path: string): Promise<LockFile | 'unreadable' | undefined> {
  try {
    const lock: unknown = JSON.parse(new TextDecoder().decode(await readBytes(path, 'a lock', LONGEST)));
    return isLock(lock) ? lock : 'unreadable';
  } catch (error) {
    return error instanceof FileError && error.code === 'missing' ? undefined : 'unreadable';
  }
}

function isLock(value: unknown): value is LockFile {
  const { mark, process: other, time, shard } = (value ?? {}) as Partial<LockFile>;
  return (
    typeof mark === 'string' &&
    /^\w+$/.test(mark) &&
    Number.isSafeInteger(other?.pid) &&
    Number(other?.pid) > 0 &&
    typeof other?.host === 'string' &&
    typeof time === 'string' &&
    (shard === undefined || (Number.isSafeInteger(shard?.index) && Number.isSafeInteger(shard?.count)))
  );
}

function mayStandBeside(one: Shard | undefined, other: Shard | undefined): boolean {
  return one !== undefined && other !== undefined && one.count === other.count && one.index !== other.index;
}

function describeRival({ path, lock }: Rival): string {
  const removal = `once no run writes there, remove ${showPath(path)}`;
  if (lock === 'unreadable') {
    return `Expected a folder that no other run writes to but found a lock that cannot be read; ${removal}`;
  }
  const { process: other, time } = lock;
  return `Expected a folder that no other run writes to but found one of process ${other.pid} on ${shorten(other.host)} since ${shorten(time)}; wait for its end, or, ${removal}`;
}

function release(state: string, path: string): void {
  try {
    unlinkSync(path);
    // Of a run that wrote nothing nothing stays.
    if (readdirSync(state).length === 0) rmdirSync(state);
  } catch {
    // Another run has just taken what stands there, or someone removed it.
  }
}
