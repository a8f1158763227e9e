import { ExpectationError } from '../../planes/expected.ts';

/** Refuses linear light for a net. */
export function expectNoLinear(linear: boolean): void {
  if (!linear) return;
  throw new ExpectationError(
    'Expected no --linear with a net, which learned from samples as they are stored, but received it',
  );
}
