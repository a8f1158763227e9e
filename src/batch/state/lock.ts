import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PlanError } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { processMark, removeLeftovers } from '../../disk/temporaries.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { shorten } from '../../planes/expected.ts';
import { plainJson } from '../../planes/plainText.ts';
import type { Shard } from '../inputs/shard.ts';
import { type ProcessIdentity, stateOfProcess, thisProcess } from './processes.ts';

/** What a run leaves in its output folder for as long as it lasts. */
interface LockFile {
  readonly corr2d: 1;
  readonly kind: 'lock';
  readonly time: string;
  readonly process: ProcessIdentity;
  /** Of its temporary files. */
  readonly mark: string;
  readonly shard?: Shard;
}

export interface Lock {
  /** Of runs that ended without giving their locks back, and what they left was removed. */
  readonly stale: number;
  /** Takes the lock away, and the folder where nothing is left in it; at once, so that it can be the last thing of a process. */
  release(): void;
}

// Two runs that begin at the same moment see each other's lock: both step back and try again after a while of their own.
const ATTEMPTS = 4;
const LONGEST_PAUSE = 200;

/**
 * Makes this process the only one that writes to a folder, but for other shards of the same division. Every run has a lock
 * of its own name, laid down before it looks for others: so no lock is ever taken over, and none is removed by mistake.
 *
 * A lock is stale where its process is known to be gone: on this machine, by its number and when it began. What it left under
 * temporary names in `folders` is removed. A process elsewhere cannot be seen, and counts as running.
 *
 * @param state the folder for locks, which exists
 * @param folders that outputs go to
 * @throws PlanError where another run has the folder; PictureError where the lock cannot be written
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
    process: await thisProcess(),
    mark: processMark,
    ...(shard === undefined ? {} : { shard }),
  };
  const bytes = new TextEncoder().encode(`${plainJson(own, 2)}\n`);
  let stale = 0;
  for (let attempt = 1; ; attempt++) {
    await writeFileSafely(path, bytes);
    const found = await lookAtOthers(state, path, own, folders);
    stale += found.stale;
    if (found.rival === undefined) break;
    await unlink(path);
    if (attempt === ATTEMPTS) throw new PlanError(found.rival);
    await pause(Math.random() * LONGEST_PAUSE);
  }
  return { stale, release: () => release(state, path) };
}

async function lookAtOthers(
  state: string,
  own: string,
  { shard }: LockFile,
  folders: readonly string[],
): Promise<{ stale: number; rival?: string }> {
  let stale = 0;
  for (const name of await readdir(state)) {
    const path = join(state, name);
    if (!/^lock-\w+\.json$/.test(name) || path === own) continue;
    const lock = await readLock(path);
    // Given back in the meantime.
    if (lock === undefined) continue;
    if (lock !== 'unreadable' && (await stateOfProcess(lock.process)) === 'gone') {
      for (const folder of [state, ...folders]) await removeLeftovers(folder, lock.mark);
      await unlink(path).catch(() => {});
      stale++;
    } else if (lock === 'unreadable' || !mayStandBeside(shard, lock.shard)) {
      return { stale, rival: describeRival(path, lock) };
    }
  }
  return { stale };
}

async function readLock(path: string): Promise<LockFile | 'unreadable' | undefined> {
  try {
    const lock = JSON.parse(await readFile(path, 'utf8')) as Partial<LockFile> | null;
    const isWhole =
      typeof lock?.mark === 'string' &&
      /^\w+$/.test(lock.mark) &&
      typeof lock.process?.pid === 'number' &&
      typeof lock.process.host === 'string';
    return isWhole ? (lock as LockFile) : 'unreadable';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable';
  }
}

function mayStandBeside(one: Shard | undefined, other: Shard | undefined): boolean {
  return one !== undefined && other !== undefined && one.count === other.count && one.index !== other.index;
}

function describeRival(path: string, lock: LockFile | 'unreadable'): string {
  const removal = `once no run writes there, remove ${showPath(path)}`;
  if (lock === 'unreadable') return `Expected a folder that no other run writes to but found a lock of one; ${removal}`;
  const { process: other, time } = lock;
  return `Expected a folder that no other run writes to but found one of process ${other.pid} on ${shorten(other.host)} since ${shorten(String(time))}; wait for its end, or, ${removal}`;
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
