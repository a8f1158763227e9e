import type { Detector } from '../../../edges/detector/detector.ts';
import { type Certified, certifyDetector } from '../certifyDetector.ts';
import { channelsApart } from '../linePairs.ts';
import type { MapTarget } from '../mapTarget.ts';
import { finishBinary } from './finishBinary.ts';
import { finishRecovered } from './finishRecovered.ts';
import { recoverBinary } from './recoverBinary.ts';
import { type Recovered, recoverDetector } from './recoverDetector.ts';

/**
 * The detector of kernels that nobody has named, of maps that are black and white alone or of any other.
 *
 * @param sides of kernels, in order
 * @param pause awaited between parts of the work
 */
export async function recoverUnknown(
  targets: readonly MapTarget[],
  sides: readonly number[],
  pause: () => Promise<void>,
): Promise<Certified | undefined> {
  if (targets.every(({ binary }) => binary)) {
    return recoveredBinary(targets, sides.slice(0, 2), pause);
  }
  const finish = (found: Recovered): ReturnType<typeof finishRecovered> => finishRecovered(found, targets, pause);
  return recoverDetector(targets, { sides, finish }, pause);
}

/** Where maps have a channel for each of their pictures', each is a pair of its own. */
async function recoveredBinary(
  targets: readonly MapTarget[],
  sides: readonly number[],
  pause: () => Promise<void>,
): Promise<Certified | undefined> {
  const apart = targets.flatMap(channelsApart);
  const found =
    (await recoverBinary(apart, { sides, linked: false }, pause)) ??
    (apart.every(isWhole) ? await recoverBinary(apart, { sides, linked: true }, pause) : undefined);
  const finished = found && (await finishBinary(found, apart, pause));
  if (finished === undefined || targets[0].map.channels === 1) return finished;
  const detector: Detector = { ...finished.detector, color: 'each' };
  return certifyDetector(detector, targets);
}

/** Hysteresis sees the whole map. */
function isWhole({ before, map }: MapTarget): boolean {
  return before.height === map.height && before.width === map.width;
}
