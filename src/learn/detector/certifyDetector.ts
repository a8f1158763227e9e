import { detectEdges } from '../../edges/detectEdges.ts';
import type { Detector } from '../../edges/detector/detector.ts';
import { wholeOf } from '../../edges/detector/roundings.ts';
import { type Planes, shapeOf, whiteOf } from '../../planes/planes.ts';
import { type Residual, residualOf } from '../moments/residual.ts';
import type { MapTarget } from './mapTarget.ts';

/** How many samples of the maps a detector gives, exactly as `detect` applies it. */
export interface DetectorCertificate {
  readonly reproduced: number;
  readonly samples: number;
  /** Whether all samples that differ lie where windows may leave their picture. */
  readonly rimOnly?: boolean;
  /** The largest difference of any sample, in the map's samples. */
  readonly worst: number;
  /** The first sample that differs. */
  readonly first?: {
    readonly pair: number;
    readonly channel: number;
    readonly row: number;
    readonly column: number;
    readonly expected: number;
    readonly received: number;
  };
}

/** A detector, how many of the maps' samples it gives, and what is left over. */
export interface Certified {
  readonly detector: Detector;
  readonly certificate: DetectorCertificate;
  readonly residual: Residual;
}

/**
 * Applies a detector to each picture and compares what it gives with the map, sample by sample: whole samples have to be equal, those of
 * Float32 to a few units in the last place of white.
 */
export function certifyDetector(detector: Detector, targets: readonly MapTarget[]): Certified {
  let [reproduced, samples, worst, inside, squares, spread] = [0, 0, 0, 0, 0, 0];
  let first: DetectorCertificate['first'];
  targets.forEach((target, pair) => {
    const { map } = target;
    const made = madeFor(target, detector).data;
    const { data } = map;
    const white = whiteOf(map);
    samples += data.length;
    let [sum, own] = [0, 0];
    for (let i = 0; i < data.length; i++) {
      const sample = data[i] / white;
      sum += sample;
      own += sample * sample;
      squares += ((made[i] - data[i]) / white) ** 2;
      if (isGiven(made[i], data[i], target)) {
        reproduced++;
        continue;
      }
      const difference = Math.abs(made[i] - data[i]);
      if (difference > worst) worst = difference;
      if (!isAtRim(i, map)) inside++;
      first ??= { pair, ...placeOf(i, map), expected: data[i], received: made[i] };
    }
    spread += own - (sum * sum) / data.length;
  });
  return {
    detector,
    certificate: { reproduced, samples, worst, ...(first === undefined ? {} : { first, rimOnly: inside === 0 }) },
    residual: residualOf(squares, spread, samples),
  };
}

const FLOAT32 = 2 ** -21;

/** Whether what a detector makes is a map's sample: of numbers, but for a few units in the last place of Float32. */
export function isGiven(made: number, sample: number, { stored, map }: MapTarget): boolean {
  return made === sample || (!stored && Math.abs(made - sample) <= FLOAT32 * Math.max(whiteOf(map), Math.abs(sample)));
}

/** Rows and columns that the largest window reaches: beyond them a picture's end is not seen. */
export const RIM = 6;

function isAtRim(i: number, { height, width }: Planes): boolean {
  const row = Math.floor(i / width) % height;
  const column = i % width;
  return row < RIM || column < RIM || row >= height - RIM || column >= width - RIM;
}

/** What the detector gives where the map stands, in the map's samples. */
export function madeFor({ picture, map, top, left, stored }: MapTarget, detector: Detector): Planes {
  const { map: whole } = detectEdges(picture, { operator: detector });
  const white = whiteOf(map);
  const times = white / whiteOf(picture);
  const store = stored && times !== 1;
  if (shapeOf(whole) === shapeOf(map) && times === 1) return whole;
  const data = new Float32Array(map.data.length);
  for (let c = 0; c < map.channels; c++) {
    for (let row = 0; row < map.height; row++) {
      const from = ((c % whole.channels) * whole.height + top + row) * whole.width + left;
      const to = (c * map.height + row) * map.width;
      for (let column = 0; column < map.width; column++) {
        const value = whole.data[from + column] * times;
        data[to + column] = store ? Math.min(Math.max(wholeOf(value, 'nearest'), 0), white) : value;
      }
    }
  }
  return { ...map, data };
}

function placeOf(i: number, { height, width }: Planes): { channel: number; row: number; column: number } {
  const line = Math.floor(i / width);
  return { channel: Math.floor(line / height), row: line % height, column: i % width };
}
