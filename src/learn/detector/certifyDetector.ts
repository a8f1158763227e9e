import { detectEdges } from '../../edges/detectEdges.ts';
import type { Detector } from '../../edges/detector/detector.ts';
import { type Planes, shapeOf, whiteOf } from '../../planes/planes.ts';
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

/**
 * Applies a detector to each picture and compares what it gives with the map, sample by sample: whole samples have to be equal, those of
 * Float32 to a few units in the last place of white.
 */
export function certifyDetector(detector: Detector, targets: readonly MapTarget[]): DetectorCertificate {
  let reproduced = 0;
  let samples = 0;
  let worst = 0;
  let first: DetectorCertificate['first'];
  let inside = 0;
  targets.forEach((target, pair) => {
    const { map } = target;
    const made = madeFor(target, detector);
    samples += map.data.length;
    const allowed = target.stored ? 0 : FLOAT32 * whiteOf(map);
    for (let i = 0; i < map.data.length; i++) {
      const difference = Math.abs(made.data[i] - map.data[i]);
      if (difference <= allowed) {
        reproduced++;
        continue;
      }
      if (difference > worst) worst = difference;
      if (!isAtRim(i, map)) inside++;
      first ??= { pair, ...placeOf(i, map), expected: map.data[i], received: made.data[i] };
    }
  });
  return { reproduced, samples, worst, ...(first === undefined ? {} : { first, rimOnly: inside === 0 }) };
}

const FLOAT32 = 2 ** -21;

/** What the largest window reaches. */
const RIM = 6;

function isAtRim(i: number, { height, width }: Planes): boolean {
  const row = Math.floor(i / width) % height;
  const column = i % width;
  return row < RIM || column < RIM || row >= height - RIM || column >= width - RIM;
}

/** What the detector gives where the map stands, in the map's samples. */
export function madeFor({ before, map, top, left }: MapTarget, detector: Detector): Planes {
  const { map: whole } = detectEdges(before, { operator: detector });
  const times = whiteOf(map) / whiteOf(before);
  if (shapeOf(whole) === shapeOf(map) && times === 1) return whole;
  const data = new Float32Array(map.data.length);
  for (let c = 0; c < map.channels; c++) {
    for (let row = 0; row < map.height; row++) {
      const from = ((c % whole.channels) * whole.height + top + row) * whole.width + left;
      const to = (c * map.height + row) * map.width;
      for (let column = 0; column < map.width; column++) data[to + column] = whole.data[from + column] * times;
    }
  }
  return { ...map, data };
}

function placeOf(i: number, { height, width }: Planes): { channel: number; row: number; column: number } {
  const line = Math.floor(i / width);
  return { channel: Math.floor(line / height), row: line % height, column: i % width };
}
