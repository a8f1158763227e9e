import { expectChoice, expected } from '../planes/expected.ts';
import { createPlanes, expectPlanes, type Planes, shapeOf } from '../planes/planes.ts';

/** `l2` is √(a² + b²); `l1` is |a| + |b|, faster and up to √2 larger on diagonals. */
export type MagnitudeNorm = 'l1' | 'l2';

export const MAGNITUDE_NORMS: readonly MagnitudeNorm[] = ['l1', 'l2'];

/**
 * The length of the vectors (a, b), sample by sample, each operation rounded to Float32.
 *
 * @param a C×H×W
 * @param b of the same shape
 * @param scale what each length is multiplied by, in Float32
 * @returns C×H×W, not negative
 * @throws ExpectationError where the shapes differ, or the norm is unknown
 * @example
 * toNested(magnitude(planes([[3]]), planes([[-4]]), 'l2')) // [[[5]]]
 * toNested(magnitude(planes([[3]]), planes([[-4]]), 'l1')) // [[[7]]]
 */
export function magnitude(a: Planes, b: Planes, norm: MagnitudeNorm = 'l2', scale = 1): Planes {
  expectChoice(norm, 'magnitude', MAGNITUDE_NORMS);
  expectPlanes(a, 'magnitude');
  expectPlanes(b, 'magnitude');
  if (shapeOf(a) !== shapeOf(b)) throw expected('planes of one shape', 'magnitude', `${shapeOf(a)} and ${shapeOf(b)}`);
  const length = createPlanes(a.channels, a.height, a.width, a.white);
  const fill = norm === 'l1' ? sums : roots;
  fill(a.data, b.data, Math.fround(scale), length.data);
  return length;
}

function sums(a: Float32Array, b: Float32Array, scale: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.fround(Math.abs(a[i]) + Math.abs(b[i])) * scale;
}

function roots(a: Float32Array, b: Float32Array, scale: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) {
    const squares = Math.fround(Math.fround(a[i] * a[i]) + Math.fround(b[i] * b[i]));
    out[i] = Math.fround(Math.sqrt(squares)) * scale;
  }
}
