import { fill, sumOf, type Taps } from '../recipe.ts';
import { smoothing } from '../smoothing.ts';
import { centroidOf } from './blurs.ts';
import { minimisePair } from './minimise.ts';
import {
  around,
  centreOfPatch,
  distanceOf,
  factorOf,
  type Found,
  matches,
  type Patch,
  type Plane,
  reachOf,
  scaleOf,
  tapAt,
  timesTaps,
} from './plane.ts';
import { inWords, simplify, timesText } from './simplify.ts';

/** Means along a straight line: equal taps on the samples nearest to it, or shares by distance as the named kernel has them. */
export function recogniseMotion(plane: Plane, patch: Patch): Found | undefined {
  const sum = sumOf(plane.values);
  if (sum <= 0 || plane.values.some((tap, i) => tap < -plane.tolerance[i])) return undefined;
  return thinLine(plane, patch) ?? softLine(plane, patch, sum);
}

/** One sample a row or a column, as line drawing takes them. */
function thinLine(plane: Plane, patch: Patch): Found | undefined {
  const { height, width, top, left } = patch;
  const steep = height > width;
  const long = steep ? height : width;
  const short = steep ? width : height;
  if (long < 2 || short < 2) return undefined;
  for (const falling of [true, false]) {
    const onLine = (r: number, c: number): boolean => {
      const [along, across] = steep ? [r, c] : [c, r];
      const place = (falling ? along : long - 1 - along) * ((short - 1) / (long - 1));
      // A line that passes midway between two samples may take either.
      return Math.abs(across - place) <= 0.5 + 1e-9 && !isZero(plane, top + r, left + c);
    };
    const line = fill(height, width, (r, c) => (onLine(r, c) ? 1 / long : 0));
    if (Math.abs(sumOf(line.values) - 1) > 1e-9) continue;
    const centre = centreOfPatch(patch);
    const scale = scaleOf(plane, line, centre);
    if (scale === undefined) continue;
    const angle = (Math.atan2(height - 1, width - 1) * 180) / Math.PI;
    const rounded = Math.round((falling ? 180 - angle : angle) * 10) / 10;
    return {
      name: 'motion',
      parameters: { samples: long, angle: rounded, ...(scale === 1 ? {} : { scale }) },
      text: `${timesText(scale)}motion blur: mean of ${long} samples on a line of ${inWords(rounded)}°`,
      centre,
    };
  }
  return undefined;
}

function isZero(plane: Plane, row: number, column: number): boolean {
  return Math.abs(tapAt(plane, row, column)) <= plane.tolerance[row * plane.width + column];
}

const named = smoothing.find(({ name }) => name === 'motion') as (typeof smoothing)[number];

function softLine(plane: Plane, patch: Patch, sum: number): Found | undefined {
  const centre = centroidOf(plane, sum);
  const [down, across] = reachOf(patch, centre);
  const own = around(plane, centre, down, across);
  const [length, angle] = principalLine(own, sum);
  const laid = (taps: Taps): Float64Array => {
    const top = (own.height - taps.height) / 2;
    const left = (own.width - taps.width) / 2;
    return fill(own.height, own.width, (r, c) => tapAt(taps, r - top, c - left)).values as Float64Array;
  };
  const most = 2 * Math.hypot(down, across) + 3;
  const away = (long: number, turned: number): number =>
    long >= 1 && long <= most ? distanceOf(laid(named.taps(long, turned)), own.values, sum) : Number.POSITIVE_INFINITY;
  const starts = [0.8, 0.9, 1, 1.1, 1.25].flatMap((by) =>
    [-6, 0, 6].map((turn) => [Math.max(1, length * by), angle + turn] as const),
  );
  const best = minimisePair(starts, away);
  const turned = ((best[1] % 180) + 180) % 180;
  const numbers = simplify(
    [factorOf(laid(named.taps(best[0], turned)), own.values), best[0], turned],
    ([by, long, at]) => long >= 1 && long <= most && matches(plane, timesTaps(named.taps(long, at), by), centre),
  );
  if (numbers === undefined) return undefined;
  const [scale, long, at] = numbers;
  return {
    name: 'motion',
    parameters: { length: long, angle: at % 180, ...(scale === 1 ? {} : { scale }) },
    text: `${timesText(scale)}motion blur of ${inWords(long)} samples at ${inWords(at % 180)}°`,
    centre,
  };
}

/** The length and angle of the line that spreads as the taps do, from their second moments. */
function principalLine({ height, width, values }: Taps, sum: number): [length: number, angle: number] {
  let [xx, xy, yy] = [0, 0, 0];
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      const x = c - (width - 1) / 2;
      // Rows count downwards, angles upwards.
      const y = (height - 1) / 2 - r;
      const tap = values[r * width + c] / sum;
      xx += tap * x * x;
      xy += tap * x * y;
      yy += tap * y * y;
    }
  }
  const angle = (Math.atan2(2 * xy, xx - yy) * 90) / Math.PI;
  const along = (xx + yy) / 2 + Math.hypot((xx - yy) / 2, xy);
  return [Math.sqrt(12 * along + 1), angle];
}
