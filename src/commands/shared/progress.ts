import { asLines } from './say.ts';

export interface Progress {
  /** One more picture has ended; `megapixels` were worked on, 0 where it failed. */
  step(megapixels: number): void;
  /** Prints a line, above the bar where there is one. */
  note(line: string): void;
  /** Takes the bar away. Until then it keeps the process alive. */
  stop(): void;
}

/**
 * A bar with the rate and the time left, on a terminal; elsewhere, or where it is not `enabled`, notes alone. It uses no
 * colour, whatever `NO_COLOR` says.
 *
 * @param options.total pictures to come.
 */
export async function createProgress(options: {
  total: number;
  stream: NodeJS.WriteStream;
  enabled?: boolean;
}): Promise<Progress> {
  const { total, stream, enabled = true } = options;
  if (!enabled || !stream.isTTY) {
    return { step: () => {}, note: (line) => void stream.write(asLines([line])), stop: () => {} };
  }
  const { default: cliProgress } = await import('cli-progress');
  const start = performance.now();
  let megapixels = 0;
  // Of cli-progress, only its MultiBar can print lines above a bar.
  const bars = new cliProgress.MultiBar({
    stream,
    fps: 5,
    barsize: 24,
    clearOnComplete: true,
    // A line printed above the bar may have wiped it although its own text has not changed.
    forceRedraw: true,
    // Cuts the bar to the terminal's width and leaves the terminal's own wrapping on, which long notes need.
    linewrap: true,
    // Its handlers of SIGINT and SIGTERM would keep those signals from ending the process.
    gracefulExit: false,
    format: (format, { progress, value }) => {
      const seconds = (performance.now() - start) / 1000;
      const left = value > 0 ? `${showTime((seconds / value) * (total - value))} left` : '';
      const rate = `${(megapixels / Math.max(seconds, 1e-3)).toFixed(1)} MP/s`;
      return [`${value}/${total}`, `[${cliProgress.Format.BarFormat(progress, format)}]`, rate, left]
        .join('  ')
        .trimEnd();
    },
  });
  const bar = bars.create(total, 0);
  bars.update();
  let stopped = false;
  return {
    step(more) {
      megapixels += more;
      bar.increment();
    },
    note(line) {
      if (stopped) stream.write(asLines([line]));
      else {
        bars.log(asLines([line]));
        // Now, not at the next frame: what is printed next, or an exit, must not overtake it.
        bars.update();
      }
    },
    stop() {
      if (stopped) return;
      stopped = true;
      bars.stop();
    },
  };
}

/** Seconds as `45 s`, `3 min 20 s` or `2 h 5 min`. */
export function showTime(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
