import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { cholesky, inverseDiagonal, solveFactored } from './cholesky.ts';
import { squaredError } from './momentAlgebra.ts';
import type { Moments } from './moments.ts';

interface LeastSquaresOptions {
  /** Whether the last unknown is a bias, which sees 1 everywhere. */
  readonly bias: boolean;
  /** Added to the mean squared error for every unit of Σ tap², in units of white squared; 0 by default. */
  readonly ridge?: number;
}

export interface Solution {
  /** Taps, and the bias in units of white. */
  readonly unknowns: Float64Array;
  /**
   * How far noise alone may have moved each: one standard deviation, were the errors independent of each other. Infinity where
   * the windows do not determine it.
   */
  readonly standardErrors: Float64Array;
  /** Combinations of unknowns that the windows determine. */
  readonly rank: number;
  /** Σ (w·x − y)², in units of white squared. */
  readonly squares: number;
  /** Windows that it is of. */
  readonly samples: number;
}

/**
 * What is below this share of the largest (or of its own size) is rounding error of the sums: they are exact to 1e-16, and
 * eliminating hundreds of unknowns leaves some 1e-14. The rounding of a smooth 16-bit picture still adds 1e-10.
 */
const TOLERANCE = 1e-12;

/**
 * The unknowns of least squared error. Where the windows do not determine them (flat pictures, detail in one direction alone), the
 * ones of least norm among those that do as well.
 */
export function leastSquares(moments: Moments, { bias, ridge = 0 }: LeastSquaresOptions): Solution {
  const { unknowns: size, samples } = moments;
  const taps = bias ? size - 1 : size;
  const gram = moments.gram.slice();
  for (let a = 0; a < taps; a++) gram[a * size + a] += ridge * samples;
  const scale = scalesOf(gram, size, taps);
  const matrix = gram.map((value, i) => value * scale[Math.floor(i / size)] * scale[i % size]);
  const solved = solveDefinite(matrix, gram, moments.cross, scale) ?? solveDeficient(matrix, moments.cross, scale);
  const squares = squaredError(moments, solved.unknowns);
  const variance = squares / Math.max(1, samples - solved.rank);
  return {
    unknowns: solved.unknowns,
    standardErrors: solved.variances.map((value) => (value === Infinity ? value : Math.sqrt(value * variance))),
    rank: solved.rank,
    squares,
    samples,
  };
}

/** One scale for all taps, so that the least norm is theirs, and one for the bias: they bring the diagonal to about 1. */
function scalesOf(gram: Float64Array, size: number, taps: number): Float64Array {
  const scale = new Float64Array(size).fill(1);
  let mean = 0;
  for (let a = 0; a < taps; a++) mean += gram[a * size + a] / taps;
  if (mean > 0) scale.fill(1 / Math.sqrt(mean), 0, taps);
  if (taps < size && gram[size * size - 1] > 0) scale[taps] = 1 / Math.sqrt(gram[size * size - 1]);
  return scale;
}

interface Solved {
  readonly unknowns: Float64Array;
  /** In units of the errors' variance. */
  readonly variances: Float64Array;
  readonly rank: number;
}

/** By Cholesky's factor and one step of refinement; undefined where the matrix is not of full rank. */
function solveDefinite(
  matrix: Float64Array,
  gram: Float64Array,
  cross: Float64Array,
  scale: Float64Array,
): Solved | undefined {
  const size = cross.length;
  const factor = cholesky(matrix, size, TOLERANCE);
  if (factor.rank < size) return undefined;
  const solve = (b: Float64Array): Float64Array =>
    solveFactored(
      factor,
      b.map((value, a) => value * scale[a]),
    ).map((value, a) => value * scale[a]);
  const unknowns = solve(cross);
  const rest = cross.map((value, a) => {
    for (let b = 0; b < size; b++) value -= gram[a * size + b] * unknowns[b];
    return value;
  });
  const step = solve(rest);
  return {
    unknowns: unknowns.map((value, a) => value + step[a]),
    variances: inverseDiagonal(factor).map((value, a) => value * scale[a] ** 2),
    rank: size,
  };
}

/** By eigenvectors, without those whose eigenvalues are rounding errors. */
function solveDeficient(matrix: Float64Array, cross: Float64Array, scale: Float64Array): Solved {
  const size = cross.length;
  const rows = Array.from({ length: size }, (_, a) => matrix.subarray(a * size, (a + 1) * size));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  });
  const least = TOLERANCE * Math.max(...realEigenvalues);
  const unknowns = new Float64Array(size);
  const variances = new Float64Array(size);
  let rank = 0;
  realEigenvalues.forEach((eigenvalue, i) => {
    const vector = eigenvectorMatrix.getColumn(i);
    if (eigenvalue <= least || eigenvalue <= 0) {
      for (let a = 0; a < size; a++) if (Math.abs(vector[a]) > UNDETERMINED) variances[a] = Infinity;
      return;
    }
    rank++;
    const along = vector.reduce((sum, value, a) => sum + value * cross[a] * scale[a], 0) / eigenvalue;
    for (let a = 0; a < size; a++) {
      unknowns[a] += along * vector[a] * scale[a];
      variances[a] += (vector[a] * scale[a]) ** 2 / eigenvalue;
    }
  });
  return { unknowns, variances, rank };
}

/** An unknown is not determined where a combination that is not has more than this of it. */
const UNDETERMINED = 1e-6;
