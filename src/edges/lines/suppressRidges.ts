import { gaussianSmooth } from '../../correlate/gaussianSmooth.ts';
import { expected, expectInteger } from '../../planes/expected.ts';
import { expectOptions, optionNames } from '../../planes/expectOptions.ts';
import { createPlanes, expectPlanes, type Planes } from '../../planes/planes.ts';

export interface SuppressRidgesOptions {
  /** Standard deviation of the smoothing from which a ridge's direction is taken, in pixels; 1.5 by default. */
  sigma?: number;
  /** So many pixels along the picture's sides are faded, from 0 outermost: there a map follows the border more than the picture; 4 by default. */
  rim?: number;
}

const OPTIONS = optionNames<SuppressRidgesOptions>({ sigma: true, rim: true });

/**
 * Thin lines of a map of edges that has no gradient of its own, as learned detectors give it: samples that are the largest across their
 * ridge, and 0 elsewhere (non-maximum suppression). Across a ridge is where the smoothed map curves most: the eigenvector of that
 * eigenvalue of its Hessian which is largest but for its sign, on the crest as on the flanks. There a sample is compared with those one pixel
 * before and behind, interpolated between four; of equals all stay. Channels are taken one by one.
 *
 * @param map C×H×W, from 0
 * @returns C×H×W with the map's white; what stays is the map's own sample but for the rim
 * @throws ExpectationError where an option is out of range
 * @example
 * const ridge = planes([[0, 1, 3, 2, 0], [0, 1, 3, 2, 0]])
 * toNested(suppressRidges(ridge, { rim: 0 })) // [[[0, 0, 3, 0, 0], [0, 0, 3, 0, 0]]]
 */
export function suppressRidges(map: Planes, options: SuppressRidgesOptions = {}): Planes {
  expectOptions(options, OPTIONS, 'suppressRidges');
  expectPlanes(map, 'the map');
  const { sigma = 1.5 } = options;
  if (!(sigma > 0 && sigma <= MOST_SIGMA)) throw expected(`a number above 0, at most ${MOST_SIGMA},`, 'sigma', sigma);
  const rim = expectInteger(options.rim ?? 4, 'rim', 0, MOST_RIM);
  const { channels, height, width } = map;
  const smooth = gaussianSmooth(map, sigma);
  const thin = createPlanes(channels, height, width, map.white);
  const size = height * width;
  for (let c = 0; c < channels; c++) {
    const plane = ({ data }: Planes): Float32Array => data.subarray(c * size, (c + 1) * size);
    suppressPlane(plane(map), plane(smooth), plane(thin), height, width);
    fade(plane(thin), height, width, rim);
  }
  return thin;
}

const MOST_SIGMA = 100;
const MOST_RIM = 1000;

function suppressPlane(
  map: Float32Array,
  smooth: Float32Array,
  thin: Float32Array,
  height: number,
  width: number,
): void {
  for (let y = 0; y < height; y++) {
    const here = y * width;
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      const value = map[here + x];
      if (!(value > 0)) continue;
      const left = Math.max(0, x - 1);
      const right = Math.min(width - 1, x + 1);
      const twice = 2 * smooth[here + x];
      const xx = smooth[here + left] + smooth[here + right] - twice;
      const yy = smooth[above + x] + smooth[below + x] - twice;
      const xy = (smooth[above + left] + smooth[below + right] - smooth[above + right] - smooth[below + left]) / 4;
      // The cosine and sine of twice the angle at which it curves most, and from them, by square roots alone, of the angle.
      const sign = xx + yy > 0 ? -1 : 1;
      const difference = sign * (yy - xx);
      const length = Math.sqrt(difference * difference + 4 * xy * xy);
      const cosine = length === 0 ? 1 : difference / length;
      const across = Math.sqrt((1 + cosine) / 2);
      const down = (sign * xy > 0 ? -1 : 1) * Math.sqrt((1 - cosine) / 2);
      if (interpolated(map, height, width, x + across, y + down) > value) continue;
      if (interpolated(map, height, width, x - across, y - down) > value) continue;
      thin[here + x] = value;
    }
  }
}

/** Outside of the picture the sample at its side. */
function interpolated(map: Float32Array, height: number, width: number, x: number, y: number): number {
  const column = Math.min(Math.max(x, 0), width - 1);
  const row = Math.min(Math.max(y, 0), height - 1);
  const left = Math.floor(column);
  const top = Math.floor(row);
  const right = Math.min(left + 1, width - 1);
  const bottom = Math.min(top + 1, height - 1);
  const part = column - left;
  // In this form of equals neither is more.
  const above = mixed(map[top * width + left], map[top * width + right], part);
  const below = mixed(map[bottom * width + left], map[bottom * width + right], part);
  return mixed(above, below, row - top);
}

function mixed(a: number, b: number, part: number): number {
  return a + (b - a) * part;
}

function fade(thin: Float32Array, height: number, width: number, rim: number): void {
  if (rim === 0) return;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const down = Math.min(y, height - 1 - y) / rim;
      const across = Math.min(x, width - 1 - x) / rim;
      if (down < 1 || across < 1) thin[y * width + x] *= Math.min(1, down) * Math.min(1, across);
    }
  }
}
