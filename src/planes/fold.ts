import { type Border, borderMap, OUTSIDE, parseBorder } from './border.ts';
import { expectInteger, expected } from './expected.ts';
import type { Sides } from './pad.ts';
import { createPlanes, expectPlanes, type Planes, shapeOf } from './planes.ts';

/**
 * The adjoint of `pad`: every sample of a padded picture is added to the one that padding copied it from, and samples that
 * stand for zero or a constant are dropped. So ⟨pad(x), y⟩ = ⟨x, fold(y)⟩ for every border without a constant, and what
 * `fold` makes of slopes along a padded picture are the slopes along the picture. Sums are in Float64, rounded once.
 *
 * @param padded C×(top + H + bottom)×(left + W + right)
 * @returns C×H×W
 * @throws ExpectationError for sides that are not whole numbers from 0 or leave no sample between them, or an unknown border
 * @example
 * toNested(fold(planes([[1, 2, 3, 4, 5]]), { top: 0, right: 1, bottom: 0, left: 1 }, 'replicate')) // [[[3, 3, 9]]]
 */
export function fold(padded: Planes, sides: Sides, border: Border = 'zero'): Planes {
  expectPlanes(padded, 'the padded picture');
  for (const side of ['top', 'right', 'bottom', 'left'] as const) expectInteger(sides[side], side, 0);
  const height = padded.height - sides.top - sides.bottom;
  const width = padded.width - sides.left - sides.right;
  if (height < 1 || width < 1) {
    const least = `${sides.top + sides.bottom + 1}×${sides.left + sides.right + 1}`;
    throw expected(`at least ${least} samples`, 'a picture that was padded by as much', shapeOf(padded));
  }
  const rule = parseBorder(border);
  const rows = borderMap(rule, height, sides.top, sides.bottom);
  const columns = borderMap(rule, width, sides.left, sides.right);
  const folded = createPlanes(padded.channels, height, width, padded.white);
  const sums = new Float64Array(height * width);
  let i = 0;
  for (let c = 0; c < padded.channels; c++) {
    sums.fill(0);
    for (const row of rows) {
      for (const column of columns) {
        const slope = padded.data[i++];
        if (row !== OUTSIDE && column !== OUTSIDE) sums[row * width + column] += slope;
      }
    }
    folded.data.set(sums, c * sums.length);
  }
  return folded;
}
