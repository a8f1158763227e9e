import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Job } from '../../batch/plan/job.ts';
import { takeLock } from '../../batch/state/lock.ts';
import { marksOfWorkers, QUEUED, removeQueuedRun, stopQueuedRun } from '../../batch/state/queuedRuns.ts';
import { makeStateFolder, removeEmpty, STATE_FOLDER } from '../../batch/state/stateFolder.ts';
import { takeOver } from '../../batch/state/takeOver.ts';
import { realFolders } from '../../disk/realPaths.ts';
import { removeLeftovers } from '../../disk/temporaries.ts';
import { makeFolder } from '../../disk/writeFileSafely.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { showQueue } from '../../queue/address.ts';
import { openQueue, type OpenQueue, QueueGone } from '../../queue/connect.ts';
import { type PictureToPlan, writePlan } from '../../queue/planFile.ts';
import type { EvidenceNames } from '../../verify/evidenceFiles.ts';
import type { Pair } from '../../verify/judgePair.ts';
import { pairsAtOnce } from '../../verify/pairsAtOnce.ts';
import type { PairsElsewhere } from '../../verify/verifyFolder.ts';
import { MEMORY } from '../shared/machineDefaults.ts';
import { type ComparisonArguments, decidesVerdict } from '../verify/comparisonOptions.ts';
import { followWorkers } from './followWorkers.ts';
import { inOwnNames } from './inOwnNames.ts';
import { placeBelow, rootOf } from './places.ts';
import { queueArgument } from './queueOption.ts';
import { endRun, queueRun } from './queueRun.ts';
import { copyReads } from './readFiles.ts';
import { unpackItem } from './verdictLine.ts';
import { settingsOf, wordsOf } from './words.ts';

interface QueuedVerify extends ComparisonArguments {
  readonly actual: string;
  readonly golden: string;
  readonly queue: string | undefined;
  readonly root: string | undefined;
  readonly update: boolean;
  readonly jobs: number;
  readonly memory: number;
}

/** Refuses what does not go with `--queue`, and what goes with it alone. */
export function expectQueueForPairs({ queue, root, update, jobs, memory }: QueuedVerify): void {
  if (queue === undefined) {
    if (root === undefined) return;
    throw new ExpectationError('Expected --queue with --root but received --root alone');
  }
  queueArgument(queue);
  if (update) {
    throw new ExpectationError(
      'Expected no --update with --queue, whose workers compare pictures and accept none; --update without --queue accepts them',
    );
  }
  if (jobs !== pairsAtOnce() || memory !== MEMORY.default) {
    throw new ExpectationError(
      'Expected --jobs and --memory at corr2d worker, which compares the pictures, but received them with --queue',
    );
  }
}

