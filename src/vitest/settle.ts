import { ExpectationError } from '../planes/expected.ts';
import { compareImages } from '../verify/compareImages.ts';
import type { ExactFile } from '../verify/exactFile.ts';
import { matchesGolden, type SnapshotOptions, type SnapshotPlace } from '../verify/imageSnapshot.ts';

// Tests put clocks of their own in the place of these.
const { setTimeout } = globalThis;
const now = performance.now.bind(performance);

interface Patience {
  /** Milliseconds. */
  readonly timeout: number;
  readonly interval: number;
}

/**
 * Takes pictures until one matches the golden, or two in a row are the same: a page may still be loading, an animation running.
 *
 * @throws ExpectationError where they go on changing
 */
export async function settle(
  take: () => Promise<ExactFile>,
  place: SnapshotPlace,
  options: SnapshotOptions,
  { timeout, interval }: Patience,
): Promise<ExactFile> {
  const end = now() + timeout;
  let previous = await take();
  for (;;) {
    if (!place.isNot && (await matchesGolden(previous, place, options))) return previous;
    await new Promise((resolve) => void setTimeout(resolve, interval));
    const next = await take();
    const { match, message } = await compareImages(next.picture, previous.picture, options);
    if (match) return next;
    if (now() >= end) throw unsettled(`in ${timeout} ms`, message);
    previous = next;
  }
}

export function unsettled(when: string, message: string): ExpectationError {
  return new ExpectationError(`Expected two pictures in a row to be the same but received none ${when}: ${message}`);
}
