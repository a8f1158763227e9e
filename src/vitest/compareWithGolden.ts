import { basename, join } from 'node:path';
import type { MatcherState } from 'vitest';
import { fromSharp } from '../files/sharp.ts';
import { ExpectationError, expected } from '../planes/expected.ts';
import { compareImages } from '../verify/compareImages.ts';
import type { ExactFile } from '../verify/exactFile.ts';
import {
  goldenOf,
  judgeSnapshot,
  matchesGolden,
  openSnapshot,
  type SnapshotPlace,
  type SnapshotVerdict,
} from '../verify/imageSnapshot.ts';
import type { Attempt } from './attempt.ts';
import { updateOf } from './matcherState.ts';
import type { CallOptions, SnapshotSource } from './options.ts';
import { settle, unsettled } from './settle.ts';

interface Comparison {
  readonly attempt: Attempt;
  readonly state: MatcherState;
  readonly received: SnapshotSource;
  readonly call: CallOptions;
  readonly place: Pick<SnapshotPlace, 'folder' | 'name' | 'isNot'>;
  readonly trace: Error;
}

/** Compares what was received with its golden, and takes down what is to be told at the test's end. */
export async function compareWithGolden(comparison: Comparison): Promise<SnapshotVerdict> {
  const { attempt, state, received, call } = comparison;
  const key = join(comparison.place.folder, comparison.place.name);
  const { run, task } = attempt;
  const before = run.settled.get(key);
  const place = { ...comparison.place, ...(before ? SETTLED[before.how] : updateOf(state)) };
  const take = (): Promise<ExactFile> => takePicture(received, call);
  const file = typeof received === 'function' ? await settle(take, place, call.comparison, call) : await take();
  if (state.poll && !place.isNot) await expectSteady(attempt, key, file, place, call);
  const verdict = await judgeSnapshot(file, place, call.comparison);
  if (place.isNot) return verdict;
  const isAgain = before !== undefined && verdict.outcome === 'matched';
  const outcome = isAgain && before.how === 'written' ? 'written' : verdict.outcome;
  const isAccepted = outcome === 'accepted' || (outcome === 'written' && place.update === 'all');
  if (isAccepted) run.accepted.add(verdict.golden);
  if (!before && outcome !== 'differs' && outcome !== 'missing') {
    run.settled.set(key, { how: isAccepted ? 'accepted' : outcome, outcome, task });
  }
  // Vitest counts the last try of a test: what one before it made counts as made.
  attempt.outcomes.set(key, isAgain && before.task === task ? before.outcome : verdict.outcome);
  if (outcome === 'missing' || (outcome === 'written' && !isAccepted)) {
    // The test goes on, so that one run tells all that is missing, and fails at its end.
    attempt.absences.set(verdict.golden, { outcome, wayOut: place.wayOut, trace: comparison.trace });
    return { ...verdict, pass: true };
  }
  if (!verdict.pass && !state.poll) await report(attempt, verdict);
  return verdict;
}

/** A second picture is not accepted in the place of the first. */
const SETTLED: Readonly<
  Record<'written' | 'accepted' | 'matched', Pick<SnapshotPlace, 'update' | 'wayOut' | 'advice'>>
> = {
  written: { update: 'none', advice: 'This run wrote the golden, of another picture: a golden is one picture.' },
  accepted: { update: 'none', advice: 'This run accepted another picture as the golden: a golden is one picture.' },
  matched: { update: 'none', advice: 'Another picture of this run matches the golden: a golden is one picture.' },
};

async function takePicture(received: SnapshotSource, { comparison }: CallOptions): Promise<ExactFile> {
  const picture: unknown = typeof received === 'function' ? await received() : received;
  if (typeof picture === 'object' && picture !== null && 'then' in picture) {
    throw expected('a picture', 'toMatchImageSnapshot', 'a promise, which is to be awaited first');
  }
  return openSnapshot(isPipeline(picture) ? await fromSharp(picture) : (picture as never), comparison);
}

function isPipeline(picture: unknown): picture is Parameters<typeof fromSharp>[0] {
  return (
    typeof picture === 'object' &&
    picture !== null &&
    'toBuffer' in picture &&
    'metadata' in picture &&
    'clone' in picture
  );
}

/** Under `expect.poll` the first picture is seldom the one that is waited for: only what two tries in a row show is made a golden. */
async function expectSteady(
  { seen }: Attempt,
  key: string,
  file: ExactFile,
  place: SnapshotPlace,
  { comparison }: CallOptions,
): Promise<void> {
  const golden = await goldenOf(place);
  const writes = golden === undefined ? place.update !== 'none' : place.update === 'all';
  if (!writes || (await matchesGolden(file, place, comparison))) return;
  const before = seen.get(key);
  seen.set(key, file);
  if (!before) throw new ExpectationError('Expected two pictures in a row to be the same but received one so far');
  const { match, message } = await compareImages(file.picture, before.picture, comparison);
  if (!match) throw unsettled('from expect.poll', message);
}

/** Gives reporters that show pictures the golden, the picture and the difference; once for each golden. */
async function report({ task, reported }: Attempt, { golden, composite }: SnapshotVerdict): Promise<void> {
  if (composite === undefined || reported.has(golden)) return;
  reported.add(golden);
  try {
    const attachment = { path: composite, contentType: 'image/png' };
    // The message becomes a part of a file's name.
    const message = `golden, picture and difference of ${Array.from(basename(golden)).slice(0, 40).join('')}`;
    await task.context.annotate(message, 'golden', attachment);
  } catch {
    // After the body of the test, as in afterEach, vitest takes none.
  }
}
