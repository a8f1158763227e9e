import { squaredError } from '../moments/momentAlgebra.ts';
import type { Moments } from '../moments/moments.ts';

/** Whole numbers over these are what people write into a kernel. */
const DENOMINATORS: readonly number[] = [1, 2, 4, 8, 10, 16, 32, 64, 100, 128, 256, 512, 1000, 1024];

/** How much of the error may be chance, and what of the samples' squares Float32 may have lost. */
const AS_GOOD = 1.01;
const LOST = 1e-14;

/**
 * Unknowns of exact numbers (not of rounded samples) as whole numbers over one denominator, where those leave no more error than
 * the ones of least squares do; else as they are.
 */
export function roundNumbers(moments: readonly Moments[], unknowns: readonly Float64Array[]): readonly Float64Array[] {
  for (const denominator of DENOMINATORS) {
    const rounded = unknowns.map((values) => values.map((value) => Math.round(value * denominator) / denominator + 0));
    const fits = moments.every(
      (m, o) => squaredError(m, rounded[o]) <= AS_GOOD * squaredError(m, unknowns[o]) + LOST * m.energy,
    );
    if (fits) return rounded;
  }
  return unknowns;
}
