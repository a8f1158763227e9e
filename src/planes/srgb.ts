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
  const { data } = x;
  // Powers take ten times as long as a look at a table, which whole samples of 8 bits allow.
  const most = data.length < WORTH ? 0 : 255;
  const table = Float32Array.from({ length: most + 1 }, (_, i) => f(i / white) * white);
  for (let i = 0; i < data.length; i++) {
    const sample = data[i];
    curved.data[i] = sample === (sample & most) ? table[sample] : f(sample / white) * white;
  }
  return curved;
}

/** Samples from which a table is worth making. */
const WORTH = 4096;
