import { cholesky, solveFactored } from '../../moments/cholesky.ts';

/** What a step is solved from, where its unknowns stand. */
export interface Equations {
  /** Lower triangle. */
  readonly gram: Float64Array;
  readonly cross: Float64Array;
  /** Sum of squared errors. */
  readonly squares: number;
}

interface Descent {
  readonly values: Float64Array<ArrayBuffer>;
  readonly squares: number;
}

/**
 * Unknowns of a least-squares problem by Gauss and Newton's method, damped as Levenberg and Marquardt do.
 *
 * @param steps at most so many
 * @param enough a step that gains less than this share of the error is the last
 */
export function dampedDescent(
  start: Float64Array<ArrayBuffer>,
  equations: (values: Float64Array) => Equations,
  { steps, enough }: { readonly steps: number; readonly enough: number },
): Descent {
  const unknowns = start.length;
  let values = start;
  let now = equations(values);
  let damping = 1e-4;
  for (let step = 0; step < steps; step++) {
    const damped = now.gram.slice();
    for (let i = 0; i < unknowns; i++) damped[i * unknowns + i] *= 1 + damping;
    const by = solveFactored(cholesky(damped, unknowns, 1e-14), now.cross);
    const moved = values.map((value, i) => value + by[i]);
    const next = equations(moved);
    if (next.squares < now.squares) {
      const gain = 1 - next.squares / now.squares;
      values = moved;
      now = next;
      damping = Math.max(damping / 8, 1e-12);
      if (gain < enough) break;
    } else {
      damping *= 10;
      if (damping > 1e6) break;
    }
  }
  return { values, squares: now.squares };
}
