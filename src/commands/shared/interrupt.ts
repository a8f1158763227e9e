import { EXIT } from './exit.ts';

export interface Interrupt {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Leaves the process to the system's own ways again. */
  release(): void;
}

/**
 * What asks a process to end and lets it finish: Ctrl-C, `kill` and job queues, a terminal that was closed, the processor time of
 * `ulimit -t`, and Ctrl-Break on Windows.
 */
const ASKING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGXCPU', 'SIGBREAK'] as const;

/**
 * Within so many milliseconds a second signal is taken for the first one, passed on: `npm` and `npx` give their children the Ctrl-C
 * that the terminal has given them already.
 */
const TOGETHER = 200;

const BATCH = 'interrupted: finishing the pictures in flight; once more gives them up';

/**
 * Ctrl-C once finishes what is in flight and starts no more; twice gives that up, as Ctrl-\ does, as soon as this thread is free.
 * Every output is written under another name and renamed when whole, so neither leaves half a picture.
 *
 * @param say prints a line
 * @param message what is said at the first signal
 */
export function onInterrupt(say: (line: string) => void, message: () => string = () => BATCH): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const ask = (name: NodeJS.Signals): void => {
    if (name === 'SIGHUP') endByHangUp();
    if (controller.signal.aborted) {
      if (performance.now() - first > TOGETHER) stop();
      return;
    }
    first = performance.now();
    say(`corr2d: ${message()}`);
    controller.abort();
  };
  for (const signal of ASKING) process.on(signal, ask);
  process.on('SIGQUIT', stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of ASKING) process.off(signal, ask);
      process.off('SIGQUIT', stop);
    },
  };
}

let hangsUp = false;

/**
 * Node aborts at its end where the terminal that it was started on is gone, as it cannot be put back into its first state. Once all else
 * is done, the process ends by the signal itself instead.
 */
function endByHangUp(): void {
  const { stdin, stdout, stderr } = process;
  if (hangsUp || ![stdin, stdout, stderr].some(({ isTTY }) => isTTY)) return;
  hangsUp = true;
  process.on('exit', () => {
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}

/** What is left then, locks and temporary files, goes with the process's `exit`. */
function stop(): void {
  process.exit(EXIT.interrupted);
}
