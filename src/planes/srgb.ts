import { createPlanes, type Planes, whiteOf } from './planes.ts';

/**
 * Samples in proportion to light, from samples coded by the sRGB curve (IEC 61966-2-1): black and white stay where they are.
 *
 * @param x any shape, samples from 0 to white
 * @example
 * toNested(decodeSrgb(planes([[0, 0.5, 1]]))) // [[[0, 0.2140411, 1]]]
 */
export function decodeSrgb(x: Planes): Planes {
  return curve(x, (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
}

/**
 * Samples coded by the sRGB curve, from samples in proportion to light: the inverse of {@link decodeSrgb}.
 * Below 0 the curve goes on in a straight line, above white as it is.
 *
 * @example
 * toNested(encodeSrgb(planes([[0, 0.2140411, 1]]))) // [[[0, 0.5, 1]]]
 */
export function encodeSrgb(x: Planes): Planes {
  return curve(x, (v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055));
}

function curve(x: Planes, f: (unit: number) => number): Planes {
  const white = whiteOf(x);
  const curved = createPlanes(x.channels, x.height, x.width, x.white);
  for (let i = 0; i < curved.data.length; i++) curved.data[i] = f(x.data[i] / white) * white;
  return curved;
}
