import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import { PictureError } from '../disk/fileError.ts';
import { hashBytes } from '../disk/hashBytes.ts';
import { readBytes } from '../disk/readBytes.ts';
import { showPath } from '../disk/showPath.ts';
import { describeLeftOut } from '../files/kindOfFile.ts';
import { LIMIT_BYTES, readLimits } from '../files/limits.ts';
import { version } from '../files/version.ts';
import { ExpectationError, expected, expectInteger } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { attempt } from './attempt.ts';
import { ciSystem } from './ci.ts';
import { comparePair, type PairOptions } from './comparePair.ts';
import { type Evidence, openEvidence } from './evidence.ts';
import { expectFolders } from './expectFolders.ts';
import { judgeFresh } from './judgeFresh.ts';
import { type Listing, listPictures } from './listPictures.ts';
import { comparatorNotes, factsOf, MANIFEST, type Manifest, ownFacts, readManifest } from './manifest.ts';
import { expectReadable } from './openFrames.ts';
import { openImage } from './openImage.ts';
import { COMPARE_OPTIONS, type CompareOptions, comparatorOf, describeComparator } from './options.ts';
import { updateGoldens } from './updateGoldens.ts';
import { type PartialReport, type Seen, type VerifiedItem, type VerifyReport } from './verifyReport.ts';

export interface VerifyOptions extends Omit<CompareOptions, 'diff'> {
  /** A picture without a golden is no failure; false where left out. */
  allowNew?: boolean;
  /** A golden without a picture is no failure; false where left out. */
  allowDeleted?: boolean;
  /** Only part of the pictures was made: goldens without one are passed over; false where left out. */
  selective?: boolean;
  /**
   * Make goldens of pictures that changed or are new, and give goldens of pictures that were renamed their new names; refused
   * in CI, which the variable `CI` and those of CI systems tell.
   */
  update?: boolean;
  /** With `update`: also remove goldens without a picture. */
  prune?: boolean;
  /** Paths below the folders, with `/`: these pictures alone are looked at, and updated; all where left out. */
  only?: readonly string[];
  /** A folder for `-actual`, `-expected` and `-diff` pictures of what changed; none are written where left out. */
  output?: string;
  /** Pairs in flight at once; a few for every processor where left out. */
  jobs?: number;
  /** Called for every picture as soon as its verdict is known. */
  onItem?: (item: VerifiedItem) => void;
  /** With `update`: called for every picture whose golden was brought in order, as soon as it is. */
  onUpdate?: (item: VerifiedItem) => void;
  /** Once aborted, no more pairs are begun and no more goldens touched, and the run fails with the signal's reason. */
  signal?: AbortSignal;
}

const VERIFY_OPTIONS: readonly string[] = [
  ...COMPARE_OPTIONS.filter((name) => name !== 'diff'),
  ...optionNames<Omit<VerifyOptions, keyof CompareOptions>>({
    allowNew: true,
    allowDeleted: true,
    selective: true,
    update: true,
    prune: true,
    only: true,
    output: true,
    jobs: true,
    onItem: true,
    onUpdate: true,
    signal: true,
  }),
];

/**
 * Compares every picture of a folder with the golden of the same name in another, folders within them included, each with all of its
 * pages or frames. Of files of the same bytes one is decoded, unless the manifest knows it from having been decoded; a picture without
 * a golden that has the samples of a golden without a picture is `renamed`. What cannot be read is `unreadable` and fails, the same
 * damage on both sides too, as do links that leave their folder. Without one pair to compare nothing matches.
 *
 * @throws PictureError where a folder cannot be read or written; ExpectationError where folders overlap or options do not fit
 */
export async function verifyFolder(actual: string, golden: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { interrupted, ...report } = await verifyUntilAborted(actual, golden, options);
  if (interrupted) throw options.signal?.reason;
  return report;
}

/** Room for pairs that are compared at once. */
export interface PairMemory {
  /**
   * Waits until there is room for so many bytes.
   *
   * @param path the pair's, for messages
   * @returns what gives it back
   * @throws PictureError where there never is
   */
  take(bytes: number, path: string): Promise<() => void>;
}

