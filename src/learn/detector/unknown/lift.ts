import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { cholesky, solveFactored } from '../../moments/cholesky.ts';
import type { Windows } from './windows.ts';

/** A quadratic form of windows by its eigenvalues, largest first, and the kernels that they stand for. */
export interface Lift {
  readonly eigenvalues: readonly number[];
  /** Unit vectors, one for each eigenvalue. */
  readonly vectors: readonly Float64Array[];
}

/** Of what is on the diagonal: below it two products of samples cannot be told apart. */
const TOLERANCE = 1e-13;

/**
 * The quadratic form whose values are the squares of a map. A length of several responses, or the absolute value of one, is linear once it
 * is squared: in the products of each two samples of a window, of which least squares finds the weights. Its eigenvectors span the
 * kernels. An answer that is rounded by ε moves its square by twice that times the answer: hence the weights.
 *
 * @param windows of one channel
 */
export function lift({ count, side, samples, answers }: Windows): Lift {
  const n = side * side;
  const middle = (n - 1) / 2;
  const features = (n * (n + 1)) / 2;
  const gram = new Float64Array(features * features);
  const cross = new Float64Array(features);
  const seen = new Float64Array(n);
  const products = new Float64Array(features);
  for (let i = 0; i < count; i++) {
    // What a window's brightness adds to its detail would drown it: differences from the middle, and the middle.
    const own = samples[i * n + middle];
    for (let j = 0; j < n; j++) seen[j] = j === middle ? own : samples[i * n + j] - own;
    const weight = 1 / Math.max(1, 2 * Math.abs(answers[i]));
    let at = 0;
    for (let a = 0; a < n; a++) {
      const one = seen[a] * weight;
      for (let b = 0; b <= a; b++) products[at++] = one * seen[b];
    }
    const target = answers[i] * answers[i] * weight;
    for (let a = 0; a < features; a++) {
      const one = products[a];
      if (one === 0) continue;
      cross[a] += one * target;
      const row = a * features;
      for (let b = 0; b <= a; b++) gram[row + b] += one * products[b];
    }
  }
  const weights = solveFactored(cholesky(gram, features, TOLERANCE), cross);
  return decomposed(formOf(weights, n, middle));
}

/** From weights of products of differences to the symmetric matrix of the samples themselves. */
export function formOf(weights: Float64Array, n: number, middle: number): Matrix {
  const form = Matrix.zeros(n, n);
  let at = 0;
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      const weight = weights[at++];
      form.set(a, b, form.get(a, b) + weight / 2);
      form.set(b, a, form.get(b, a) + weight / 2);
    }
  }
  // Differences are the samples less the middle one.
  const change = Matrix.eye(n, n);
  for (let j = 0; j < n; j++) if (j !== middle) change.set(j, middle, -1);
  return change.transpose().mmul(form).mmul(change);
}

export function decomposed(form: Matrix): Lift {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(form, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return {
    eigenvalues: order.map((i) => realEigenvalues[i]),
    vectors: order.map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i))),
  };
}
