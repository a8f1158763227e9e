import { whiteOf } from '../../planes/planes.ts';
import type { Residual } from '../moments/residual.ts';
import type { Example } from '../pairs.ts';

/** The pairs the other way round; none where an after is smaller than its before, which cannot be undone. */
export function exchanged(examples: readonly Example[]): Example[] | undefined {
  const same = examples.every(
    ({ before, after }) =>
      before.height === after.height && before.width === after.width && before.channels === after.channels,
  );
  if (!same) return undefined;
  return examples.map((example) => ({ ...example, before: example.after, after: example.before }));
}

/** How many times better the other way round must be, and how many times what rounding leaves it may leave. */
const FAR_BETTER = 2;
const AS_ROUNDING = 1.2;

/** And so many times what rounding leaves must be left over as the pair was given. */
const MANY_ROUNDINGS = 2.5;

/**
 * Whether a pair looks as if it had been given in the wrong order: from after to before rounding explains all that is left over, and
 * from before to after there is at least twice as much. Only filters that no small kernel undoes can tell (a blur does).
 *
 * @param given left over from before to after
 * @param other left over from after to before, by a kernel of the same size
 */
export function isReversed(
  examples: readonly Example[],
  given: Pick<Residual, 'rms'>,
  other: Pick<Residual, 'rms'>,
): boolean {
  const rounding = roundingOf(examples);
  const isAsGood = other.rms <= AS_ROUNDING * rounding;
  return isAsGood && given.rms > Math.max(MANY_ROUNDINGS * rounding, FAR_BETTER * other.rms);
}

/** What rounding alone leaves, root mean square in units of white: 1/√12 of a level, the coarsest picture's. */
export function roundingOf(examples: readonly Example[]): number {
  return Math.max(...examples.map(({ after, clips }) => (clips ? 1 / (whiteOf(after) * Math.sqrt(12)) : 0)));
}
