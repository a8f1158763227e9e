import { squaredError } from './momentAlgebra.ts';
import type { Moments } from './moments.ts';
import { type Residual, residualOf } from './residual.ts';

/** How well a kernel gives the afters, and over how many samples. */
export interface Fit extends Residual {
  /** Samples compared. */
  readonly samples: number;
  /** Samples left out because they are clipped. */
  readonly clipped: number;
}

/** Of energies, what is left of their sums by rounding where all samples are alike. */
const ROUNDED = 1e-14;

/** The afters' squared distances from their mean, summed: 0 where they are alike. */
export function spreadOf({ energy, total, samples }: Moments): number {
  const spread = energy - total ** 2 / Math.max(1, samples);
  return spread > ROUNDED * energy ? spread : 0;
}

/** @param unknowns of each output channel, in the moments' order */
export function fitOf(moments: readonly Moments[], unknowns: readonly Float64Array[]): Fit {
  let squares = 0;
  let spread = 0;
  let samples = 0;
  let clipped = 0;
  moments.forEach((m, o) => {
    squares += squaredError(m, unknowns[o]);
    spread += spreadOf(m);
    samples += m.samples;
    clipped += m.clipped;
  });
  return { ...residualOf(squares, spread, samples), samples, clipped };
}
