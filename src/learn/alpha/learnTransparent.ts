import { alphaTapsOf } from '../../correlate/alpha/alphaTaps.ts';
import { premultiply } from '../../correlate/alpha/premultiply.ts';
import { roundingOf } from '../diagnosis/order.ts';
import { type BeforeAfter, examplesOf } from '../pairs.ts';
import type { ExactOptions } from '../solve/solved.ts';
import { type SolvedKernel, solveKernel } from '../solve/solveKernel.ts';
import { alphaOfPairs, haveAlpha, type LearnedAlpha } from './alphaOfPairs.ts';
import { learnPremultiplied } from './learnPremultiplied.ts';

/** Times what rounding leaves: beyond that, colours may have been premultiplied though alpha is what it was. */
const BEYOND_ROUNDING = 2;

/**
 * {@link solveKernel} from pairs that may be transparent: what was done about alpha is found out first, and reported.
 *
 * @throws ExpectationError as that does
 */
export async function learnTransparent(
  pairs: readonly BeforeAfter[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<SolvedKernel> {
  const examples = examplesOf(pairs);
  const alpha = alphaOfPairs(pairs);
  if (alpha === undefined || !haveAlpha(pairs)) return solveKernel(examples, options, pause);
  if (alpha === 'changed') return learnPremultiplied(pairs, options, pause);
  const learned = await solveKernel(examples, options, pause);
  if (learned.report.rms <= BEYOND_ROUNDING * roundingOf(examples)) return withAlpha(learned, 'untouched');
  // Taps that sum to 0 leave alpha as it is, and see premultiplied colours.
  const weighed = pairs.map(({ before, after }) => ({ before: premultiply(before.planes, before.alpha), after }));
  const other = await solveKernel(examplesOf(weighed), options, pause);
  const isBetter = other.report.r2 > learned.report.r2 && alphaTapsOf(other.kernel) === undefined;
  return isBetter ? withAlpha(other, 'premultiplied') : withAlpha(learned, 'untouched');
}

function withAlpha(learned: SolvedKernel, alpha: LearnedAlpha): SolvedKernel {
  const { report } = learned;
  return { ...learned, report: { ...report, program: { ...report.program, alpha } } };
}
