import { TANGENT } from '../canny/cannyBytesReference.ts';
import type { ThinRule } from './detector.ts';

/** Lengths above, here and below, each with one more at either end (0 outside the picture), and the gradient here. */
export interface ThinWindow {
  readonly above: Float64Array;
  readonly here: Float64Array;
  readonly below: Float64Array;
  readonly across: Float64Array;
  readonly down: Float64Array;
}

/** Keeps the lengths that are the largest along their gradient, and makes 0 of the others. */
export function thinRow(window: ThinWindow, rule: ThinRule, into: Float64Array): void {
  const isLargest = RULES[rule];
  for (let j = 0; j < into.length; j++) {
    const length = window.here[j + 1];
    into[j] = length > 0 && isLargest(window, j + 1, length, window.across[j], window.down[j]) ? length : 0;
  }
}

type Rule = (window: ThinWindow, j: number, length: number, across: number, down: number) => boolean;

const RULES: Readonly<Record<ThinRule, Rule>> = { interpolated, sectors, strict, weak };

/** scikit-image's `canny`: between two neighbours on either side; of equals both stay. */
function interpolated({ above, here, below }: ThinWindow, j: number, m: number, across: number, down: number): boolean {
  const x = Math.abs(across);
  const y = Math.abs(down);
  const falling = (down >= 0 && across >= 0) || (down <= 0 && across <= 0);
  const steep = y >= x;
  const w = steep ? x / y : y / x;
  const rest = 1 - w;
  const diagonalAfter = falling ? below[j + 1] : steep ? below[j - 1] : above[j + 1];
  const diagonalBefore = falling ? above[j - 1] : steep ? above[j + 1] : below[j - 1];
  const after = steep ? below[j] : here[j + 1];
  const before = steep ? above[j] : here[j - 1];
  return diagonalAfter * w + after * rest <= m && diagonalBefore * w + before * rest <= m;
}

/** OpenCV's `Canny`: in the nearest of four directions; across and down of equals the first stays. */
function sectors({ above, here, below }: ThinWindow, j: number, m: number, across: number, down: number): boolean {
  const x = Math.abs(across);
  const y = Math.abs(down) * 32_768;
  if (y < x * TANGENT) return m > here[j - 1] && m >= here[j + 1];
  if (y > x * (TANGENT + 65_536)) return m > above[j] && m >= below[j];
  const step = across < 0 !== down < 0 ? -1 : 1;
  return m > above[j - step] && m > below[j + step];
}

/** The tangents of 22.5° and 67.5° in 65536ths, as FFmpeg's `edgedetect` has them. */
const [TANGENT_OF_22, TANGENT_OF_67] = [27_146, 158_218];

/** FFmpeg's `edgedetect`: longer than both in the nearest of four directions, on their borders down. */
function strict({ above, here, below }: ThinWindow, j: number, m: number, across: number, down: number): boolean {
  const x = Math.abs(across);
  const y = (across < 0 ? -down : down) * 65_536;
  if (x > 0) {
    if (y > -TANGENT_OF_67 * x && y < -TANGENT_OF_22 * x) return m > below[j - 1] && m > above[j + 1];
    if (y > -TANGENT_OF_22 * x && y < TANGENT_OF_22 * x) return m > here[j - 1] && m > here[j + 1];
    if (y > TANGENT_OF_22 * x && y < TANGENT_OF_67 * x) return m > above[j - 1] && m > below[j + 1];
  }
  return m > above[j] && m > below[j];
}

/** ImageMagick's `-canny`, as it writes the two tangents. Its gradient points up. */
const [SLOPE_OF_22, SLOPE_OF_67] = [0.414213562373, 2.41421356237];
const EPSILON = 1e-12;

/** ImageMagick's `-canny`: at least as long as both in the nearest of four directions. */
function weak({ above, here, below }: ThinWindow, j: number, m: number, across: number, down: number): boolean {
  const slope = Math.abs(across) > EPSILON ? -down / across : Number.POSITIVE_INFINITY;
  if (slope > SLOPE_OF_67 || slope < -SLOPE_OF_67) return m >= above[j] && m >= below[j];
  if (slope < -SLOPE_OF_22) return m >= above[j - 1] && m >= below[j + 1];
  if (slope > SLOPE_OF_22) return m >= above[j + 1] && m >= below[j - 1];
  return m >= here[j - 1] && m >= here[j + 1];
}
