import type { KernelShape } from '../kernelShape.ts';
import { squaredError } from '../moments/momentAlgebra.ts';
import type { Moments } from '../moments/moments.ts';
import { tapsOf } from './targets.ts';

/** Unknowns that are one number, as those of mirror images are: for each unknown the number that it is, from 0. */
export interface Symmetry {
  readonly numbers: number;
  readonly of: Int32Array;
}

/** A mirror image may leave this much more squared error than the taps themselves, which noise has bent. */
const MORE_ERROR = 1.02;

/**
 * The symmetry of the most symmetric of all kernels near the given one: its mirror images along rows, columns and the diagonal, and its
 * half turn, as far as they leave the error where it is. Blurs have a quarter or an eighth of the numbers then.
 *
 * @param unknowns of least squares, for each output channel
 * @returns the unknowns each by itself where there is no symmetry
 */
export function symmetryOf(
  moments: readonly Moments[],
  unknowns: readonly Float64Array[],
  shape: KernelShape,
): Symmetry {
  const error = (values: readonly Float64Array[]): number =>
    moments.reduce((sum, m, o) => sum + squaredError(m, values[o]), 0);
  const most = MORE_ERROR * error(unknowns);
  const candidates = symmetries(shape).map((images) => tie(shape, unknowns[0].length, images));
  return (
    candidates.find((one) => error(unknowns.map((values) => averaged(values, one))) <= most) ??
    noSymmetry(unknowns[0].length)
  );
}

/** Every unknown a number of its own. */
export function noSymmetry(unknowns: number): Symmetry {
  return { numbers: unknowns, of: Int32Array.from({ length: unknowns }, (_, i) => i) };
}

/** Each number the mean of the unknowns that it is. */
export function averaged(unknowns: Float64Array, { numbers, of }: Symmetry): Float64Array {
  const sums = new Float64Array(numbers);
  const counts = new Float64Array(numbers);
  unknowns.forEach((value, i) => {
    sums[of[i]] += value;
    counts[of[i]]++;
  });
  return unknowns.map((_, i) => sums[of[i]] / counts[of[i]]);
}

/** Where a tap stands in a mirror image. */
type Image = (row: number, column: number) => readonly [row: number, column: number];

/** Sets of mirror images, those of the fewest numbers first. */
function symmetries({ height, width }: KernelShape): Image[][] {
  const rows: Image = (r, q) => [height - 1 - r, q];
  const columns: Image = (r, q) => [r, width - 1 - q];
  const turned: Image = (r, q) => [height - 1 - r, width - 1 - q];
  const diagonal: Image = (r, q) => [q, r];
  const square =
    height === width
      ? [
          [rows, columns, diagonal],
          [turned, diagonal],
        ]
      : [];
  return [...square, [rows, columns], [rows], [columns], [turned]];
}

function tie(shape: KernelShape, unknowns: number, images: readonly Image[]): Symmetry {
  const { height, width } = shape;
  const of = new Int32Array(unknowns).fill(-1);
  let numbers = 0;
  const spread = (first: number): void => {
    const next = [first];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (of[at] !== -1) continue;
      of[at] = numbers;
      const place = at % (height * width);
      for (const image of images) {
        const [row, column] = image(Math.floor(place / width), place % width);
        next.push(at - place + row * width + column);
      }
    }
    numbers++;
  };
  const taps = tapsOf(shape);
  for (let i = 0; i < taps; i++) if (of[i] === -1) spread(i);
  for (let i = taps; i < unknowns; i++) of[i] = numbers++;
  return { numbers, of };
}
