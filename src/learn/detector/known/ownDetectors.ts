import { detectEdges } from '../../../edges/detectEdges.ts';
import type { NamedDetector } from '../../../edges/detector/detector.ts';
import { wholeOf } from '../../../edges/detector/roundings.ts';
import type { NamedOptions } from '../../../edges/namedOptions.ts';
import { kernelOperatorNames } from '../../../edges/operators/operators.ts';
import { whiteOf } from '../../../planes/planes.ts';
import { isGiven } from '../certifyDetector.ts';
import { isInverted } from '../isInverted.ts';
import { isUnrounded, type MapTarget } from '../mapTarget.ts';
import type { Strip } from '../strips.ts';

const SIGMAS: readonly number[] = [1, 1.4, 2, 3];

/** Our own operators that give every sample of the strips, as the command of ours that makes the map. */
export async function ownDetectors(
  target: MapTarget,
  strips: readonly Strip[],
  pause: () => Promise<void>,
): Promise<NamedDetector[]> {
  const found: NamedDetector[] = [];
  if (target.binary || isInverted(target)) return found;
  const rounding = isUnrounded(target) ? {} : ({ rounding: 'nearest' } as const);
  for (const operator of kernelOperatorNames.filter((name) => name !== 'canny')) {
    for (const options of optionsFor(operator, target)) {
      await pause();
      const detector: NamedDetector = { operator, options, ...rounding };
      if (strips.every((strip) => givesRow(detector, strip, target))) {
        found.push({ ...detector, from: { program: 'corr2d', call: callOf(detector, target) } });
      }
    }
  }
  return found;
}

const DIRECTED = /^(difference|roberts|prewitt|sobel|scharr|farid|gaussian-gradient|canny)$/;

/** What people ask of an operator, but for thresholds; the likeliest first. */
export function* optionsFor(operator: string, { before, map }: MapTarget): Generator<NamedOptions> {
  const directed = DIRECTED.test(operator);
  const colors =
    before.channels === 1
      ? (['luma'] as const)
      : map.channels === 3
        ? (['each'] as const)
        : (['luma', 'max', 'di-zenzo'] as const);
  const apertures =
    operator.startsWith('sobel') || operator === 'canny'
      ? ([undefined, 5, 7] as const)
      : operator === 'laplacian'
        ? ([undefined, 3, 5, 7] as const)
        : [undefined];
  for (const color of colors) {
    if (color === 'di-zenzo' && !directed) continue;
    const own = color === 'luma' ? {} : { color };
    for (const aperture of apertures) {
      const base = { ...own, ...(aperture === undefined ? {} : { aperture }) };
      yield base;
      if (directed && color !== 'di-zenzo') yield { ...base, magnitude: 'l1' };
      if (directed && operator !== 'canny') yield { ...base, thin: true };
      for (const sigma of color === 'luma' || color === 'each' ? SIGMAS : []) yield { ...base, sigma };
    }
  }
}

function givesRow(detector: NamedDetector, { picture, row, column, samples }: Strip, target: MapTarget): boolean {
  const { data, width, height } = detectEdges(picture, { operator: detector }).map;
  const times = whiteOf(target.map) / whiteOf(picture);
  return samples.every((wanted, c) => {
    const start = (c * height + row) * width + column;
    return wanted.every((sample, j) => isGiven(storedValue(data[start + j] * times, target), sample, target));
  });
}

/** As a file of the map's depth holds it. */
function storedValue(value: number, { stored, map }: MapTarget): number {
  return stored ? Math.min(wholeOf(value, 'nearest'), whiteOf(map)) : value;
}

/** The command that a detector of ours stands for. */
export function callOf({ operator, options }: NamedDetector, target: MapTarget): string {
  const words = Object.entries(options).map(([name, value]) =>
    value === true ? `--${name}` : `--${name} ${String(value)}`,
  );
  if (!target.stored) words.push('-o after.npy');
  else if (isUnrounded(target)) words.push(`--depth ${whiteOf(target.map) === 255 ? 8 : 16}`);
  return ['corr2d detect before.png --operator', operator, ...words].join(' ');
}
