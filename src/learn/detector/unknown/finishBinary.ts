import { applyDetector } from '../../../edges/detector/applyDetector.ts';
import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { whiteOf } from '../../../planes/planes.ts';
import type { Certified } from '../certifyDetector.ts';
import { BORDERS } from '../known/generic.ts';
import { linkOf } from '../known/linkedCores.ts';
import { brightLines, roundestIn, roundestPair, singleThreshold } from '../lineThresholds.ts';
import type { MapTarget } from '../mapTarget.ts';
import { openTrial } from '../trial.ts';
import { nameOfKernels } from './nameOfKernels.ts';
import type { RecoveredBinary } from './recoverBinary.ts';
import { shortTaps, uprightPair } from './shortTaps.ts';

/** Recovered kernels of a black-and-white map with the simplest numbers, a border and a round threshold, as far as the map leaves them open. */
export async function finishBinary(
  { response, kernels, color, side, inverted, threshold, linked }: RecoveredBinary,
  targets: readonly MapTarget[],
  pause: () => Promise<void>,
): Promise<Certified | undefined> {
  const trial = openTrial(targets, pause);
  const free = response === 'l2';
  const short = shortTaps(kernels, free);
  const forms = [
    ...(short === undefined ? [] : [{ taps: short.kernels, level: threshold / short.factor }]),
    { taps: free ? uprightPair(kernels) : kernels, level: threshold },
  ];
  const white = whiteOf(targets[0].before);
  for (const { taps, level } of forms) {
    const steps: KernelDetector = {
      ...(color === undefined ? {} : { color }),
      kernels: taps.map((own) => ({ channels: 1, height: side, width: side, taps: own })),
      response,
      ...(inverted ? { inverted } : {}),
      rounding: 'nearest',
    };
    const detectors = BORDERS.flatMap((border): KernelDetector[] => {
      if (linked) return linkedBy(steps, border, targets);
      return [{ ...steps, border, threshold: roundLevel(steps, border, targets, level) / white }];
    });
    if (await trial.any(detectors)) break;
  }
  const best = trial.best();
  if (best === undefined || 'operator' in best.detector) return best;
  const name = nameOfKernels(best.detector);
  return name === undefined
    ? best
    : { ...best, detector: { name: `${name} ${linked ? 'with hysteresis' : 'above a threshold'}`, ...best.detector } };
}

/** A round threshold under which the maps come out, or the one that was found. */
function roundLevel(
  detector: KernelDetector,
  border: NonNullable<KernelDetector['border']>,
  targets: readonly MapTarget[],
  level: number,
): number {
  const { inverted = false, rounding: _, ...steps } = detector;
  let [from, to] = [0, Number.POSITIVE_INFINITY];
  for (const { before, map } of targets) {
    if (before.height !== map.height || before.width !== map.width) return level;
    const own = singleThreshold(applyDetector(before, { ...steps, border }).map.data, brightLines(map, inverted).data);
    if (own === undefined) return level;
    from = Math.max(from, own.from);
    to = Math.min(to, own.to);
  }
  return from < to ? roundestIn({ from, to }) : level;
}

/** With two thresholds under which the maps come out by hysteresis, the roundest; nothing where there are none. */
function linkedBy(
  detector: KernelDetector,
  border: NonNullable<KernelDetector['border']>,
  targets: readonly MapTarget[],
): KernelDetector[] {
  const { inverted = false, rounding: _, ...steps } = detector;
  const found = linkOf(
    targets.map(({ before, map }) => ({
      map: applyDetector(before, { ...steps, border }).map,
      lines: brightLines(map, inverted),
    })),
  );
  if (found === undefined) return [];
  const [low, high] = roundestPair(found.both, false, []);
  const white = whiteOf(targets[0].before);
  return [{ ...detector, border, low: low / white, high: high / white, ...found.link }];
}
