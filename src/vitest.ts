import { join } from 'node:path';
import { afterAll, expect, type MatcherState } from 'vitest';
import { ExpectationError } from './planes/expected.ts';
import { comparatorOf } from './verify/options.ts';
import { attemptOf, type MatcherResult, noteCall } from './vitest/attempt.ts';
import { watchAwait } from './vitest/awaited.ts';
import { compareWithGolden } from './vitest/compareWithGolden.ts';
import { endFile } from './vitest/endFile.ts';
import { inTurn, noteUse } from './vitest/fileRun.ts';
import { goldenFolder, goldenName } from './vitest/goldenPlace.ts';
import { endNumbered, numberedName } from './vitest/numberedName.ts';
import {
  callOptions,
  type ImageSnapshotOptions,
  type ImageSnapshotSettings,
  type SnapshotSource,
} from './vitest/options.ts';

export type { ImageSnapshotOptions, ImageSnapshotSettings, SnapshotPicture, SnapshotSource } from './vitest/options.ts';

declare global {
  // Vitest 4 and 5 declare their own interfaces of matchers with different parameters; both take over what this one has.
  namespace Chai {
    interface Assertion {
      /**
       * Compares a picture with its golden, `__goldens__/<test file>/<name>.png`; see {@link toMatchImageSnapshot}. To be awaited.
       */
      toMatchImageSnapshot(options?: ImageSnapshotOptions): Promise<void>;
    }
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Settings of `toMatchImageSnapshot` for all tests of a project. */
    corr2d?: ImageSnapshotSettings;
  }
}

/**
 * The matcher `expect(picture).toMatchImageSnapshot(options)`: compares as `compareImages` does. Importing this module adds it to
 * vitest's `expect`.
 *
 * A golden that is missing is written, the test goes on, and fails at its end, so that somebody looks at it; in CI nothing is
 * written. `vitest --update` accepts what differs, and removes goldens that no test asks for. Goldens are PNG, or `.npy` where a PNG
 * would not hold the samples exactly. Of a failure, the picture and the difference are written to `__diff__` beside the goldens.
 *
 * @throws ExpectationError for options that do not fit, outside of tests, and where it cannot be told which golden is meant;
 *   FileError where a picture cannot be read or a golden not be written
 */
export async function toMatchImageSnapshot(
  this: MatcherState,
  received: SnapshotSource,
  options: ImageSnapshotOptions = {},
): Promise<MatcherResult> {
  const trace = traceAbove(toMatchImageSnapshot);
  const done = match(this, received, options, trace);
  noteCall(this, { done, trace, isNot: this.isNot === true, awaited: true });
  return done;
}

/** The same where it is called by tests: it is seen whether they await it. */
function awaitedMatcher(
  this: MatcherState,
  received: SnapshotSource,
  options: ImageSnapshotOptions = {},
): PromiseLike<MatcherResult> {
  const trace = traceAbove(awaitedMatcher);
  const done = match(this, received, options, trace);
  const call = { done, trace, isNot: this.isNot === true, awaited: false };
  return noteCall(this, call) ? watchAwait(call, done, this) : done;
}

expect.extend({ toMatchImageSnapshot: awaitedMatcher as typeof toMatchImageSnapshot });

// Vitest reads the first parameter's text: it has to be a pattern of fixtures.
// oxlint-disable-next-line no-empty-pattern
afterAll(({}, suite) => endFile(suite.file));

/** What does not wait for pictures is done at once: in the order of the calls. */
async function match(
  state: MatcherState,
  received: SnapshotSource,
  options: ImageSnapshotOptions,
  trace: Error,
): Promise<MatcherResult> {
  const { testPath } = state;
  if (testPath === undefined) {
    throw new ExpectationError('Expected toMatchImageSnapshot within a test file but was called outside');
  }
  const attempt = attemptOf(state);
  const call = callOptions(options, received);
  comparatorOf(call.comparison);
  const asker = { testPath, project: attempt.task.file.projectName ?? '' };
  const folder = goldenFolder(call.directory, asker);
  const numbered = call.name === undefined ? numberedName(attempt, state) : undefined;
  const name = numbered?.name ?? goldenName(call.name, asker);
  let failed = true;
  try {
    noteUse(attempt.run, folder, name);
    const place = { folder: folder.path, name, isNot: state.isNot === true };
    const compare = () => compareWithGolden({ attempt, state, received, call, place, trace });
    const { pass, message } = await inTurn(attempt.run, join(folder.path, name), compare);
    failed = pass === place.isNot;
    return { pass, message: () => message };
  } finally {
    if (numbered) endNumbered(attempt, numbered, state, failed);
  }
}

/** Where a function was called. */
function traceAbove(called: (...parameters: never[]) => unknown): Error {
  const trace = new Error();
  Error.captureStackTrace(trace, called);
  return trace;
}
