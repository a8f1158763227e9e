import { type Detector, isNamed } from '../../edges/detector/detector.ts';
import { cutPlanes } from '../../planes/cut.ts';
import { isGiven, madeFor } from './certifyDetector.ts';
import type { MapTarget } from './mapTarget.ts';

/** Rows and columns of a corner, and how many of them are left out where the picture was cut. */
const SIDE = 56;
const CUT = 20;

interface Corners {
  /** How many samples around two corners a detector misses; 0 where the picture is too small, or thresholds need the whole of it. */
  readonly missed: (detector: Detector) => number;
}

/** The first and the last corner of a picture and its map, which tell borders apart at little cost. */
export function cornersOf(target: MapTarget): Corners {
  const { before, picture, map, top, left } = target;
  const { height, width } = before;
  if (height < SIDE || width < SIDE || top > 0 || left > 0) return { missed: () => 0 };
  const kept = SIDE - CUT;
  const corner = (row: number, column: number): MapTarget => {
    const [first, firstColumn] = [row === 0 ? 0 : CUT, column === 0 ? 0 : CUT];
    return {
      ...target,
      before: cutPlanes(before, row, column, SIDE, SIDE),
      picture: cutPlanes(picture, row, column, SIDE, SIDE),
      map: cutPlanes(map, row + first, column + firstColumn, kept, kept),
      top: first,
      left: firstColumn,
    };
  };
  const corners = [corner(0, 0), corner(height - SIDE, width - SIDE)];
  return {
    missed(detector) {
      if (dependsOnAll(detector)) return 0;
      let missed = 0;
      for (const one of corners) {
        const made = madeFor(one, detector).data;
        for (let i = 0; i < made.length; i++) if (!isGiven(made[i], one.map.data[i], one)) missed++;
      }
      return missed;
    },
  };
}

function dependsOnAll(detector: Detector): boolean {
  const { low, high, threshold } = isNamed(detector) ? detector.options : detector;
  return (
    [low, high, threshold].some((one) => one !== undefined) ||
    (!isNamed(detector) && typeof detector.scale === 'string')
  );
}
