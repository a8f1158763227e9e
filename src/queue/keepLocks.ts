import { Worker } from 'node:worker_threads';
import type { QueueAddress } from './address.ts';
import type { Kept, KeeperData } from './lockKeeper.ts';

/** Keeps the locks of jobs in a thread of its own, however long this one computes. */
interface LockKeeper {
  /** Resolves once it can: until then no job is to be taken. */
  readonly ready: Promise<void>;
  keep(id: string, token: string): void;
  leave(id: string): void;
  close(): Promise<void>;
}

/** Between two signs of life, in milliseconds. */
const BEAT = 1000;

/**
 * Starts the thread.
 *
 * @param onEnd called where the thread ends by itself: locks are lost from then on
 */
export function openLockKeeper(address: QueueAddress, lockDuration: number, onEnd: (error: Error) => void): LockKeeper {
  const workerData: KeeperData = { address, lockDuration };
  const thread = new Worker(new URL('./lockKeeper.js', import.meta.url), { workerData, execArgv: [] });
  const kept = new Map<string, string>();
  let isClosed = false;
  const tell = (): void => thread.postMessage([...kept] satisfies Kept);
  const timer = setInterval(tell, BEAT);
  thread.on('error', onEnd);
  thread.on('exit', () => {
    if (!isClosed) onEnd(new Error('the thread that keeps locks has ended'));
  });
  const ready = new Promise<void>((resolve) => {
    thread.once('message', resolve);
    thread.once('exit', () => resolve());
  });
  return {
    ready,
    keep(id, token) {
      kept.set(id, token);
      tell();
    },
    leave(id) {
      kept.delete(id);
      tell();
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      await thread.terminate();
    },
  };
}
