import { ExpectationError } from '../planes/expected.ts';
import type { SnapshotOutcome } from '../verify/imageSnapshot.ts';
import { foldedName, type GoldenFolder } from './goldenPlace.ts';
import type { Task, TestFile } from './matcherState.ts';

/** How a golden came to be as it is, and for which test. */
interface Settled {
  readonly how: 'written' | 'accepted' | 'matched';
  readonly outcome: SnapshotOutcome;
  readonly task: Task;
}

/** What is known of goldens in one run of one test file. */
export interface FileRun {
  /** Goldens that this run made or found to be right, by their paths without an extension: from then on they are as they are. */
  readonly settled: Map<string, Settled>;
  /** Paths of goldens that this run made under --update. */
  readonly accepted: Set<string>;
  /** Names of goldens that were asked for, by the folders that this file has to itself. */
  readonly used: Map<string, Set<string>>;
  /** How often the matcher itself made a test fail at its end. */
  readonly faults: Map<Task, number>;
  /** The paths of goldens as they were first spelt, by what systems that do not tell case apart make of them. */
  readonly spellings: Map<string, string>;
  /** Which test each name without its number belongs to. */
  readonly owners: Map<string, Task>;
  /** The last comparison with each golden. */
  readonly queues: Map<string, Promise<unknown>>;
  /** Whether its end is waited for, and has come. */
  awaitsEnd: boolean;
  ended: boolean;
}

const runs = new WeakMap<TestFile, FileRun>();

export function fileRunOf(file: TestFile): FileRun {
  const known = runs.get(file);
  if (known) return known;
  const run: FileRun = {
    settled: new Map(),
    accepted: new Set(),
    used: new Map(),
    faults: new Map(),
    spellings: new Map(),
    owners: new Map(),
    queues: new Map(),
    awaitsEnd: false,
    ended: false,
  };
  runs.set(file, run);
  return run;
}

/** Takes down that a golden is used. Two names that differ by case alone would be one file on some systems. */
export function noteUse({ used, spellings }: FileRun, { path, isOwn }: GoldenFolder, name: string): void {
  const key = foldedName(`${path}/${name}`);
  const spelt = spellings.get(key) ?? name;
  if (spelt !== name) {
    throw new ExpectationError(
      `Expected names of goldens that differ by more than case and accents' spelling but received ${spelt} and ${name}`,
    );
  }
  spellings.set(key, name);
  if (isOwn) used.set(path, (used.get(path) ?? new Set()).add(name));
}

/** Compares with one golden at a time: two comparisons beside each other would both write it. */
export function inTurn<T>({ queues }: FileRun, golden: string, work: () => Promise<T>): Promise<T> {
  const turn = (queues.get(golden) ?? Promise.resolve()).then(work);
  queues.set(
    golden,
    turn.catch(() => {}),
  );
  return turn;
}
