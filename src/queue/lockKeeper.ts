import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { QueueAddress } from './address.ts';
import { loadPackages, PREFIX, redisOptions } from './connect.ts';

/** What the thread is told: which jobs are in work now, by their tokens, whenever that changes and every second. */
export type Kept = readonly (readonly [id: string, token: string])[];

export interface KeeperData {
  readonly address: QueueAddress;
  /** Milliseconds. */
  readonly lockDuration: number;
}

/** What the thread tells once locks can be kept. */
const READY = 'ready';

/** Where the other thread has not been heard of for so long, in milliseconds, it hangs: no picture within limits takes it so long. */
const SILENCE = 15 * 60_000;

/** A thread that keeps the locks of jobs while the other one computes, which hears nothing in the meantime. */
async function keepLocks({ address, lockDuration }: KeeperData): Promise<void> {
  const { bullmq, ioredis } = await loadPackages();
  const redis = new ioredis.Redis(redisOptions(address));
  redis.on('error', () => {});
  const holder = new bullmq.Worker(address.name, null, {
    connection: redis,
    prefix: PREFIX,
    autorun: false,
    skipVersionCheck: true,
  });
  holder.on('error', () => {});
  let kept: Kept = [];
  let heard = performance.now();
  parentPort?.on('message', (jobs: Kept) => {
    kept = jobs;
    heard = performance.now();
  });
  await redis.ping();
  parentPort?.postMessage(READY);
  for (;;) {
    await pause(lockDuration / 3);
    const isHeard = performance.now() - heard < SILENCE;
    if (kept.length === 0 || !isHeard) continue;
    const [ids, tokens] = [0, 1].map((part) => kept.map((job) => job[part]));
    await holder.extendJobLocks(ids, tokens, lockDuration).catch(() => []);
  }
}

if (parentPort !== null) await keepLocks(workerData as KeeperData);
