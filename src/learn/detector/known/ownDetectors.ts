import { detectEdges } from '../../../edges/detectEdges.ts';
import type { NamedDetector } from '../../../edges/detector/detector.ts';
import type { NamedOptions } from '../../../edges/namedOptions.ts';
import { operatorNames } from '../../../edges/operators/operators.ts';
import { whiteOf } from '../../../planes/planes.ts';
import { isInverted } from '../isInverted.ts';
import type { MapTarget } from '../mapTarget.ts';
import type { Strip } from '../strips.ts';

const SIGMAS: readonly number[] = [1, 1.4, 2, 3];

/** Our own operators that give every sample of the strips, as the command of ours that makes the map. */
export async function ownDetectors(
  target: MapTarget,
  strips: readonly Strip[],
  pause: () => Promise<void>,
): Promise<NamedDetector[]> {
  const found: NamedDetector[] = [];
  if (target.binary || isInverted(target) || whiteOf(target.map) !== whiteOf(target.before)) return found;
  for (const operator of operatorNames.filter((name) => name !== 'canny')) {
    for (const options of optionsFor(operator, target)) {
      await pause();
      const detector: NamedDetector = { operator, options, rounding: 'nearest' };
      if (strips.every((strip) => givesRow(detector, strip))) {
        found.push({ ...detector, from: { program: 'corr2d', call: callOf(detector) } });
      }
    }
  }
  return found;
}

const DIRECTED = /^(difference|roberts|prewitt|sobel|scharr|farid|gaussian-gradient)$/;

function* optionsFor(operator: string, { before, map }: MapTarget): Generator<NamedOptions> {
  const directed = DIRECTED.test(operator);
  const colors =
    before.channels === 1
      ? (['luma'] as const)
      : map.channels === 3
        ? (['each'] as const)
        : (['luma', 'max', 'di-zenzo'] as const);
  const apertures = operator.startsWith('sobel')
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
      for (const sigma of color === 'luma' || color === 'each' ? SIGMAS : []) yield { ...base, sigma };
    }
  }
}

function givesRow(detector: NamedDetector, { before, row, column, samples }: Strip): boolean {
  const { data, width, height } = detectEdges(before, { operator: detector }).map;
  return samples.every((wanted, c) => {
    const start = (c * height + row) * width + column;
    for (let j = 0; j < wanted.length; j++) if (data[start + j] !== wanted[j]) return false;
    return true;
  });
}

/** The command that a detector of ours stands for. */
function callOf({ operator, options }: NamedDetector): string {
  const words = Object.entries(options).map(([name, value]) => `--${name} ${String(value)}`);
  return ['corr2d detect before.png --operator', operator, ...words].join(' ');
}
