import { createHash } from 'node:crypto';
import { expected, ExpectationError } from '../../planes/expected.ts';
import { didYouMean } from '../../planes/suggest.ts';

/** One part of all pictures: the `index`-th of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * Reads what `--shard` says: `2/8`, or `auto` for what the environment says of an array of jobs.
 *
 * @throws ExpectationError where it is neither, or the environment says nothing, or something that is no such part.
 */
export function readShard(text: string, env: Readonly<Record<string, string | undefined>>): Shard {
  if (text === 'auto') return shardOfEnvironment(env);
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text.trim()) ?? []).map(Number);
  if (!(index >= 1 && index <= count)) {
    const { message } = expected('i/n with i from 1 to n (such as 2/8), or auto,', '--shard', text);
    throw new ExpectationError(`${message}${didYouMean(text, ['auto'])}`);
  }
  return { index, count };
}

export function showShard({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/**
 * Whether a picture belongs to a shard, by SHA-256 of its path below its root alone: so the shards of all machines agree, and
 * do not shift when files are added. Unicode's normal form is taken first, for macOS may list the same folder in another one.
 */
export function isInShard(rel: string, { index, count }: Shard): boolean {
  const hash = createHash('sha256').update(rel.normalize('NFC')).digest();
  return hash.readUIntBE(0, 6) % count === index - 1;
}

interface ArrayJobs {
  readonly name: string;
  readonly index: string;
  readonly count: string;
  /** What the first job's index is: a number, or the variable that says it. */
  readonly first: number | string;
  /** The variable that says how far the indices of two jobs lie apart. */
  readonly step?: string;
  /** Whether `count` is the last index instead. */
  readonly isLast?: boolean;
}

/** What schedulers, clouds and services for continuous integration call a job's place among its like; see their manuals. */
const ARRAY_JOBS: readonly ArrayJobs[] = [
  {
    name: 'Slurm',
    index: 'SLURM_ARRAY_TASK_ID',
    count: 'SLURM_ARRAY_TASK_COUNT',
    first: 'SLURM_ARRAY_TASK_MIN',
    step: 'SLURM_ARRAY_TASK_STEP',
  },
  {
    name: 'Grid Engine',
    index: 'SGE_TASK_ID',
    count: 'SGE_TASK_LAST',
    first: 'SGE_TASK_FIRST',
    step: 'SGE_TASK_STEPSIZE',
    isLast: true,
  },
  { name: 'AWS Batch', index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: 'AWS_BATCH_JOB_ARRAY_SIZE', first: 0 },
  { name: 'Google Cloud Batch', index: 'BATCH_TASK_INDEX', count: 'BATCH_TASK_COUNT', first: 0 },
  { name: 'Cloud Run', index: 'CLOUD_RUN_TASK_INDEX', count: 'CLOUD_RUN_TASK_COUNT', first: 0 },
  { name: 'GitLab', index: 'CI_NODE_INDEX', count: 'CI_NODE_TOTAL', first: 1 },
  { name: 'CircleCI', index: 'CIRCLE_NODE_INDEX', count: 'CIRCLE_NODE_TOTAL', first: 0 },
  { name: 'Buildkite', index: 'BUILDKITE_PARALLEL_JOB', count: 'BUILDKITE_PARALLEL_JOB_COUNT', first: 0 },
];

function shardOfEnvironment(env: Readonly<Record<string, string | undefined>>): Shard {
  const jobs = ARRAY_JOBS.find(({ index }) => isNumber(env[index]));
  if (jobs === undefined) {
    const names = ARRAY_JOBS.map(({ index }) => index).join(', ');
    throw expected(`one of ${names} in the environment`, '--shard auto', 'none of them');
  }
  const first = typeof jobs.first === 'number' ? jobs.first : Number(env[jobs.first] ?? 1);
  const step = Number((jobs.step && env[jobs.step]) ?? 1);
  const index = (Number(env[jobs.index]) - first) / step + 1;
  const last = Number(env[jobs.count]);
  const count = jobs.isLast ? Math.floor((last - first) / step) + 1 : last;
  if (!(Number.isInteger(index) && Number.isInteger(count) && index >= 1 && index <= count)) {
    const said = [jobs.index, jobs.count].map((name) => `${name}=${env[name] ?? ''}`).join(' ');
    throw expected(`the place of a job among those of its array, as ${jobs.name} states it,`, '--shard auto', said);
  }
  return { index, count };
}

/** Grid Engine says `undefined` outside arrays. */
function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/.test(text);
}
