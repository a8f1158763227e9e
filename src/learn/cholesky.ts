/** The lower factor of a symmetric matrix, L·Lᵀ. */
export interface Factor {
  readonly size: number;
  readonly lower: Float64Array;
  /**
   * Of every unknown whether it is left out, as what it adds to those before it is below the tolerance: its row and column of the
   * factor are 0, and so is its part of a solution.
   */
  readonly dropped: Uint8Array;
  /** Unknowns that are not. */
  readonly rank: number;
}

/**
 * The Cholesky factor of a symmetric positive semidefinite matrix. An unknown is dropped where its pivot falls below `tolerance`
 * times its place on the diagonal.
 *
 * @param matrix size × size, of which the lower triangle is read
 */
export function cholesky(matrix: Float64Array, size: number, tolerance: number): Factor {
  const lower = new Float64Array(size * size);
  const dropped = new Uint8Array(size);
  let rank = 0;
  for (let i = 0; i < size; i++) {
    const row = i * size;
    let pivot = matrix[row + i];
    for (let j = 0; j < i; j++) {
      if (dropped[j]) continue;
      const other = j * size;
      let sum = matrix[row + j];
      for (let k = 0; k < j; k++) sum -= lower[row + k] * lower[other + k];
      sum /= lower[other + j];
      lower[row + j] = sum;
      pivot -= sum * sum;
    }
    if (pivot > tolerance * matrix[row + i] && pivot > 0) {
      lower[row + i] = Math.sqrt(pivot);
      rank++;
    } else {
      lower.fill(0, row, row + i);
      dropped[i] = 1;
    }
  }
  return { size, lower, dropped, rank };
}

/** What solves L·Lᵀ·w = b. */
export function solveFactored({ size, lower, dropped }: Factor, b: Float64Array): Float64Array {
  const w = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    if (dropped[i]) continue;
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= lower[i * size + k] * w[k];
    w[i] = sum / lower[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    if (dropped[i]) continue;
    w[i] /= lower[i * size + i];
    for (let k = 0; k < i; k++) w[k] -= lower[i * size + k] * w[i];
  }
  return w;
}

/** The diagonal of the inverse of L·Lᵀ. */
export function inverseDiagonal({ size, lower, dropped }: Factor): Float64Array {
  const diagonal = new Float64Array(size);
  const column = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    if (dropped[j]) continue;
    column[j] = 1 / lower[j * size + j];
    diagonal[j] += column[j] ** 2;
    for (let i = j + 1; i < size; i++) {
      if (dropped[i]) {
        column[i] = 0;
        continue;
      }
      let sum = 0;
      for (let k = j; k < i; k++) sum -= lower[i * size + k] * column[k];
      column[i] = sum / lower[i * size + i];
      diagonal[j] += column[i] ** 2;
    }
  }
  return diagonal;
}
