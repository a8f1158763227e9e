import { useEffect, useRef, useState } from 'preact/hooks';
import { Stopped } from './client.ts';

/** What stands of some work: its last result, and whether newer work goes on. */
interface Work<T> {
  readonly result?: T;
  /** Why the last of it came to nothing. */
  readonly refused?: string;
  /** When what goes on began; absent where nothing does. */
  readonly since?: number;
}

/**
 * Work that is done again whenever what it depends on changes: one at a time, and of several that are asked for meanwhile the last. What
 * was there before is shown until there is something new.
 */
export function useWork<T>(ask: (() => Promise<T>) | undefined, inputs: readonly unknown[]): Work<T> {
  const [work, setWork] = useState<Work<T>>({});
  const queue = useRef<{ next: (() => Promise<T>) | undefined; busy: boolean }>({ next: undefined, busy: false });
  useEffect(() => {
    queue.current.next = ask;
    if (ask === undefined) setWork({});
    if (!queue.current.busy && ask !== undefined) void goOn();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, inputs);
  return work;

  async function goOn(): Promise<void> {
    const one = queue.current;
    one.busy = true;
    for (let next = one.next; next !== undefined; next = one.next) {
      one.next = undefined;
      setWork(({ result }) => ({ ...(result === undefined ? {} : { result }), since: performance.now() }));
      try {
        const result = await next();
        setWork({ result });
      } catch (error) {
        const refused = error instanceof Stopped ? 'stopped' : error instanceof Error ? error.message : String(error);
        setWork(({ result }) => ({ ...(result === undefined ? {} : { result }), refused }));
      }
    }
    one.busy = false;
  }
}
