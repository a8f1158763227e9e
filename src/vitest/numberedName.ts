import { setImmediate } from 'node:timers';
import type { MatcherState } from 'vitest';
import { ExpectationError } from '../planes/expected.ts';
import type { Attempt, Numbered } from './attempt.ts';
import { fileName, foldedName } from './goldenPlace.ts';

/**
 * The name of a golden that was given none: the test's and a number, the same for every try of `expect.poll`.
 *
 * @throws ExpectationError where which golden is meant cannot be told
 */
export function numberedName(attempt: Attempt, { assertion, poll }: MatcherState): Numbered {
  const { task, run, open, polled } = attempt;
  const stem = fileName(task.fullTestName);
  const owner = run.owners.get(foldedName(stem)) ?? task;
  if (owner !== task) throw unnamed(attempt, `another test's is ${fileName(owner.fullTestName)} too`);
  run.owners.set(foldedName(stem), task);
  if (poll) {
    if (!assertion) throw unnamed(attempt, 'vitest tells the tries of expect.poll apart from version 4.1.4 on');
    const known = polled.get(assertion);
    if (known) return known;
  }
  if (attempt.caught) {
    throw unnamed(
      attempt,
      'one before it failed and the test went on (under vi.waitFor?): it may be the same, tried again',
    );
  }
  const turn = presentTurn();
  if (Array.from(open).some((other) => other.turn !== turn)) {
    throw unnamed(attempt, 'another one is still compared: which comes first may change from run to run');
  }
  const numbered = { name: `${stem}-${++attempt.count}`, turn };
  open.add(numbered);
  if (poll && assertion) polled.set(assertion, numbered);
  return numbered;
}

/** Takes down how a comparison with such a golden ended. */
export function endNumbered(attempt: Attempt, numbered: Numbered, { poll, soft }: MatcherState, failed: boolean): void {
  // A poll that failed is tried again, or its test has failed.
  if (poll && failed) return;
  attempt.open.delete(numbered);
  if (failed && !soft) attempt.caught = true;
}

function unnamed({ task }: Attempt, reason: string): ExpectationError {
  return new ExpectationError(
    `Expected a name for a golden of ${task.fullTestName} but received none, and ${reason}; toMatchImageSnapshot({ name: '…' }) tells`,
  );
}

let turn = 0;
let isOver = true;

/** Counts turns of the event loop: calls of one turn come in the same order in every run. */
function presentTurn(): number {
  if (isOver) {
    turn++;
    isOver = false;
    setImmediate(() => {
      isOver = true;
    });
  }
  return turn;
}
