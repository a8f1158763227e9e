import { COLOUR_WEIGHTS } from '../../kernels/colourWeights.ts';
import type { KernelShape } from '../kernelShape.ts';

/**
 * Estimates may be so far away: of pictures whose colours go together, rounding moves weights by many standard errors. Which they are
 * is told by the samples.
 */
const NEAR = 0.05;

/**
 * Weights of red, green and blue that standards and programs take, near the estimate of every output of one tap for each of three
 * channels: the likeliest first. None where an output has none. A bias stays as it is.
 */
export function knownWeights(estimate: readonly Float64Array[], shape: KernelShape): readonly Float64Array[][] {
  if (shape.inChannels !== 3 || shape.height * shape.width !== 1) return [];
  const near = estimate.map((values) =>
    COLOUR_WEIGHTS.filter(({ weights }) => weights.every((weight, i) => Math.abs(weight - values[i]) <= NEAR)).map(
      ({ weights }) => values.map((value, i) => weights[i] ?? value),
    ),
  );
  if (near.some((own) => own.length === 0)) return [];
  const most = Math.max(...near.map((own) => own.length));
  return Array.from({ length: most }, (_, k) => near.map((own) => own[Math.min(k, own.length - 1)]));
}
