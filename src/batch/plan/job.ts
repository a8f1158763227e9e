import { type RealFolder } from '../../disk/realPaths.ts';
import { type Input } from '../inputs/input.ts';
import { type OutputState } from '../state/outputState.ts';
import type { Naming } from './outputNames.ts';

/** One input and where its output goes. */
export interface Job {
  readonly input: Input;
  /** As to write it; `-` is standard output. */
  readonly output: string;
  /** What stands there from an earlier run: out of date, or altered since. */
  readonly replaces?: Replaced;
}

export type Replaced = Extract<OutputState, 'outdated' | 'altered'>;

/** An input that is not worked on, because its output `exists` and was to be left, or is `done` already. */
export interface Skipped extends Job {
  readonly reason: 'exists' | 'done';
}

export interface PlanOptions {
  /** How outputs are named. */
  readonly naming: Naming;
  /** Of pictures that go to a folder, without the dot. */
  readonly extension: string;
  readonly overwrite?: boolean;
  readonly skipExisting?: boolean;
  /** Whether an input is this run's; the others' outputs are named, and may exist. All by default. */
  readonly isOurs?: (input: Input) => boolean;
  /** To go on where an earlier run ended: what is known of an output that exists. */
  readonly outputState?: (job: Job) => Promise<OutputState>;
  /** Whether there is something to go on with, for messages. */
  readonly resumable?: boolean;
}

/** A job with the real path its output would have. */
export interface Placed {
  readonly job: Job;
  readonly folder: RealFolder;
  readonly path: string;
}

/** Why an output cannot be written, and what would allow it. */
export interface Problem {
  readonly kind: 'name' | 'folder' | 'collision' | 'input' | 'taken' | 'exists';
  readonly text: string;
}
