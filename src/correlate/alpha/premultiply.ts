import { ExpectationError } from '../../planes/expected.ts';
import { createPlanes, type Planes, shapeOf, whiteOf } from '../../planes/planes.ts';

/**
 * Colour times alpha, as a share of white: what is transparent is black, whatever colour it holds, and what is opaque stays as it is.
 * Both the share and the product are Float32.
 *
 * @param colour C×H×W
 * @param alpha 1×H×W, from 0 (transparent) to its white (opaque)
 * @returns C×H×W
 * @throws ExpectationError where their sizes differ
 * @example
 * toNested(premultiply(planes([[200, 100]], 255), planes([[255, 51]], 255))) // [[[200, 20]]]
 */
export function premultiply(colour: Planes, alpha: Planes): Planes {
  const { channels, height, width } = colour;
  expectAlpha(colour, alpha);
  const result = createPlanes(channels, height, width, colour.white);
  const opaque = whiteOf(alpha);
  const size = height * width;
  for (let i = 0; i < size; i++) {
    const share = Math.fround(alpha.data[i] / opaque);
    for (let at = i; at < result.data.length; at += size) result.data[at] = colour.data[at] * share;
  }
  return result;
}

/** @throws ExpectationError where an alpha is not of the size of its colours */
export function expectAlpha({ height, width }: Omit<Planes, 'data'>, alpha: Planes): void {
  if (alpha.channels === 1 && alpha.height === height && alpha.width === width) return;
  throw new ExpectationError(`Expected alpha of 1×${height}×${width} but received ${shapeOf(alpha)}`);
}
