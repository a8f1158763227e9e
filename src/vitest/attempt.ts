import { type MatcherState, TestRunner } from 'vitest';
import { ExpectationError } from '../planes/expected.ts';
import type { ExactFile } from '../verify/exactFile.ts';
import { describeAbsent, type SnapshotOutcome } from '../verify/imageSnapshot.ts';
import { endFile } from './endFile.ts';
import { type FileRun, fileRunOf } from './fileRun.ts';
import type { Task } from './matcherState.ts';
import { tell } from './tell.ts';

/** What vitest takes of a matcher. */
export interface MatcherResult {
  pass: boolean;
  message: () => string;
}

/** One call of the matcher, and whether what it gave was awaited. */
export interface Call {
  readonly done: Promise<MatcherResult>;
  /** Where it was called. */
  readonly trace: Error;
  readonly isNot: boolean;
  awaited: boolean;
}

/** A golden that was not there. */
interface Absence {
  readonly outcome: 'written' | 'missing';
  readonly wayOut: string | undefined;
  readonly trace: Error;
}

/** A number of a test's own. */
export interface Numbered {
  readonly name: string;
  readonly turn: number;
}

/** One try of one test: what it has asked for. */
export interface Attempt {
  readonly task: Task;
  readonly run: FileRun;
  readonly state: MatcherState;
  readonly key: string;
  ended: boolean;
  readonly calls: Set<Call>;
  /** Of concurrent tests: what `expect` made for it. */
  readonly assertions: Set<object>;
  /** How the last comparison with each golden ended. */
  readonly outcomes: Map<string, SnapshotOutcome>;
  readonly absences: Map<string, Absence>;
  /** Under `expect.poll`, the picture of the try before. */
  readonly seen: Map<string, ExactFile>;
  /** Goldens whose difference reporters were given. */
  readonly reported: Set<string>;
  /** Goldens without a name: how many; which are still compared; whose of `expect.poll`; whether one failed and the test went on. */
  count: number;
  readonly open: Set<Numbered>;
  readonly polled: WeakMap<object, Numbered>;
  caught: boolean;
}

const attempts = new WeakMap<Task, Attempt>();

/**
 * The try of a test that a call belongs to. At its end the test fails where a golden was missing or a call was not awaited.
 *
 * @throws ExpectationError outside of tests, and where it cannot be told which test it is
 */
export function attemptOf(state: MatcherState): Attempt {
  const { task } = state;
  if (!task) {
    throw new ExpectationError(`Expected toMatchImageSnapshot within a test but was called outside; ${OWN_EXPECT}`);
  }
  const { retryCount = 0, repeatCount = 0 } = task.result ?? {};
  const key = `${retryCount}/${repeatCount}`;
  const known = attempts.get(task);
  if (known?.key === key) {
    if (known.ended) {
      throw new ExpectationError('Expected toMatchImageSnapshot before the end of the test but was called after it');
    }
    expectOwn(known, state);
    return known;
  }
  const attempt = openAttempt(state, task, key);
  expectOwn(attempt, state);
  task.context.onTestFinished(() => endAttempt(attempt));
  attempts.set(task, attempt);
  awaitEndOf(attempt);
  return attempt;
}

/** Takes down a call, whose end the end of the try waits for; false where it belongs to none. */
export function noteCall({ task }: MatcherState, call: Call): boolean {
  const attempt = task && attempts.get(task);
  if (!attempt || attempt.ended) return false;
  attempt.calls.add(call);
  return true;
}

const OWN_EXPECT = "in concurrent tests, take the test's own expect: test('…', async ({ expect }) => …)";

/** In concurrent tests, the global `expect` takes whichever test started last for its own: that test's `expect` has not been called. */
function expectOwn({ task, assertions }: Attempt, { assertion, poll }: MatcherState): void {
  const one = assertion ?? {};
  if (!task.concurrent || assertions.has(one)) return;
  // To look at a test's own expect makes it.
  const has = Reflect.get(task.context, '_local') !== false;
  if (has && assertions.size < task.context.expect.getState().assertionCalls) {
    // Before 4.1.4, vitest does not tell the tries of a poll apart.
    if (assertion !== undefined || !poll) assertions.add(one);
    return;
  }
  throw new ExpectationError(
    `Expected the test's own expect for toMatchImageSnapshot in a concurrent test but received the global one, which does not tell whose it is; ${OWN_EXPECT}`,
  );
}

