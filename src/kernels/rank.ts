import { checkKernel, type Kernel } from './kernel.ts';
import { toleranceOf } from './recognise/tolerance.ts';

/**
 * The rank of a kernel's rows of taps as a matrix, the largest over all channels: so many products of a column and a row add up to
 * it. 0 where all taps are 0, 1 where the kernel is separable.
 *
 * Singular values count where they are beyond what taps that are off by their tolerance can make of 0 (Mirsky: the root of the
 * sum of their squares).
 *
 * @param tolerance as {@link recogniseKernel} takes it
 * @example
 * kernelRank(namedKernel('sobel-x')) // 1
 * kernelRank(namedKernel('laplacian')) // 2
 */
export function kernelRank(k: Kernel, tolerance?: number | ArrayLike<number>): number {
  checkKernel(k);
  const { taps: within } = toleranceOf(k, tolerance);
  const size = k.height * k.width;
  let most = 0;
  for (let from = 0; from < k.weights.length; from += size) {
    const noise = Math.sqrt(within.subarray(from, from + size).reduce((sum, one) => sum + one * one, 0));
    const values = singularValues(k.weights.subarray(from, from + size), k.width);
    most = Math.max(most, values.filter((value) => value > noise).length);
  }
  return most;
}

/** Turns after which columns are at right angles for any purpose; some six do. */
const MOST_SWEEPS = 40;

/** One-sided rotations of Hestenes (1958): columns are turned pair by pair until all are at right angles; their lengths remain. */
function singularValues(taps: Float32Array, width: number): number[] {
  const columns = Array.from({ length: width }, (_, c) =>
    Float64Array.from({ length: taps.length / width }, (_row, r) => taps[r * width + c]),
  );
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let turned = false;
    for (let a = 0; a < width; a++) {
      for (let b = a + 1; b < width; b++) turned = turnApart(columns[a], columns[b]) || turned;
    }
    if (!turned) break;
  }
  return columns.map((column) => Math.sqrt(dot(column, column)));
}

function turnApart(a: Float64Array, b: Float64Array): boolean {
  const [aa, ab, bb] = [dot(a, a), dot(a, b), dot(b, b)];
  if (Math.abs(ab) <= 2 ** -52 * Math.sqrt(aa * bb)) return false;
  const slope = (bb - aa) / (2 * ab);
  const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.sqrt(1 + slope * slope));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i], b[i]];
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
  return true;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
