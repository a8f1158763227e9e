import { recogniseKernel } from '../../kernels/recognise/recogniseKernel.ts';
import { compareLight, inLinearLight } from '../diagnosis/light.ts';
import { roundingOf } from '../diagnosis/order.ts';
import { type KernelShape, kernelShape } from '../kernelShape.ts';
import { kernelFrom, unknownsOf } from '../kernelUnknowns.ts';
import { fitOf } from '../moments/fit.ts';
import { leastSquares, type Solution } from '../moments/leastSquares.ts';
import { momentsOf } from '../moments/moments.ts';
import type { Example } from '../pairs.ts';
import { knownWeights } from './knownWeights.ts';
import { isPlain } from './reportedPairs.ts';
import type { ExactOptions, LearnedPairs } from './solved.ts';
import { solveShape } from './solveShape.ts';

/** Times what one rounding leaves: programs round twice, to 16 bits or by a table of sRGB's curve, and then to 8. */
const ROUNDED_TWICE = 1.5;

/** And what is too much for either light. */
const FAR = 4;

/** Of all samples: so few may be missed by arithmetic of fewer bits. */
const STRAYS = 1e-2;

/**
 * The mixture of colours, sample by sample, that makes the afters (a grey picture of a colour one, other primaries), where that is all
 * that was done: errors of rounding hang together from sample to sample, so that taps beside the sample seem to gain a little.
 *
 * @param pause awaited between parts of the work
 * @returns nothing where the channels are not mixed, sizes or sharing are stated otherwise, or samples are not given back
 */
export async function solveMixture(
  examples: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<LearnedPairs | undefined> {
  if (!mayMix(examples, options)) return undefined;
  const own: ExactOptions = { ...options, size: 1, channels: 'full' };
  const shape = kernelShape(examples, own);
  const moments = await momentsOf(examples, { ...shape, bias: true }, pause);
  const solutions = moments.map((m) => leastSquares(m, { bias: true }));
  if (!isMixed(solutions, shape)) return undefined;
  const unknowns = solutions.map((solution) => solution.unknowns);
  const { rms } = fitOf(moments, unknowns);
  const rounding = roundingOf(examples);
  if (rms > FAR * rounding) return undefined;
  if (rms <= ROUNDED_TWICE * rounding) {
    const learned = await solveShape(examples, shape, own, pause);
    const { samples = 0, reproduced = 0 } = learned.report.certificate ?? {};
    if (samples > 0 && reproduced >= (1 - STRAYS) * samples) return learned;
  }
  const linear = await solveShape(inLinearLight(examples), shape, { ...own, method: 'auto' }, pause);
  const stored = kernelFrom(shape, unknowns);
  const light = compareLight(examples, stored, linear.kernel);
  if (light.light !== 'linear' || light.linear > ROUNDED_TWICE * rounding) return undefined;
  for (const candidate of knownWeights(unknownsOf(linear.kernel, shape), shape)) {
    const kernel = kernelFrom(shape, candidate);
    const own = compareLight(examples, stored, kernel);
    if (own.linear > AS_GOOD * light.linear) continue;
    const known = recogniseKernel(kernel);
    return { ...linear, kernel, light: own, report: { ...linear.report, ...(known && { known }) } };
  }
  return { ...linear, light };
}

/** Weights that have a name may leave so much more than those of least squares. */
const AS_GOOD = 1.01;

function mayMix(
  examples: readonly Example[],
  { size = 'auto', channels = 'auto', ridge, method, mixes = true }: ExactOptions,
): boolean {
  return (
    mixes &&
    size === 'auto' &&
    (channels === 'auto' || channels === 'full') &&
    !ridge &&
    method !== 'least-squares' &&
    examples[0].before.channels === 3 &&
    examples.every(isPlain) &&
    examples.every(({ before, after }) => before.height === after.height && before.width === after.width)
  );
}

/** Standard errors that a tap must be away from 0, which rounding makes too small, and the least that is one. */
const AWAY = 8;
const LEAST_TAP = 2e-3;

/** Whether an output sees another channel than its own. */
function isMixed(solutions: readonly Solution[], { inChannels, outChannels }: KernelShape): boolean {
  if (outChannels !== inChannels) return true;
  return solutions.some(({ unknowns, standardErrors }, o) =>
    unknowns
      .subarray(0, inChannels)
      .some((tap, i) => i !== o && Math.abs(tap) > Math.max(LEAST_TAP, AWAY * standardErrors[i])),
  );
}
