import type { Detector } from '../../edges/detector/detector.ts';
import { type Certified, certifyDetector } from './certifyDetector.ts';
import { cornersOf } from './corners.ts';
import { isUnrounded, type MapTarget } from './mapTarget.ts';

/** Tries detectors on whole pictures, and keeps the one that gives most samples. */
export interface Trial {
  /** Whether one of the detectors gives every sample; those that fail where a picture ends are tried last, if at all. */
  readonly any: (detectors: readonly Detector[]) => Promise<boolean>;
  readonly best: () => Certified | undefined;
  /** Of the samples that the best gives. */
  readonly share: () => number;
  /** The detector that misses fewest samples in the corners. */
  readonly nearest: <T extends Detector>(detectors: readonly T[]) => T;
}

/** @param pause awaited before each detector */
export function openTrial(targets: readonly MapTarget[], pause: () => Promise<void>): Trial {
  const corners = cornersOf(targets[0]);
  let best: Certified | undefined;
  return {
    best: () => best,
    share: () => (best === undefined ? 0 : best.certificate.reproduced / best.certificate.samples),
    nearest(detectors) {
      const missed = detectors.map((detector) => corners.missed(detector));
      return detectors[missed.indexOf(Math.min(...missed))];
    },
    async any(given) {
      const detectors = isUnrounded(targets[0]) ? given.map(unrounded) : given;
      const ranked = detectors
        .map((detector) => ({ detector, missed: detectors.length === 1 ? 0 : corners.missed(detector) }))
        .sort((a, b) => a.missed - b.missed);
      for (const { detector, missed } of ranked) {
        // Once one fits the corners, others that do not are none.
        if (missed > 0 && missed > 2 * ranked[0].missed) break;
        await pause();
        const certified = certifyDetector(detector, targets);
        const { certificate } = certified;
        if (best === undefined || certificate.reproduced > best.certificate.reproduced) best = certified;
        if (certificate.reproduced === certificate.samples) return true;
      }
      return false;
    },
  };
}

/** Numbers as the detector answers them: whatever stores them rounds. */
function unrounded(detector: Detector): Detector {
  const { rounding: _, ...others } = detector;
  return others;
}
