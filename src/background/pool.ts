import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { FileError, type FileErrorCode } from '../disk/fileError.ts';
import { ExpectationError, expected, expectInteger } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { type PoolThreads, startPool } from '../threads/startPool.ts';
import { memoriesOf, portable } from './portable.ts';
import { leaveRoom, openRoom } from './room.ts';
import type { Fault, Task, TaskAnswer, TaskMessage } from './task.ts';

export interface BackgroundLimits {
  /** Threads, and so tasks that are worked on at once; the processors that this process may use by default. */
  threads?: number;
  /** MiB of samples and results in work at once; 1024 by default. A picture that needs more is worked on alone. */
  memory?: number;
}

/** How a call is handed to another thread. */
export interface BackgroundOptions {
  /** Ends the work: what waits is taken out of the queue, what is in work is stopped at once. */
  signal?: AbortSignal;
  /** Gives the samples away rather than copy them: they cannot be used here any more. */
  transfer?: boolean;
}

export const BACKGROUND_OPTIONS: readonly string[] = optionNames<BackgroundOptions>({ signal: true, transfer: true });

const LIMITS = optionNames<BackgroundLimits>({ threads: true, memory: true });

/** Threads that have had nothing to do for so long give their memory back. In milliseconds. */
const IDLE = 10_000;

let limits = { threads: availableParallelism(), memory: 1024 };
let pool: Pool | undefined;

/**
 * How many threads {@link detectEdgesAsync}, {@link filterAsync}, {@link readImageAsync}, {@link encodeImageAsync} and
 * {@link compareImagesAsync} have in this process together, and how much memory. For calls that come later: those that were made before
 * keep the threads they have.
 *
 * @throws ExpectationError where a limit is no whole number from 1
 */
export function limitBackground(wanted: BackgroundLimits): void {
  expectOptions(wanted, LIMITS, 'limitBackground');
  const { threads = limits.threads, memory = limits.memory } = wanted;
  expectInteger(threads, 'threads', 1, 1024);
  expectInteger(memory, 'memory', 1, 2 ** 20);
  limits = { threads, memory };
  pool?.retire();
  pool = undefined;
}

/**
 * Has a task done by another thread.
 *
 * @throws what the work throws, the signal's reason, or an Error where the thread ended before it was done
 */
export async function inBackground(task: Task, how: Asked): Promise<unknown> {
  const { signal, transfer = false } = how;
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw expected('an AbortSignal', 'signal', signal);
  signal?.throwIfAborted();
  // One signal may end any number of calls, which is no leak that Node should warn of.
  if (signal !== undefined) setMaxListeners(0, signal);
  pool ??= openPool(limits);
  return pool.run(task, signal, transfer);
}

/** {@link BackgroundOptions}, taken apart. */
interface Asked {
  readonly signal: AbortSignal | undefined;
  readonly transfer: boolean | undefined;
}

interface Pool {
  run(task: Task, signal: AbortSignal | undefined, transfer: boolean): Promise<unknown>;
  /** Ends the threads once their tasks are done. */
  retire(): void;
}

function openPool({ threads, memory }: typeof limits): Pool {
  const limit = pLimit(threads);
  const used = openRoom(threads);
  const places = Array.from({ length: threads }, (_, i) => i);
  let started: Promise<PoolThreads<TaskMessage, TaskAnswer>> | undefined;
  let idle: NodeJS.Timeout | undefined;
  let tasks = 0;
  let isRetired = false;

  return {
    async run(task, signal, transfer) {
      clearTimeout(idle);
      tasks++;
      try {
        return await whenSettled(limit(work, task, signal, transfer), signal);
      } finally {
        tasks--;
        if (tasks === 0) idle = setTimeout(end, isRetired ? 0 : IDLE).unref();
      }
    },
    retire() {
      isRetired = true;
      if (tasks === 0) end();
    },
  };

  async function work(task: Task, signal: AbortSignal | undefined, transfer: boolean): Promise<unknown> {
    signal?.throwIfAborted();
    const place = places.pop() as number;
    const room = { used, place, total: memory * 1024 };
    try {
      started ??= startPool(new URL('./taskWorker.js', import.meta.url), threads);
      const sent: TaskMessage = { task: portable(task), room };
      const moved = transfer ? [...memoriesOf(sent.task)] : [];
      const answer = await (await started).run(sent, { signal, transfer: moved });
      if ('fault' in answer) throw errorOf(answer.fault);
      return answer.result;
    } finally {
      leaveRoom({ used, place });
      places.push(place);
    }
  }

  function end(): void {
    clearTimeout(idle);
    const ended = started;
    started = undefined;
    void ended?.then((ended_) => ended_.close()).catch(() => {});
  }
}

/** What waits in the queue is told of the signal at once, and finds it when its turn comes. */
function whenSettled<T>(running: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return running;
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function errorOf({ name, message, code, path, stack }: Fault): Error {
  const error =
    name === 'FileError'
      ? new FileError(code as FileErrorCode, message, { path })
      : name === 'ExpectationError'
        ? new ExpectationError(message)
        : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