/** {@link verifyFolder}, which tells what was found until then where the signal ends it. */
export async function verifyUntilAborted(
  actual: string,
  golden: string,
  options: VerifyOptions,
  memory?: PairMemory,
): Promise<PartialReport> {
  expectOptions(options, VERIFY_OPTIONS, 'verifyFolder');
  const comparator = comparatorOf(options);
  const { update = false, prune = false, selective = false, only } = options;
  const limits = readLimits(options);
  const limit = pLimit(expectInteger(options.jobs ?? 2 * availableParallelism(), 'jobs', 1, 1024));
  expectUpdate({ update, prune, selective, only });
  await expectFolders(actual, golden, options.output, update);
  const found = await listPictures(actual, 'a folder of pictures');
  const wanted = update ? await listGoldens(golden) : await listPictures(golden, 'a folder of goldens', [MANIFEST]);
  if (prune && found.pictures.size === 0) {
    throw new ExpectationError(
      `Expected pictures in ${showPath(actual)} but found none: pruning would remove every golden`,
    );
  }
  const manifest = await readManifest(wanted.root);
  const facts = describeComparator(comparator);
  if (only !== undefined) expectKnown(only, found, wanted);
  const sides = sidesOf(found, wanted, selective, only);
  const run: Run = {
    options,
    found,
    wanted,
    manifest,
    limit,
    pair: {
      comparator,
      mask: options.ignoreMask === undefined ? undefined : await openImage(options.ignoreMask, 'ignoreMask', limits),
      limits,
    },
    evidence: options.output === undefined || update ? undefined : await openEvidence(options.output, sides.paired),
    notes: [...leftOut(actual, found), ...leftOut(golden, wanted), ...comparatorNotes(manifest, facts)],
    judged: new Map(),
    memory,
  };
  let seen: Seen;
  try {
    seen = await judge(run, sides);
  } finally {
    run.notes.push(...((await run.evidence?.close()) ?? []));
  }
  if (update && !seen.interrupted) {
    seen = await updateGoldens(seen.items, { ...run, ...options, prune, comparator: facts, limits });
  }
  const { items, interrupted } = seen;
  const problems = update || interrupted ? [] : emptiness(actual, golden, found, wanted, sides.paired.length);
  return {
    match: !interrupted && problems.length === 0 && items.every(({ failed }) => !failed),
    actual,
    golden,
    items: items.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    problems,
    notes: run.notes,
    comparator: facts,
    interrupted,
  };
}

/**
 * Refuses options that do not go together, and an update where nobody looks at it.
 *
 * @throws ExpectationError
 */
export function expectUpdate({
  update,
  prune,
  selective,
  only,
}: Pick<VerifyOptions, 'update' | 'prune' | 'selective'> & { only?: unknown }): void {
  if (only !== undefined && !(Array.isArray(only) && only.every((path) => typeof path === 'string' && path !== ''))) {
    throw expected('paths of pictures', 'only', only);
  }
  if (prune && !update) throw new ExpectationError('Expected update together with prune but received prune alone');
  if (prune && selective) {
    throw new ExpectationError(
      'Expected prune or selective but received both: a partial run does not tell what was deleted',
    );
  }
  const ci = ciSystem();
  if (update && ci !== undefined) {
    throw new ExpectationError(`Expected no update in CI (${ci}): goldens are accepted by people, who look at them`);
  }
}

/** @throws ExpectationError for a path that is in neither folder */
function expectKnown(only: readonly string[], found: Listing, wanted: Listing): void {
  const isThere = (path: string): boolean =>
    [found, wanted].some(({ pictures, problems }) => pictures.has(path) || problems.has(path));
  const unknown = only.find((path) => !isThere(path));
  if (unknown !== undefined) throw expected('the path of a picture or golden', 'only', unknown);
}

/** What of a folder was not looked at, as a note. */
function leftOut(folder: string, listing: Listing): string[] {
  return listing.leftOut.size === 0 ? [] : [describeLeftOut(showPath(folder), listing.leftOut)];
}

/** Where goldens are yet to be made, their folder may be, too. */
async function listGoldens(golden: string): Promise<Listing> {
  try {
    return await listPictures(golden, 'a folder of goldens', [MANIFEST]);
  } catch (error) {
    if (!(error instanceof PictureError) || error.code !== 'missing') throw error;
    return { root: golden, pictures: new Set(), problems: new Map(), leftOut: new Map() };
  }
}

interface Sides {
  readonly paired: readonly string[];
  /** Pictures without a golden. */
  readonly fresh: readonly string[];
  /** Goldens without a picture; none in a partial run. */
  readonly missing: readonly string[];
  /** What cannot be compared, and why. */
  readonly problems: ReadonlyMap<string, string>;
  /** Whether a path was asked for: a golden that was not may still be a picture's under its old name. */
  readonly isWanted: (path: string) => boolean;
}

function sidesOf(found: Listing, wanted: Listing, selective: boolean, only: readonly string[] | undefined): Sides {
  const isWanted = only === undefined ? () => true : (path: string) => only.includes(path);
  const concerned = [...wanted.problems].filter(([path]) => !selective || found.pictures.has(path));
  const problems = new Map([...concerned, ...found.problems].filter(([path]) => isWanted(path)));
  const pictures = [...found.pictures].filter((path) => isWanted(path) && !problems.has(path)).sort();
  const goldens = [...wanted.pictures].filter((path) => !problems.has(path)).sort();
  const isGone = (path: string): boolean => !found.pictures.has(path);
  return {
    paired: pictures.filter((path) => wanted.pictures.has(path)),
    fresh: pictures.filter((path) => !wanted.pictures.has(path)),
    missing: selective ? [] : goldens.filter(isGone),
    isWanted,
    problems,
  };
}

