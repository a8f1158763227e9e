import { applyDetector } from '../../../edges/detector/applyDetector.ts';
import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { openResponder } from '../../../edges/detector/respondRows.ts';
import { whiteOf } from '../../../planes/planes.ts';
import { commonThreshold, type LinePair } from '../linePairs.ts';
import { singleThreshold } from '../lineThresholds.ts';
import type { MapTarget } from '../mapTarget.ts';
import type { Strip } from '../strips.ts';
import { coresOfInputs } from './coresOfInputs.ts';
import type { KnownBlur } from './inputs.ts';
import { above } from './linkedCores.ts';

const BORDERS = ['reflect101', 'symmetric', 'replicate'] as const;

/**
 * Kernels that are known by a name whose response tells black from white by one threshold.
 *
 * @param strips of the first pair
 */
export async function thresholdedCores(
  target: MapTarget,
  blurs: readonly KnownBlur[],
  strips: readonly Strip[],
  pairs: readonly LinePair[],
  pause: () => Promise<void>,
): Promise<KernelDetector | undefined> {
  for await (const { core, steps, ofPrepared, prepared } of coresOfInputs(target, strips, blurs, pause)) {
    const fits = strips.every(({ row, column, samples: [samples] }, i) => {
      const { size } = openResponder(prepared[i](), ofPrepared, false).respond(0, row);
      return singleThreshold(size.subarray(column, column + samples.length), samples) !== undefined;
    });
    if (!fits) continue;
    for (const border of BORDERS) {
      const detector: KernelDetector = { ...steps, border };
      const range = commonThreshold(pairs, ({ before, lines }) =>
        singleThreshold(applyDetector(before, detector).map.data, lines.data),
      );
      if (range !== undefined) return above(detector, range, whiteOf(target.before), core.name);
    }
  }
  return undefined;
}
