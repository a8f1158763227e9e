/** What takes less is not worth a line, in seconds. */
const PATIENCE = 1;

/**
 * The promise itself; as long as it is pending a line says what is waited for and counts the seconds, on a terminal and where
 * it is `enabled`.
 */
export async function whileWaiting<T>(
  text: string,
  { stream, enabled }: { stream: NodeJS.WriteStream; enabled: boolean },
  promise: Promise<T>,
): Promise<T> {
  if (!enabled || !stream.isTTY) return promise;
  const start = performance.now();
  let shown = false;
  const timer = setInterval(() => {
    const seconds = Math.floor((performance.now() - start) / 1000);
    if (seconds < PATIENCE) return;
    shown = true;
    stream.write(`\r${text} … ${seconds} s`);
  }, 500);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
    // Back to the first column, and erase to the end of the line.
    if (shown) stream.write('\r\u001B[K');
  }
}