/** What all steps of a run share. */
interface Run {
  readonly options: VerifyOptions;
  readonly found: Listing;
  readonly wanted: Listing;
  readonly manifest: Manifest | undefined;
  readonly limit: LimitFunction;
  readonly pair: PairOptions;
  readonly evidence: Evidence | undefined;
  readonly notes: string[];
  /** SHA-256 of the files of pictures that `update` may accept, as they were when they were looked at. */
  readonly judged: Map<string, string>;
  readonly memory: PairMemory | undefined;
}

async function judge(run: Run, { paired, fresh, missing, problems, isWanted }: Sides): Promise<Seen> {
  const { allowNew = false, allowDeleted = false, signal, onItem } = run.options;
  const items: VerifiedItem[] = [];
  const tell = (item: VerifiedItem): void => {
    items.push(item);
    onItem?.(item);
  };
  for (const [path, message] of problems) tell({ path, verdict: 'unreadable', failed: true, message });
  let interrupted = false;
  await Promise.all(
    paired.map((path) =>
      run.limit(async () => {
        if (signal?.aborted) interrupted = true;
        else tell(await judgePair(path, run));
      }),
    ),
  );
  const verdicts = await judgeFresh({ ...run, fresh, missing, signal, limits: run.pair.limits });
  // Whether a picture is new or renamed, and a golden's picture is gone, shows only once all of them were looked at.
  if (verdicts === undefined) return { items, interrupted: true };
  const renamed = new Set<string>();
  for (const item of verdicts) {
    if (item.from !== undefined) renamed.add(item.from);
    const allowed = item.verdict === 'new' ? allowNew : item.verdict === 'renamed' && allowNew && allowDeleted;
    tell({ ...item, failed: !allowed });
  }
  for (const path of missing) {
    if (!renamed.has(path) && isWanted(path))
      tell({ path, verdict: 'deleted', failed: !allowDeleted, message: 'a golden without a picture' });
  }
  return { items, interrupted };
}

/** {@link comparedPair} with room for it, where that is limited. */
async function judgePair(path: string, run: Run): Promise<VerifiedItem> {
  const { memory } = run;
  if (memory === undefined) return comparedPair(path, run);
  let giveBack = (): void => {};
  let refusal: unknown;
  const admit = async (bytes: number): Promise<void> => {
    try {
      giveBack = await memory.take(bytes, path);
    } catch (error) {
      refusal = error;
      throw error;
    }
  };
  try {
    return await comparedPair(path, run, admit, () => refusal !== undefined);
  } finally {
    giveBack();
  }
}

/** @param isRefused whether there was no room: that says nothing of a golden */
async function comparedPair(
  path: string,
  run: Run,
  admit?: (bytes: number) => Promise<void>,
  isRefused = (): boolean => false,
): Promise<VerifiedItem> {
  const actual = join(run.found.root, path);
  const golden = join(run.wanted.root, path);
  const own = ownFacts(run.manifest, path);
  const known = run.manifest?.version === version ? own : undefined;
  const pair = await attempt(() => comparePair(actual, golden, { ...run.pair, known, admit }));
  if (pair instanceof Error) {
    if (run.options.update && !isRefused()) await judgeAlone(path, run);
    return { path, verdict: 'unreadable', failed: true, message: pair.message };
  }
  const { match, message } = pair;
  const comparison = pair.comparison ? { comparison: pair.comparison } : {};
  if (match) return { path, verdict: 'passed', failed: false, message, ...comparison };
  if (run.options.update) run.judged.set(path, await hashBytes(pair.actualBytes));
  if (own && (await factsOf(golden, own, run.pair.limits))?.samples !== own.samples) {
    run.notes.push(`the golden ${showPath(path)} is not the one that ${MANIFEST} knows`);
  }
  const evidence = await run.evidence?.write(path, golden, pair);
  return { path, verdict: 'changed', failed: true, message, ...comparison, ...(evidence ? { evidence } : {}) };
}

/** Whether a picture can be read, of which the golden cannot: then it may become the golden. */
async function judgeAlone(path: string, run: Run): Promise<void> {
  const file = join(run.found.root, path);
  const hash = await attempt(async () => {
    const bytes = await readBytes(file, 'a picture', LIMIT_BYTES);
    await expectReadable(bytes, { path: file, ...run.pair.limits });
    return hashBytes(bytes);
  });
  if (!(hash instanceof Error)) run.judged.set(path, hash);
}

/** A run that compares nothing must not pass for one that found nothing wrong. */
function emptiness(actual: string, golden: string, found: Listing, wanted: Listing, pairs: number): string[] {
  if (wanted.pictures.size === 0) return [`Expected goldens in ${showPath(golden)} but found no picture`];
  if (found.pictures.size === 0) return [`Expected pictures in ${showPath(actual)} but found none`];
  if (pairs > 0) return [];
  return [`Expected pictures of the same names in ${showPath(actual)} and ${showPath(golden)} but found none`];
}
