import { gaussianTaps } from '../../kernels/smoothing.ts';
import { opencvRadius } from '../gradient/responses.ts';
import { DOG_RATIO } from '../operators/gaussianDerivativeTaps.ts';
import type { Settings } from '../settings.ts';

/** On how many rows above and below it a row of responses depends, at most. */
export function rowsAround({
  operator,
  sigmas,
  convention,
}: Pick<Settings, 'operator' | 'sigmas' | 'convention'>): number {
  if (operator.kind === 'gaussian') {
    const wider = operator.form === 'dog' ? DOG_RATIO : 1;
    return Math.max(...sigmas.map((sigma) => radiusOf(wider * (sigma as number))));
  }
  const ofKernels = Math.max(...operator.kernels.map(({ height }) => Math.floor(height / 2)));
  const ofSmoothing = sigmas.map((sigma) => (sigma === undefined ? 0 : rowsAroundSmoothing(sigma, convention)));
  return ofKernels + Math.max(...ofSmoothing);
}

/** On how many rows above and below it a row of a picture that is smoothed first depends. */
export function rowsAroundSmoothing(sigma: number, convention: Settings['convention']): number {
  return convention === 'opencv' ? opencvRadius(sigma) : radiusOf(sigma);
}

function radiusOf(sigma: number): number {
  return (gaussianTaps(sigma).length - 1) / 2;
}
