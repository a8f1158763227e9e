import type { MatcherState } from 'vitest';
import { ciSystem } from '../verify/ci.ts';
import type { SnapshotPlace } from '../verify/imageSnapshot.ts';

export type Task = NonNullable<MatcherState['task']>;
export type TestFile = Task['file'];

/** What may be done about goldens: vitest's own answer (`all` under --update), but nothing in CI. */
export function updateOf({ snapshotState }: MatcherState): Pick<SnapshotPlace, 'update' | 'wayOut'> {
  const ci = ciSystem();
  if (ci !== undefined) return { update: 'none', wayOut: `run the test outside of CI (${ci})` };
  // Vitest has told it by this name since 4.1.4.
  const told = snapshotState.snapshotUpdateState ?? Reflect.get(snapshotState, '_updateSnapshot');
  return { update: told, wayOut: 'run the test without --update=none' };
}
