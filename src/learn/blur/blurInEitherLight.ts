import { roundingOf } from '../diagnosis/order.ts';
import type { Example } from '../pairs.ts';
import { findBlur, type FoundBlur } from './findBlur.ts';

/** Times what one rounding leaves. */
const ONE_ROUNDING = 1.15;

/** Of what hundreds of taps of stored samples leave: a column and a row of linear light that leave less are no chance. */
const BETTER = 0.9;

/**
 * A blur of the samples as they are stored; where that leaves more than rounding does, one of linear light, if it leaves no more.
 *
 * @param left what taps of stored samples leave beside a blur, root mean square in units of white
 */
export async function blurInEitherLight(
  examples: readonly Example[],
  left: number,
  pause: () => Promise<void>,
): Promise<FoundBlur | undefined> {
  const stored = await findBlur(examples, pause);
  const most = ONE_ROUNDING * roundingOf(examples);
  if ((stored && stored.estimate.rms <= most) || !examples.every((example) => example.stored)) return stored;
  const linear = await findBlur(examples, pause, 'linear');
  const least = Math.min(left, stored?.estimate.rms ?? left);
  if (linear === undefined || linear.estimate.rms > Math.min(most, BETTER * least)) return stored;
  return { ...linear, light: { stored: least, linear: linear.estimate.rms, light: 'linear' } };
}
