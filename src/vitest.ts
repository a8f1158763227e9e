import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { expect, type MatcherState } from 'vitest';
import { fromSharp } from './files/sharp.ts';
import { ExpectationError, expected } from './planes/expected.ts';
import { imageSnapshot } from './verify/imageSnapshot.ts';
import { isSet } from './verify/isSet.ts';
import type { ImageSource } from './verify/openImage.ts';
import type { CompareOptions } from './verify/options.ts';

export interface ImageSnapshotOptions extends Omit<CompareOptions, 'diff'> {
  /** The golden's name, without an extension; where left out, the test's own and a number. Several tests may share one golden. */
  name?: string;
  /** The folder of goldens, from the test file's own; `__goldens__/<test file>` where left out. */
  directory?: string;
}

type SharpPipeline = Parameters<typeof fromSharp>[0];

/** What the matcher takes: planes, pictures, stored samples, sharp pipelines, a file's path or its bytes. */
export type SnapshotSource = ImageSource | SharpPipeline;

interface MatcherResult {
  pass: boolean;
  message: () => string;
}

declare module 'vitest' {
  // Vitest declares it with this parameter, which merging has to repeat.
  interface Matchers<T = any> {
    /**
     * Compares a picture with its golden, `__goldens__/<test file>/<name>.png`; see {@link toMatchImageSnapshot}. To be awaited.
     */
    toMatchImageSnapshot(options?: ImageSnapshotOptions): Promise<void>;
  }
}

/**
 * The matcher `expect(picture).toMatchImageSnapshot(options)`: compares as `compareImages` does. Importing this module adds it to
 * vitest's `expect`. A golden that is missing is written and the test fails, so that somebody looks at it; where the environment variable
 * `CI` is set it fails and nothing is written. `vitest --update` accepts what differs. Goldens are PNG, or `.npy` where a PNG would not
 * hold the samples exactly. Of a failure, the picture and the difference are written to `__diff__` beside the goldens.
 */
export async function toMatchImageSnapshot(
  this: MatcherState,
  received: SnapshotSource,
  options: ImageSnapshotOptions = {},
): Promise<MatcherResult> {
  const { name, directory, ...comparison } = options;
  const { testPath, isNot } = this;
  if (testPath === undefined)
    throw new ExpectationError('Expected toMatchImageSnapshot within a test file but was called outside');
  const folder = resolve(dirname(testPath), directory ?? join('__goldens__', basename(testPath)));
  const place = { folder, name: name === undefined ? ownName(this) : expectName(name), update: updateOf(this), isNot };
  const source = isPipeline(received) ? await fromSharp(received) : received;
  const { pass, message } = await imageSnapshot(source, place, comparison);
  return { pass, message: () => message };
}

expect.extend({ toMatchImageSnapshot });

/** Vitest's own answer (`none` in most CI systems, `all` under --update), but never a golden where CI is set. */
function updateOf({ snapshotState }: MatcherState): 'all' | 'new' | 'none' {
  return isSet(process.env.CI) ? 'none' : snapshotState.snapshotUpdateState;
}

function isPipeline(received: SnapshotSource): received is SharpPipeline {
  return (
    typeof received === 'object' &&
    received !== null &&
    'toBuffer' in received &&
    'metadata' in received &&
    'clone' in received
  );
}

function expectName(name: unknown): string {
  if (typeof name !== 'string' || !/^[^/\\\p{Cc}]+$/u.test(name) || name.startsWith('.')) {
    throw expected('a file name without folders, extension or leading dot', 'name', name);
  }
  return name;
}

type Task = NonNullable<MatcherState['task']>;

/** How often each test has asked for a golden, in its present attempt. */
const counts = new WeakMap<Task, { attempt: string; count: number }>();

/** Which test each name without its number belongs to, in one run of a test file. */
const owners = new WeakMap<Task['file'], Map<string, string>>();

function ownName({ task }: MatcherState): string {
  if (!task)
    throw new ExpectationError('Expected toMatchImageSnapshot within a test, or a name, but was called outside');
  const { retryCount = 0, repeatCount = 0 } = task.result ?? {};
  const attempt = `${retryCount}/${repeatCount}`;
  const known = counts.get(task);
  const count = known?.attempt === attempt ? known.count + 1 : 1;
  counts.set(task, { attempt, count });
  const stem = fileName(task.fullTestName);
  const names = owners.get(task.file) ?? new Map<string, string>();
  owners.set(task.file, names.set(stem, names.get(stem) ?? task.id));
  if (names.get(stem) !== task.id) {
    throw new ExpectationError(
      `Expected a name for the golden of ${task.fullTestName} but received none, and another test's is ${stem} too`,
    );
  }
  return `${stem}-${count}`;
}

/** Names of files take up to 255 bytes on most systems, endings and numbers included. */
const LONGEST = 180;

/** A test's name as a file's: letters, digits, dots and dashes. */
function fileName(text: string): string {
  const plain = text.replace(/[^\p{L}\p{N}._]+/gu, '-').replace(/^[-.]+|-+$/g, '') || 'test';
  if (Buffer.byteLength(plain) <= LONGEST) return plain;
  const start = Array.from(plain)
    .slice(0, LONGEST / 4 - 10)
    .join('');
  return `${start}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
