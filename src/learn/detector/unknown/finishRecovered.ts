import {
  type DetectorBorder,
  type DetectorKernel,
  type KernelDetector,
  seesApart,
} from '../../../edges/detector/detector.ts';
import { openResponder } from '../../../edges/detector/respondRows.ts';
import { whiteOf } from '../../../planes/planes.ts';
import type { Certified } from '../certifyDetector.ts';
import { simplestBetween } from '../known/found.ts';
import { BORDERS } from '../known/generic.ts';
import type { MapTarget } from '../mapTarget.ts';
import { type ScaleRange, scaleBetween } from '../scaleBetween.ts';
import { openTrial, type Trial } from '../trial.ts';
import { nameOfKernels } from './nameOfKernels.ts';
import type { Recovered } from './recoverDetector.ts';
import { shortTaps, uprightPair } from './shortTaps.ts';

/** The largest share of samples that rounding of exact halves either way may decide. */
const TIES = 0.99;

/**
 * Recovered kernels with the simplest numbers, a factor, a border and a rounding: those under which most samples of the maps come out.
 *
 * @param pause awaited between parts of the work
 */
export async function finishRecovered(
  recovered: Recovered,
  targets: readonly MapTarget[],
  pause: () => Promise<void>,
): Promise<Certified | undefined> {
  const trial = openTrial(targets, pause);
  for (const form of formsOf(recovered)) {
    const detectors = arithmeticsOf(recovered, form).flatMap((one) => roundingsOf(recovered, one));
    // Borders are told by the corners with the first arithmetic; the others differ by last bits.
    const [first] = detectors;
    const border = bestBorder(first, targets, trial);
    if (await trial.any(detectors.map((detector) => ({ ...detector, border })))) break;
    if (trial.share() >= TIES && form.short) break;
  }
  const best = trial.best();
  if (best === undefined || 'operator' in best.detector) return best;
  const name = nameOfKernels(best.detector);
  return name === undefined ? best : { ...best, detector: { name, ...best.detector } };
}

interface Form {
  readonly response: KernelDetector['response'];
  readonly kernels: readonly Float64Array[];
  readonly factor: number;
  readonly short: boolean;
}

/** Short numbers first; of two, a sum of absolute values is the larger of their sum and difference as well. */
function formsOf({ steps: { kernels, response } }: Recovered): Form[] {
  const taps = kernels.map((k) => k.taps);
  const larger: readonly Float64Array[] | undefined =
    response === 'l1' && taps.length === 2
      ? [1, -1].map((sign) => taps[0].map((tap, i) => tap + sign * taps[1][i]))
      : undefined;
  const forms: Form[] = [];
  const own = shortTaps(taps, response === 'l2');
  const other = larger && shortTaps(larger, false);
  if (own !== undefined) forms.push({ response, ...own, short: true });
  if (other !== undefined) forms.push({ response: 'max', ...other, short: true });
  const largestOf = ({ kernels: all }: Form): number => Math.max(...all.flatMap((k) => Array.from(k, Math.abs)));
  forms.sort((a, b) => largestOf(a) - largestOf(b));
  const upright = response === 'l2' && taps.length === 2 ? uprightPair(taps) : taps;
  return [...forms, { response, kernels: upright, factor: 1, short: false }];
}

/** The same numbers as programs may have written them, which decides how sums that are all but halves are rounded. */
function arithmeticsOf(
  { steps, targets, side, rounding }: Recovered,
  { response, kernels, factor, short }: Form,
): KernelDetector[] {
  const base = { ...steps, response, rounding };
  const withTaps = (times: number, scale: number): KernelDetector => ({
    ...base,
    kernels: kernels.map((taps, i) => ({ ...steps.kernels[i], taps: taps.map((tap) => tap * times) })),
    ...(scale === 1 ? {} : { scale }),
  });
  if (!short) return [withTaps(1, 1)];
  const range = scaleOfAll(
    { ...base, kernels: kernels.map((taps, i) => ({ ...steps.kernels[i], taps })) },
    targets,
    side,
  );
  const scale = range === undefined ? factor : simplestBetween(range);
  const detectors = [withTaps(1, scale)];
  for (const over of [10, 100, 1000]) {
    if (Math.abs(scale * over - Math.round(scale * over * 48) / 48) < 1e-9) {
      detectors.push({ ...withTaps(1, scale * over), kernels: divided(detectors[0].kernels, over) });
    }
  }
  if (response === 'l1') {
    // OpenCV's half of two samples that were rounded and cut first.
    detectors.push({ ...withTaps(2 * scale, 0.5), parts: { rounding: 'nearest', saturated: true } });
  }
  return detectors;
}

function divided(kernels: readonly DetectorKernel[], over: number): DetectorKernel[] {
  return kernels.map((k) => ({ ...k, taps: k.taps.map((tap) => tap / over) }));
}

function roundingsOf({ rounding }: Recovered, detector: KernelDetector): KernelDetector[] {
  return rounding === 'truncate' ? [detector] : [detector, { ...detector, rounding: 'half-up' }];
}

/** The factors that fit all samples whose windows lie in their pictures. */
function scaleOfAll(detector: KernelDetector, targets: readonly MapTarget[], side: number): ScaleRange | undefined {
  const half = (side - 1) / 2;
  const { rounding, color, inverted } = detector;
  const apart = seesApart(color) ? { color } : {};
  let range: ScaleRange = { least: 0, most: Number.POSITIVE_INFINITY };
  for (const { before, map, top, left, stored } of targets) {
    const responder = openResponder(
      before,
      { kernels: detector.kernels, response: detector.response, ...apart },
      false,
    );
    const white = whiteOf(map);
    const from = Math.max(0, half - left);
    const to = Math.min(map.width, before.width - half - left);
    for (let c = 0; c < map.channels; c++) {
      for (let row = Math.max(0, half - top); row < Math.min(map.height, before.height - half - top); row++) {
        const { size } = responder.respond(c, row + top);
        const start = (c * map.height + row) * map.width;
        const line = map.data.subarray(start + from, start + to);
        const samples = inverted ? line.map((sample) => white - sample) : line;
        const own = scaleBetween(
          size.subarray(from + left, to + left),
          samples,
          white,
          stored ? (rounding === 'truncate' ? 'truncate' : 'nearest') : 'none',
        );
        if (own === undefined) return undefined;
        range = { least: Math.max(range.least, own.least), most: Math.min(range.most, own.most) };
        if (range.least > range.most) return undefined;
      }
    }
  }
  return range;
}

function bestBorder(detector: KernelDetector, [{ top, left }]: readonly MapTarget[], trial: Trial): DetectorBorder {
  if (top > 0 || left > 0) return 'replicate';
  return trial.nearest(BORDERS.map((border) => ({ ...detector, border }))).border ?? 'replicate';
}
