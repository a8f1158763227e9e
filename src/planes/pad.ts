import { type Border, borderConstant, borderMap, OUTSIDE, parseBorder } from './border.ts';
import { expectInteger } from './expected.ts';
import { createPlanes, expectPlanes, type Planes, whiteOf } from './planes.ts';

/** Rows and columns added on each side. */
export interface Sides {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/**
 * The picture with a rim around it, filled by the border's rule.
 *
 * @param x C×H×W
 * @returns C×(top + H + bottom)×(left + W + right)
 * @throws ExpectationError for sides that are not whole numbers from 0, or an unknown border.
 * @example
 * toNested(pad(planes([[1, 2, 3]]), { top: 0, right: 2, bottom: 0, left: 2 }, 'reflect101')) // [[[3, 2, 1, 2, 3, 2, 1]]]
 */
export function pad(x: Planes, sides: Sides, border: Border = 'zero'): Planes {
  expectPlanes(x, 'the picture');
  for (const side of ['top', 'right', 'bottom', 'left'] as const) expectInteger(sides[side], side, 0);
  const rule = parseBorder(border);
  const rows = borderMap(rule, x.height, sides.top, sides.bottom);
  const columns = borderMap(rule, x.width, sides.left, sides.right);
  const constant = borderConstant(rule, whiteOf(x));
  const padded = createPlanes(x.channels, rows.length, columns.length, x.white);
  let i = 0;
  for (let c = 0; c < x.channels; c++) {
    for (const row of rows) {
      const start = (c * x.height + row) * x.width;
      for (const column of columns) {
        padded.data[i++] = row === OUTSIDE || column === OUTSIDE ? constant : x.data[start + column];
      }
    }
  }
  return padded;
}
