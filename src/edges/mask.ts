import { expected } from '../planes/expected.ts';
import { expectPlanes, type Planes, whiteOf } from '../planes/planes.ts';

/**
 * Which pixels an edge may be at: those of the mask all of whose eight neighbours are in it too, because a response beside it
 * also comes from outside. A pixel is in the mask from half of white on.
 *
 * @param mask 1×H×W of the picture's height and width; all of the picture where left out
 * @param rim whether the picture's outermost pixels have neighbours that are in the mask
 * @returns height·width numbers, 1 inside
 * @throws ExpectationError where the mask is of another size
 */
export function insideOf(
  mask: Planes | undefined,
  { height, width }: { readonly height: number; readonly width: number },
  rim: boolean,
): Uint8Array {
  const given = givenPixels(mask, height, width);
  const inside = new Uint8Array(height * width);
  const is = (row: number, column: number): boolean =>
    row < 0 || column < 0 || row >= height || column >= width ? rim : given[row * width + column] === 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let all = true;
      for (let n = 0; n < 9 && all; n++) all = is(row + Math.floor(n / 3) - 1, column + (n % 3) - 1);
      inside[row * width + column] = Number(all);
    }
  }
  return inside;
}

/** 1 where a pixel is in the mask itself. */
export function givenPixels(mask: Planes | undefined, height: number, width: number): Uint8Array {
  const given = new Uint8Array(height * width);
  if (mask === undefined) return given.fill(1);
  expectPlanes(mask, 'mask');
  if (mask.channels !== 1 || mask.height !== height || mask.width !== width) {
    throw expected(
      `a mask of 1×${height}×${width}`,
      'a picture of that size',
      `${mask.channels}×${mask.height}×${mask.width}`,
    );
  }
  const half = whiteOf(mask) / 2;
  for (let i = 0; i < given.length; i++) given[i] = Number(mask.data[i] >= half);
  return given;
}

/** Makes 0 of all responses outside. */
export function clearOutside(map: Planes, inside: Uint8Array): void {
  for (let i = 0; i < map.data.length; i++) if (inside[i % inside.length] === 0) map.data[i] = 0;
}
