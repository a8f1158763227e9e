import { applyDetector } from '../../../edges/detector/applyDetector.ts';
import { type KernelDetector, seesApart, THIN_RULES, type ThinRule } from '../../../edges/detector/detector.ts';
import { openResponder } from '../../../edges/detector/respondRows.ts';
import { thinRow } from '../../../edges/detector/thinRow.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import { linkedThresholds, roundestIn, roundestPair, singleThreshold } from '../lineThresholds.ts';
import type { MapTarget } from '../mapTarget.ts';
import type { Strip } from '../strips.ts';
import { type Core, CORES } from './cores.ts';
import { type KnownBlur } from './inputs.ts';
import { inputsOf, prepareStrip } from './matches.ts';

const BORDERS = ['reflect101', 'replicate', 'symmetric', 'zero'] as const;

/** All of them, and none. */
const RULES: readonly (ThinRule | undefined)[] = [undefined, ...THIN_RULES];

/**
 * Kernels that are known by a name whose responses, thin or as they are, are cut by two thresholds and linked, or are thin and cut by one:
 * as no program that is known here does it.
 *
 * @param lines the map's plane, above 0 on edges
 */
export async function linkedCores(
  target: MapTarget,
  blurs: readonly KnownBlur[],
  strips: readonly Strip[],
  lines: Planes,
  pause: () => Promise<void>,
): Promise<KernelDetector | undefined> {
  for (const input of inputsOf(target, blurs)) {
    const { color } = input.grey;
    if (color === 'length') continue;
    await pause();
    const prepared = strips.map((strip) => prepareStrip(strip.before, color, input.blur.smoothing));
    const apart = seesApart(color) ? { color } : {};
    for (const core of CORES) {
      const rules = core.kernels.length === 2 ? RULES : RULES.slice(0, 1);
      const left = new Set(rules);
      strips.forEach((strip, i) => {
        if (left.size === 0) return;
        const seen = respondAround(prepared[i], { ...stepsOf(core), ...apart }, strip);
        for (const rule of left) if (!mayBeCut(seen(rule), strip)) left.delete(rule);
      });
      for (const thin of left) {
        await pause();
        const detector: KernelDetector = {
          ...(color === undefined ? {} : { color }),
          ...(input.blur.smoothing === undefined ? {} : { smoothing: input.blur.smoothing }),
          ...stepsOf(core),
          ...(thin === undefined ? {} : { thin }),
        };
        for (const border of BORDERS) {
          const found = cut({ ...detector, border }, target, lines, core.name);
          if (found !== undefined) return found;
        }
      }
    }
  }
  return undefined;
}

function stepsOf({ kernels, response, parts }: Core): Pick<KernelDetector, 'kernels' | 'response' | 'parts'> {
  return { kernels, response, ...(parts && { parts }) };
}

/** A strip's row of responses under a rule of thin lines. */
function respondAround(
  prepared: Planes,
  detector: KernelDetector,
  { row }: Strip,
): (rule: ThinRule | undefined) => Float64Array {
  const { width } = prepared;
  const directed = detector.kernels.length === 2;
  const responder = openResponder(prepared, detector, directed);
  const lines = [-1, 0, 1].map((by) => {
    const line = new Float64Array(width + 2);
    line.set(responder.respond(0, row + by).size, 1);
    return line;
  });
  const { across, down } = responder.respond(0, row);
  return (rule) => {
    if (rule === undefined) return lines[1].subarray(1, width + 1);
    const thin = new Float64Array(width);
    thinRow({ above: lines[0], here: lines[1], below: lines[2], across, down }, rule, thin);
    return thin;
  };
}

/** Whether nothing black beside something white answers as much as what is white, which answers at all. */
export function mayBeCut(row: ArrayLike<number>, { column, samples: [samples] }: Strip): boolean {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let j = 0; j < samples.length; j++) {
    const response = row[column + j];
    if (samples[j] > 0) least = Math.min(least, response);
    else if (samples[j - 1] > 0 || samples[j + 1] > 0) most = Math.max(most, response);
  }
  return most < least;
}

function cut(detector: KernelDetector, { before }: MapTarget, lines: Planes, name: string): KernelDetector | undefined {
  const { map } = applyDetector(before, detector);
  const white = whiteOf(before);
  const one = singleThreshold(map.data, lines.data);
  if (one !== undefined) {
    const level = roundestIn(one);
    return { ...detector, threshold: level / white, rounding: 'nearest', name: `${name} above ${level}` };
  }
  const both = linkedThresholds(map, lines);
  if (both === undefined) return undefined;
  const [low, high] = roundestPair(both, false, []);
  const linked = `${name} linked from ${low} to ${high}`;
  return { ...detector, low: low / white, high: high / white, rounding: 'nearest', name: linked };
}
