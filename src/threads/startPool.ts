/** Threads that run the default export of a file of the build. */
export interface PoolThreads<Task, Answer> {
  /** Rejects where the thread ends, or does not come to be, before it has answered. */
  run(task: Task, options?: PoolRun): Promise<Answer>;
  close(): Promise<void>;
}

interface PoolRun {
  /** Ends the thread that is at work on the task. */
  readonly signal?: AbortSignal | undefined;
  /** Memory that moves there. */
  readonly transfer?: readonly ArrayBuffer[];
}

/**
 * A pool of so many threads, started when they are needed; one that dies is replaced.
 *
 * @param file what they run
 * @param onLack called when the system gives no more threads
 */
export async function startPool<Task, Answer>(
  file: URL,
  count: number,
  onLack: () => void = () => {},
): Promise<PoolThreads<Task, Answer>> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina<Task, Answer>({
    filename: file.href,
    // With none, what is in the queue when the last one dies would wait for ever.
    minThreads: 1,
    maxThreads: count,
    // The longest that a timer takes, in milliseconds: with more a thread ends after each task.
    idleTimeout: 2 ** 31 - 1,
    // Options that the program itself was started with may not suit a file, such as those of `node --eval`.
    execArgv: [],
    recordTiming: false,
  });
  const waiting = new Set<(cause: unknown) => void>();
  // A thread that did not come to be, and so has no work that could fail.
  pool.on('error', (cause: unknown) => {
    onLack();
    for (const reject of waiting) reject(cause);
  });
  return {
    run: (task, { signal, transfer = [] } = {}) =>
      new Promise<Answer>((resolve, reject) => {
        const settled = (): void => void waiting.delete(reject);
        waiting.add(reject);
        const how = { signal: signal ?? null, transferList: [...transfer] as never };
        pool.run(task, how).then(resolve, reject).finally(settled);
      }),
    close: () => pool.destroy(),
  };
}