function openAttempt(state: MatcherState, task: Task, key: string): Attempt {
  return {
    task,
    run: fileRunOf(task.file),
    state,
    key,
    ended: false,
    calls: new Set(),
    assertions: new Set(),
    outcomes: new Map(),
    absences: new Map(),
    seen: new Map(),
    reported: new Set(),
    count: 0,
    open: new Set(),
    polled: new WeakMap(),
    caught: false,
  };
}

/** Where test files share what they import (`isolate: false`), a hook at the top of this package runs for the first of them alone. */
function awaitEndOf({ run, task }: Attempt): void {
  if (run.awaitsEnd) return;
  run.awaitsEnd = true;
  TestRunner.getSuiteHooks(task.file).afterAll.push(() => endFile(task.file));
}

async function endAttempt(attempt: Attempt): Promise<void> {
  attempt.ended = true;
  const { task, run, calls, absences } = attempt;
  await Promise.allSettled(Array.from(calls, ({ done }) => done));
  countOutcomes(attempt);
  const faults = [...(await forgotten(calls)), ...absent(absences)];
  if (faults.length === 0) return;
  if (task.fails) {
    // It is expected to fail, and passes where it does: this fault is none that it waits for.
    for (const { message } of faults) tell(...`${task.fullTestName}: ${message}`.split('\n'));
    return;
  }
  run.faults.set(task, (run.faults.get(task) ?? 0) + faults.length);
  throw faults.length === 1 ? faults[0] : new AggregateError(faults);
}

const COUNTERS = {
  matched: 'matched',
  differs: 'unmatched',
  missing: 'unmatched',
  written: 'added',
  accepted: 'updated',
} as const;

/** Adds to vitest's own counts of snapshots, which reporters sum up. */
function countOutcomes({ outcomes, state: { snapshotState }, task }: Attempt): void {
  for (const outcome of outcomes.values()) snapshotState[COUNTERS[outcome]].increment(task.id);
}

/** A fault for each call that was not awaited: it may have ended after the test. */
async function forgotten(calls: ReadonlySet<Call>): Promise<Error[]> {
  const faults: Error[] = [];
  for (const { awaited, done, isNot, trace } of calls) {
    if (awaited) continue;
    const failure = await done.then(
      ({ pass, message }) => (pass === isNot ? `; ${message()}` : ''),
      (error: unknown) => `; ${error instanceof Error ? error.message : String(error)}`,
    );
    faults.push(traced(`Expected expect(…).toMatchImageSnapshot(…) to be awaited but it was not${failure}`, trace));
  }
  return faults;
}

/** One fault for all goldens that were written, and one for those that were not. */
function absent(absences: ReadonlyMap<string, Absence>): Error[] {
  return (['written', 'missing'] as const).flatMap((outcome) => {
    const found = Array.from(absences).filter(([, absence]) => absence.outcome === outcome);
    if (found.length === 0) return [];
    const [[, { wayOut, trace }]] = found;
    const goldens = found.map(([golden]) => golden);
    return [traced(describeAbsent(outcome, goldens, wayOut === undefined ? {} : { wayOut }), trace)];
  });
}

/** The error itself, which shows where the matcher was called, too. */
export function withTrace<T>(error: T, { stack = '' }: Error): T {
  const frames = stack.slice(stack.indexOf(FRAME));
  if (error instanceof Error && frames.startsWith(FRAME) && !error.stack?.endsWith(frames)) error.stack += frames;
  return error;
}

const FRAME = '\n    at ';

/** An error that shows where the matcher was called, and nothing else. */
function traced(message: string, trace: Error): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return withTrace(error, trace);
}
