import type { Kernel } from '../../kernels/kernel.ts';
import { leftOf } from '../majority/misfits.ts';
import type { Example } from '../pairs.ts';

/** Standard deviations of what is left over; of samples, normal errors have 6 in 100,000 beyond, uniform ones none. */
const FAR = 4;
const BY_CHANCE = 1e-3;

/**
 * Whether what a kernel leaves over has samples far out: roundings add up to errors of one size, a filter that is nearly linear is far off
 * in a few places (a saturation in HSL, a smoothing that spares edges).
 *
 * @param examples of stored afters
 */
export function hasTails(examples: readonly Example[], k: Kernel): boolean {
  let [count, sum, squares] = [0, 0, 0];
  const lefts = examples.map((example) => leftOf(example, k).levels);
  for (const levels of lefts) {
    for (const level of levels) {
      if (Number.isNaN(level)) continue;
      count++;
      sum += level;
      squares += level * level;
    }
  }
  const middle = sum / count;
  const far = FAR * Math.sqrt(squares / count - middle * middle);
  let beyond = 0;
  for (const levels of lefts) for (const level of levels) if (Math.abs(level - middle) > far) beyond++;
  return beyond > BY_CHANCE * count;
}
