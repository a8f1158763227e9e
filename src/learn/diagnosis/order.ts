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

/** How many times better the other way round must be. */
const FAR_BETTER = 4;

/**
 * Whether a pair looks as if it had been given in the wrong order: the fit from before to after leaves clearly more than rounding,
 * and the one from after to before far less than it. Only filters that no small kernel undoes can tell (a blur does).
 *
 * @param given left over from before to after
 * @param other left over from after to before, by a kernel of the same size
 */
export function isReversed(examples: readonly Example[], given: Residual, other: Residual): boolean {
  return given.rms > FAR_BETTER * roundingOf(examples) && given.rms > FAR_BETTER * other.rms;
}

/** What rounding alone leaves, root mean square in units of white: 1/√12 of a level, the coarsest picture's. */
export function roundingOf(examples: readonly Example[]): number {
  return Math.max(...examples.map(({ after, clips }) => (clips ? 1 / (whiteOf(after) * Math.sqrt(12)) : 0)));
}
