import { expected } from '../../planes/expected.ts';
import { expectPlanes, type Planes, whiteOf } from '../../planes/planes.ts';

/** Where an edge may be: a number for each pixel of the rows `from` … `to` (excluded), 1 inside. */
export type Inside = (from: number, to: number) => Uint8Array;

/**
 * Which pixels an edge may be at: those of the mask all of whose eight neighbours are in it too, because a response beside it
 * also comes from outside. A pixel is in the mask from half of white on.
 *
 * @param mask 1×H×W of the picture's height and width; all of the picture by default
 * @param rim whether the picture's outermost pixels have neighbours that are in the mask
 * @throws ExpectationError where the mask is of another size
 */
export function insideOf(
  mask: Planes | undefined,
  { height, width }: { readonly height: number; readonly width: number },
  rim: boolean,
): Inside {
  expectMask(mask, height, width);
  const beyond = Number(rim);
  return (from, to) => {
    const first = Math.max(0, from - 1);
    const last = Math.min(height, to + 1);
    const across = maskRows(mask, width, first, last);
    keepBetween(across, width, beyond);
    const inside = new Uint8Array((to - from) * width);
    for (let row = from, i = 0; row < to; row++) {
      const here = (row - first) * width;
      for (let column = 0; column < width; column++, i++) {
        const above = row === 0 ? beyond : across[here - width + column];
        const below = row === height - 1 ? beyond : across[here + width + column];
        inside[i] = across[here + column] & above & below;
      }
    }
    return inside;
  };
}

/** Keeps pixels of rows where those before and after them are kept too. */
function keepBetween(rows: Uint8Array, width: number, beyond: number): void {
  for (let start = 0; start < rows.length; start += width) {
    let before = beyond;
    for (let column = 0; column < width; column++) {
      const here = rows[start + column];
      const after = column === width - 1 ? beyond : rows[start + column + 1];
      rows[start + column] = before & here & after;
      before = here;
    }
  }
}

function expectMask(mask: Planes | undefined, height: number, width: number): void {
  if (mask === undefined) return;
  expectPlanes(mask, 'mask');
  if (mask.channels !== 1 || mask.height !== height || mask.width !== width) {
    throw expected(
      `a mask of 1×${height}×${width}`,
      'a picture of that size',
      `${mask.channels}×${mask.height}×${mask.width}`,
    );
  }
}

/** 1 where a pixel of the rows `from` … `to` (excluded) is in the mask itself. */
export function maskRows(mask: Planes | undefined, width: number, from: number, to: number): Uint8Array {
  const given = new Uint8Array((to - from) * width);
  if (mask === undefined) return given.fill(1);
  const half = whiteOf(mask) / 2;
  const start = from * width;
  for (let i = 0; i < given.length; i++) given[i] = Number(mask.data[start + i] >= half);
  return given;
}

/** Makes 0 of all responses outside. */
export function clearOutside(map: Planes, inside: Uint8Array): void {
  for (let c = 0; c < map.channels; c++) {
    const plane = map.data.subarray(c * inside.length, (c + 1) * inside.length);
    for (let i = 0; i < inside.length; i++) if (inside[i] === 0) plane[i] = 0;
  }
}
