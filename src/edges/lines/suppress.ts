import { createPlanes, type Planes } from '../../planes/planes.ts';

export const SUPPRESSION_RULES = ['interpolated', 'sectors'] as const;

/**
 * How a pixel is compared with its neighbours along the gradient: `interpolated` between two of them on either side, where
 * the gradient points (as scikit-image does; of equals both stay); `sectors`: with one on either side, in the nearest of four
 * directions (as OpenCV does; of equals across or down the first stays).
 */
export type SuppressionRule = (typeof SUPPRESSION_RULES)[number];

/**
 * Thin lines: lengths of gradients that are the largest along their direction, and 0 elsewhere (non-maximum suppression). What
 * lies outside the picture counts as 0.
 *
 * @param length C×H×W, from 0
 * @param across of the same shape, in proportion to the gradient across
 * @param down of the same shape, downwards
 * @param least lengths up to it are 0 in the result, too
 * @returns C×H×W
 * @example
 * const steep = planes([[1, 3, 2]])
 * toNested(suppress(steep, steep, planes([[0, 0, 0]]), 'interpolated')) // [[[0, 3, 0]]]
 */
export function suppress(
  length: Planes,
  across: Planes,
  down: Planes,
  rule: SuppressionRule = 'interpolated',
  least = 0,
): Planes {
  const { channels, height, width } = length;
  const thin = createPlanes(channels, height, width, length.white);
  const fill = rule === 'sectors' ? bySectors : interpolated;
  const pitch = width + 2;
  // Three rows of lengths with a 0 at either end: above, here, below.
  const rows: Float32Array[] = Array.from({ length: 3 }, () => new Float32Array(pitch));
  const size = height * width;
  for (let c = 0; c < channels; c++) {
    const load = (row: number, into: Float32Array): void => {
      const start = c * size + row * width;
      if (row < height) into.set(length.data.subarray(start, start + width), 1);
      else into.fill(0);
    };
    rows[0].fill(0);
    load(0, rows[1]);
    for (let row = 0; row < height; row++) {
      load(row + 1, rows[2]);
      const start = c * size + row * width;
      const [a, b, to] = [across, down, thin].map(({ data }) => data.subarray(start, start + width));
      fill(rows, a, b, least, to);
      rows.push(rows.shift() as Float32Array);
    }
  }
  return thin;
}

function interpolated(
  [above, here, below]: readonly Float32Array[],
  across: Float32Array,
  down: Float32Array,
  least: number,
  to: Float32Array,
): void {
  for (let j = 0; j < to.length; j++) {
    const m = here[j + 1];
    if (!(m > least)) continue;
    const a = across[j];
    const b = down[j];
    const sizeAcross = Math.abs(a);
    const sizeDown = Math.abs(b);
    // Columns rise along with rows where both slopes have one sign: then the diagonal neighbours are up left and down right.
    const falling = a < 0 === b < 0 || a === 0 || b === 0;
    const diagonalBefore = falling ? above[j] : above[j + 2];
    const diagonalAfter = falling ? below[j + 2] : below[j];
    const steep = sizeDown >= sizeAcross;
    const weight = Math.fround(steep ? sizeAcross / sizeDown : sizeDown / sizeAcross);
    const before = steep ? above[j + 1] : falling ? here[j] : here[j + 2];
    const after = steep ? below[j + 1] : falling ? here[j + 2] : here[j];
    if (between(before, diagonalBefore, weight) > m || between(after, diagonalAfter, weight) > m) continue;
    to[j] = m;
  }
}

/** Each operation rounded to Float32; at a weight of 0 or 1 one of the two exactly, so that a turned picture's lines turn with it. */
function between(a: number, b: number, weight: number): number {
  return Math.fround(Math.fround(Math.fround(1 - weight) * a) + Math.fround(weight * b));
}

/** The tangent of 22.5°: half the width of a sector. */
const TAN22 = Math.SQRT2 - 1;
const TAN67 = Math.SQRT2 + 1;

function bySectors(
  [above, here, below]: readonly Float32Array[],
  across: Float32Array,
  down: Float32Array,
  least: number,
  to: Float32Array,
): void {
  for (let j = 0; j < to.length; j++) {
    const m = here[j + 1];
    if (!(m > least)) continue;
    const sizeAcross = Math.abs(across[j]);
    const sizeDown = Math.abs(down[j]);
    if (sizeDown < TAN22 * sizeAcross) {
      if (m > here[j] && m >= here[j + 2]) to[j] = m;
    } else if (sizeDown > TAN67 * sizeAcross) {
      if (m > above[j + 1] && m >= below[j + 1]) to[j] = m;
    } else {
      const rising = across[j] < 0 !== down[j] < 0;
      if (rising ? m > above[j + 2] && m > below[j] : m > above[j] && m > below[j + 2]) to[j] = m;
    }
  }
}
