/** Bytes that may be in use at once. */
export interface Budget {
  /** Waits until there is room for so many bytes, or nothing else is in use; in the order of the calls. */
  acquire(bytes: number): Promise<void>;
  release(bytes: number): void;
}

/**
 * A budget of bytes beside a number of pictures in flight: small ones run together, and one that alone is larger than the
 * budget runs by itself.
 */
export function createBudget(total: number): Budget {
  let used = 0;
  const waiting: { readonly bytes: number; readonly start: () => void }[] = [];

  function startNext(): void {
    while (waiting.length > 0 && (used === 0 || used + waiting[0].bytes <= total)) {
      const [{ bytes, start }] = waiting.splice(0, 1);
      used += bytes;
      start();
    }
  }

  return {
    acquire: (bytes) =>
      new Promise((resolve) => {
        waiting.push({ bytes, start: resolve });
        startNext();
      }),
    release(bytes) {
      used -= bytes;
      startNext();
    },
  };
}
