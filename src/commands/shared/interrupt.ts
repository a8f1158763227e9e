import { removeTemporaries } from '../../disk/temporaries.ts';
import { EXIT } from './exit.ts';

/**
 * Ctrl-C once finishes what is in flight and starts no more; twice stops at once.
 * Every output is written under another name and renamed when whole, so neither leaves half a picture.
 */
export function onInterrupt(say: (line: string) => void): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const handle = (): void => {
    if (controller.signal.aborted) {
      removeTemporaries();
      process.exit(EXIT.interrupted);
    }
    say('corr2d: interrupted: finishing the pictures in flight; once more stops at once');
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
