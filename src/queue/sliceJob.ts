import { createHash } from 'node:crypto';
import { sep } from 'node:path';
import { isCount, isHash, isNameOfRun } from '../batch/state/queuedRuns.ts';
import { ExpectationError, shorten } from '../planes/expected.ts';
import type { Range } from './cut.ts';

/** What waits in a queue: a range of a plan's slices. Paths, numbers and hashes; never code, never pixels. */
export interface SliceJob {
  readonly corr2d: 1;
  readonly kind: 'slices';
  readonly version: string;
  /** The run's name, and where its plan lies: its output folder, below the root of whoever reads this. */
  readonly run: string;
  readonly folder: string;
  /** Of the run's file, which names the hashes of everything else. */
  readonly sha256: string;
  /** Of the settings; see `QueuedRun`. */
  readonly settings: string;
  readonly slices: Range;
  /** Some pictures of one slice, counted from its first: what is left of a slice whose workers ended. */
  readonly pictures?: Range;
  /** Whether its worker does nothing beside it, so that its end tells of this alone. */
  readonly alone?: true;
  /** Who was at it before, and from which byte of their journals on they wrote of it. */
  readonly tried?: readonly Tried[];
}

export interface Tried {
  readonly worker: string;
  readonly at: number;
}

/** No job is longer as JSON, in UTF-16 units: a path may have 4096 bytes. */
const LONGEST = 2 ** 14;

/** More have not tried a slice: it is parted before. */
const MOST_TRIED = 16;

const FIELDS: ReadonlySet<string> = new Set([
  'corr2d',
  'kind',
  'version',
  'run',
  'folder',
  'sha256',
  'settings',
  'slices',
  'pictures',
  'alone',
  'tried',
]);

/**
 * Takes what came from a queue for a job, if it is one.
 *
 * @throws ExpectationError that says what it is not
 */
export function checkSliceJob(value: unknown): SliceJob {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusal('an object', value);
  const job = value as Partial<SliceJob>;
  if (lengthOf(value) > LONGEST)
    throw new ExpectationError(`Expected a job of at most ${LONGEST} characters but received a longer one`);
  const strange = Object.keys(job).find((key) => !FIELDS.has(key));
  if (strange !== undefined) throw refusal(`no field beside ${[...FIELDS].join(', ')}`, strange);
  if (job.corr2d !== 1 || job.kind !== 'slices') throw refusal('a job of corr2d of schema 1', job.kind ?? job.corr2d);
  if (typeof job.version !== 'string' || !/^[\w.+-]{1,64}$/.test(job.version)) throw refusal('a version', job.version);
  if (!isNameOfRun(job.run)) throw refusal("a run's name", job.run);
  expectRelative(job.folder, 'folder');
  if (!isHash(job.sha256)) throw refusal('a SHA-256 for sha256', job.sha256);
  if (!isHash(job.settings)) throw refusal('a SHA-256 for settings', job.settings);
  if (!isRange(job.slices)) throw refusal('a range for slices', job.slices);
  if (job.pictures !== undefined && (!isRange(job.pictures) || job.slices[1] - job.slices[0] !== 1)) {
    throw refusal('a range of one slice for pictures', job.pictures);
  }
  if (job.alone !== undefined && job.alone !== true) throw refusal('true for alone', job.alone);
  if (
    job.tried !== undefined &&
    !(Array.isArray(job.tried) && job.tried.length <= MOST_TRIED && job.tried.every(isTried))
  ) {
    throw refusal('who tried it for tried', job.tried);
  }
  return job as SliceJob;
}

/**
 * Takes a text for a path below a folder that is not known here.
 *
 * @throws ExpectationError where it is none, is absolute or would leave the folder
 */
export function expectRelative(path: unknown, what: string): asserts path is string {
  const isText = typeof path === 'string' && path !== '' && path.length <= 4096;
  if (!isText) throw refusal(`a path below the root for ${what}`, path);
  const isForeign = sep === '\\' && (path.includes(sep) || /^[a-z]:/i.test(path));
  const isPlainPath = !path.includes('\0') && !path.startsWith('/') && !isForeign;
  const parts = path.split('/');
  const isWithin = path === '.' || parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isPlainPath || !isWithin) throw refusal(`a path below the root for ${what}`, path);
}

/** What a job is called: alike for the same work, however often it is added. */
export function nameOfJob(
  { sha256, slices, pictures }: Pick<SliceJob, 'sha256' | 'slices' | 'pictures'>,
  alone?: boolean,
): string {
  const text = JSON.stringify([sha256, slices, pictures ?? null, alone === true]);
  return `s${createHash('sha256').update(text).digest('hex')}`;
}

function isRange(value: unknown): value is Range {
  return Array.isArray(value) && value.length === 2 && value.every(isCount) && value[0] < value[1];
}

function isTried(value: unknown): value is Tried {
  const { worker, at } = (value ?? {}) as Partial<Tried>;
  return isNameOfRun(worker) && isCount(at);
}

function lengthOf(value: object): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function refusal(what: string, received: unknown): ExpectationError {
  const shown = typeof received === 'string' ? received : (JSON.stringify(received) ?? String(received));
  return new ExpectationError(`Expected ${what} in a job but received ${shorten(shown)}`);
}
