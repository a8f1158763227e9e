/** How well what was learned gives the afters, over all samples compared. */
export interface Residual {
  /** Root of the mean squared error, in units of white. */
  readonly rms: number;
  /** −20·log₁₀(rms), in decibels; Infinity where nothing is left over. */
  readonly psnr: number;
  /** The share of the afters' variance, channel by channel, that is accounted for: 1 is all of it, 0 no more than their mean would. */
  readonly r2: number;
}

/**
 * @param squares sum of the squared errors, in units of white
 * @param spread sum of the afters' squared distances from their mean
 */
export function residualOf(squares: number, spread: number, samples: number): Residual {
  const rms = Math.sqrt(squares / samples);
  const unexplained = spread > 0 ? squares / spread : squares > 0 ? 1 : 0;
  return { rms, psnr: rms === 0 ? Number.POSITIVE_INFINITY : -20 * Math.log10(rms), r2: 1 - unexplained };
}
