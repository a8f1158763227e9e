/** Milliseconds of work after which other tasks get their turn. */
const TURN = 30;

/**
 * A pause to be awaited between steps of a long computation: it lets timers, signals and the screen have their turn now and
 * then, and rejects with the signal's reason once that is aborted.
 */
export function pacer(signal: AbortSignal | undefined): () => Promise<void> {
  let since = Date.now();
  return async () => {
    signal?.throwIfAborted();
    if (Date.now() - since < TURN) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 0);
    });
    since = Date.now();
    signal?.throwIfAborted();
  };
}
