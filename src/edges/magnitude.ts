import { expectChoice } from '../planes/expected.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';

/** `l2` is √(a² + b²); `l1` is |a| + |b|, faster and up to √2 larger on diagonals. */
export type MagnitudeNorm = 'l1' | 'l2';

/**
 * The length of the vectors (a, b), sample by sample, each operation rounded to Float32.
 *
 * @param a C×H×W
 * @param b of the same shape
 * @returns C×H×W, not negative
 * @example
 * toNested(magnitude(planes([[3]]), planes([[-4]]), 'l2')) // [[[5]]]
 * toNested(magnitude(planes([[3]]), planes([[-4]]), 'l1')) // [[[7]]]
 */
export function magnitude(a: Planes, b: Planes, norm: MagnitudeNorm = 'l2'): Planes {
  expectChoice(norm, 'magnitude', ['l1', 'l2']);
  const length = createPlanes(a.channels, a.height, a.width, a.white);
  for (let i = 0; i < length.data.length; i++) {
    const across = a.data[i];
    const down = b.data[i];
    length.data[i] =
      norm === 'l1'
        ? Math.abs(across) + Math.abs(down)
        : Math.sqrt(Math.fround(Math.fround(across * across) + Math.fround(down * down)));
  }
  return length;
}
