import { expected } from '../../planes/expected.ts';
import { expectPlanes, type Planes, whiteOf } from '../../planes/planes.ts';

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
  const across = eroded(given, height, width, 1, rim);
  return eroded(across, height, width, width, rim);
}

/** Keeps a pixel where those before and after it, a step away, are kept too. */
function eroded(given: Uint8Array, height: number, width: number, step: number, rim: boolean): Uint8Array {
  const inside = new Uint8Array(given.length);
  const beyond = Number(rim);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const first = step === 1 ? column === 0 : row === 0;
      const last = step === 1 ? column === width - 1 : row === height - 1;
      inside[i] = given[i] & (first ? beyond : given[i - step]) & (last ? beyond : given[i + step]);
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
  for (let c = 0; c < map.channels; c++) {
    const plane = map.data.subarray(c * inside.length, (c + 1) * inside.length);
    for (let i = 0; i < inside.length; i++) if (inside[i] === 0) plane[i] = 0;
  }
}