interface Opening {
  /** The folder for pictures of what changed. */
  readonly output: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Opens a queue and sees that workers will find the pictures; nothing is written yet.
 *
 * @throws ExpectationError where folders lie outside the root, PlanError where the queue does not answer
 */
export async function openPairsOverQueue(
  args: QueuedVerify,
  { output, signal, say }: Opening,
): Promise<PairsElsewhere & { close(): Promise<void> }> {
  const address = queueArgument(args.queue ?? 'auto');
  const root = await rootOf(args.root ?? '.');
  for (const given of [args.actual, args.golden]) {
    // Whoever lists it says what is wrong with it.
    const real = await realpath(given).catch(() => undefined);
    if (real !== undefined) placeBelow(root, real, 'pictures and goldens');
  }
  const base = (await realFolders()(output)).path;
  const folder = placeBelow(root, base, 'an output folder');
  const open = await openQueue(address, (line) => say(`corr2d: ${line}`));
  const queued: Queued = { args, open, root, base, folder, output, shown: showQueue(address), signal };
  return {
    compare: (pairs, names, tell) => comparePairs(queued, pairs, names, tell),
    close: () => open.close(),
  };
}

/** A queue, and where pictures of what changed go. */
interface Queued {
  readonly args: QueuedVerify;
  readonly open: OpenQueue;
  readonly root: string;
  /** The real path of the output folder. */
  readonly base: string;
  /** The same, as workers name it. */
  readonly folder: string;
  /** The same, as it was given. */
  readonly output: string;
  /** The queue without a password. */
  readonly shown: string;
  readonly signal: AbortSignal;
}

type Compare = PairsElsewhere['compare'];

async function comparePairs(queued: Queued, ...[pairs, names, tell]: Parameters<Compare>): ReturnType<Compare> {
  const { base } = queued;
  const state = join(base, STATE_FOLDER);
  const made = await makeStateFolder(state);
  const folders = [...new Set([...names.values()].map(({ diff }) => dirname(join(base, diff))))];
  const lock = await takeLock(state, { shard: undefined, folders });
  // Also where the second Ctrl-C ends the process at once.
  const leave = (): void => lock.release();
  process.once('exit', leave);
  try {
    await takeOver(base, { shard: undefined, resume: false });
    return await compareLocked(queued, folders, pairs, names, tell);
  } finally {
    process.off('exit', leave);
    lock.release();
    if (made !== undefined) await removeEmpty(state, made);
  }
}

async function compareLocked(
  queued: Queued,
  folders: readonly string[],
  ...[pairs, names, tell]: Parameters<Compare>
): ReturnType<Compare> {
  const { open, base, folder, signal } = queued;
  const run = randomBytes(6).toString('hex');
  const runFolder = join(base, STATE_FOLDER, QUEUED, run);
  await makeFolder(runFolder);
  try {
    const planned = pairs.map((pair) => plannedPair(queued, pair, namesOf(names, pair)));
    await queuePairs(queued, run, runFolder, planned);
    const { jobs, onDone, onFailure } = followedPairs(queued, pairs, names, planned, tell);
    const jobAt = (at: number): Job => jobs[at];
    const pictures = pairs.length;
    return await followWorkers({
      open,
      run,
      runFolder,
      folder,
      pictures,
      jobAt,
      failFast: false,
      signal,
      onDone,
      onFailure,
    });
  } catch (error) {
    if (!(error instanceof QueueGone)) throw error;
    return { interrupted: true };
  } finally {
    await stopQueuedRun(runFolder);
    const marks = await marksOfWorkers(runFolder);
    for (const one of folders) if (marks.length > 0) await removeLeftovers(one, ...marks);
    await removeQueuedRun(runFolder);
    await endRun(open, run, signal);
  }
}

interface PlannedPair extends PictureToPlan {
  readonly golden: string;
}

function plannedPair({ root }: Queued, { path, actual, golden, known }: Pair, { diff }: EvidenceNames): PlannedPair {
  return {
    path: actual,
    input: placeBelow(root, actual, 'pictures'),
    rel: path,
    output: diff,
    golden: placeBelow(root, golden, 'goldens'),
    ...(known === undefined ? {} : { known }),
  };
}

async function queuePairs(
  { args, open, folder, shown, signal }: Queued,
  run: string,
  runFolder: string,
  planned: readonly PlannedPair[],
): Promise<void> {
  const place = [folder, STATE_FOLDER, QUEUED, run].filter((part) => part !== '.').join('/');
  const mask = args['ignore-mask'];
  const words = wordsOf(args, decidesVerdict, await copyReads(mask === undefined ? [] : [mask], runFolder, place));
  const slices = await writePlan(runFolder, planned);
  const command = 'verify';
  const what = { runFolder, run, folder, command, words, configuration: settingsOf(command, words) };
  await queueRun(open, { ...what, pictures: planned.length, slices, detached: false, queue: shown }, signal);
}

/** The pairs as jobs, and what is told of them once workers have. */
function followedPairs(
  { args, output, folder }: Queued,
  pairs: readonly Pair[],
  names: ReadonlyMap<string, EvidenceNames>,
  planned: readonly PlannedPair[],
  tell: Parameters<Compare>[2],
): { readonly jobs: readonly Job[] } & Pick<Parameters<typeof followWorkers>[0], 'onDone' | 'onFailure'> {
  const jobs = pairs.map((pair): Job => ({
    input: { path: pair.actual, rel: pair.path, root: args.actual },
    output: join(output, namesOf(names, pair).diff),
  }));
  const places = new Map(jobs.map((job, i) => [job, i]));
  const unreadable = (at: number, message: string): void =>
    tell({ path: pairs[at].path, verdict: 'unreadable', failed: true, message }, []);
  return {
    jobs,
    onDone(job, line) {
      const at = places.get(job) ?? 0;
      const { path, actual, golden } = pairs[at];
      const { input, golden: theirGolden } = planned[at];
      const own = mapNames(namesOf(names, pairs[at]), (name) => join(output, name));
      const theirs = mapNames(namesOf(names, pairs[at]), (name) => join(folder, name));
      const rename = inOwnNames([
        [input, actual],
        [theirGolden, golden],
        ...(['actual', 'expected', 'diff'] as const).map((kind) => [theirs[kind], own[kind]] as const),
      ]);
      const found = unpackItem(line, path, own, rename);
      if (found === undefined) unreadable(at, 'Expected a verdict of a worker but found another line');
      else tell(found.item, found.failures);
    },
    onFailure: (job, error) => unreadable(places.get(job) ?? 0, error.message),
  };
}

function namesOf(names: ReadonlyMap<string, EvidenceNames>, { path }: Pair): EvidenceNames {
  const found = names.get(path);
  if (found === undefined) throw new Error('Expected names for pictures of every pair');
  return found;
}

function mapNames({ actual, expected, diff }: EvidenceNames, map: (name: string) => string): EvidenceNames {
  return { actual: map(actual), expected: map(expected), diff: map(diff) };
}
