import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Input } from './input.ts';

interface WatchOptions {
  /** Finds all inputs there are. */
  readonly find: () => Promise<readonly Input[]>;
  /** Milliseconds from one look to the next. */
  readonly interval: number;
  /** Once aborted, the watch ends. */
  readonly signal: AbortSignal;
  /** Whether an input that was worked on is to be again once it has changed. */
  readonly isAgain: (input: Input) => boolean;
  readonly onFault: (error: Error) => void;
}

/**
 * Inputs that appear, when they are complete: of the same size and time at two looks one after the other. It looks again and again
 * and waits for no word of the system: that comes from no network's file system, and of large trees not whole.
 *
 * @param known inputs that were worked on already
 */
export async function* watchInputs(known: readonly Input[], options: WatchOptions): AsyncGenerator<readonly Input[]> {
  const handled = new Map<string, string>();
  let seen = new Map<string, string>();
  let fault = '';
  for (const input of known) handled.set(input.path, await stateOf(input.path));
  while (await waited(options)) {
    const ready: Input[] = [];
    const now = new Map<string, string>();
    try {
      for (const input of await options.find()) {
        const before = handled.get(input.path);
        if (before !== undefined && !options.isAgain(input)) continue;
        const state = await stateOf(input.path);
        if (state === before) continue;
        now.set(input.path, state);
        if (state !== '' && seen.get(input.path) === state) {
          ready.push(input);
          handled.set(input.path, state);
        }
      }
      fault = '';
    } catch (error) {
      // Told once, not at every look.
      const { message } = error as Error;
      if (message !== fault) options.onFault(error as Error);
      fault = message;
    }
    seen = now;
    if (ready.length > 0) yield ready;
  }
}

async function waited({ interval, signal }: WatchOptions): Promise<boolean> {
  await pause(interval, undefined, { signal }).catch(() => {});
  return !signal.aborted;
}

/** Size and time of a file; an empty text where there is none. */
async function stateOf(path: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}
