import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** What is shorter is not told, in milliseconds. */
const SOON = 150;

interface BusyProps {
  readonly since: number | undefined;
  readonly what: string;
  readonly onStop: () => void;
}

/** That something is computed, for how long already, and a way to end it. */
export function Busy({ since, what, onStop }: BusyProps): JSX.Element | null {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (since === undefined) return undefined;
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, [since]);
  if (since === undefined || now - since < SOON) return null;
  return (
    <div class="busy" role="status">
      <progress aria-label={what} /> {what}: {((now - since) / 1000).toFixed(1)} s{' '}
      <button type="button" onClick={onStop}>
        stop
      </button>
    </div>
  );
}
