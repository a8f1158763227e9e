import { join } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import { FileError } from '../disk/fileError.ts';
import { showPath } from '../disk/showPath.ts';
import { describeLeftOut } from '../files/kindOfFile.ts';
import { readLimits } from '../files/limits.ts';
import { version } from '../files/version.ts';
import { ExpectationError, expected, expectInteger } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { ciSystem } from './ci.ts';
import type { PairOptions } from './comparePair.ts';
import { type Evidence, openEvidence } from './evidence.ts';
import type { EvidenceNames } from './evidenceFiles.ts';
import { expectFolders } from './expectFolders.ts';
import { judgeFresh } from './judgeFresh.ts';
import { judgePair, type Pair, type PairMemory } from './judgePair.ts';
import { type Listing, listPictures } from './listPictures.ts';
import { comparatorNotes, factsOf, MANIFEST, type Manifest, ownFacts, readManifest } from './manifest.ts';
import { openImage } from './openImage.ts';
import { COMPARE_OPTIONS, type CompareOptions, comparatorOf, describeComparator } from './options.ts';
import { pairsAtOnce } from './pairsAtOnce.ts';
import { updateGoldens } from './updateGoldens.ts';
import { type PartialReport, type Seen, type VerifiedItem, type VerifyReport } from './verifyReport.ts';

export interface VerifyOptions extends Omit<CompareOptions, 'diff'> {
  /** A picture without a golden is no failure; false by default. */
  allowNew?: boolean;
  /** A golden without a picture is no failure; false by default. */
  allowDeleted?: boolean;
  /** Only part of the pictures was made: goldens without one are passed over; false by default. */
  selective?: boolean;
  /**
   * Make goldens of pictures that changed or are new, and give goldens of pictures that were renamed their new names; refused
   * in CI, which the variable `CI` and those of CI systems tell.
   */
  update?: boolean;
  /** With `update`: also remove goldens without a picture. */
  prune?: boolean;
  /** Paths below the folders, with `/`: these pictures alone are looked at, and updated; all by default. */
  only?: readonly string[];
  /** A folder for `-actual`, `-expected` and `-diff` pictures of what changed; none are written by default. */
  output?: string;
  /** Pairs in flight at once; a few for every processor by default. */
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
 * @throws FileError where a folder cannot be read or written; ExpectationError where folders overlap or options do not fit
 */
export async function verifyFolder(actual: string, golden: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { interrupted, ...report } = await verifyUntilAborted(actual, golden, options);
  if (interrupted) throw options.signal?.reason;
  return report;
}

/** How pairs are compared where that is not done here. */
export interface PairsElsewhere {
  /**
   * Compares pairs, and tells of each once.
   *
   * @param names of pictures of what changed, below the output folder, by the pairs' paths
   * @returns whether the signal kept pairs from being compared, and what else did
   */
  compare(
    pairs: readonly Pair[],
    names: ReadonlyMap<string, EvidenceNames>,
    tell: (item: VerifiedItem, failures: readonly string[]) => void,
  ): Promise<{ readonly interrupted: boolean; readonly problem?: string }>;
}

/** {@link verifyFolder}, which tells what was found until then where the signal ends it. */
export async function verifyUntilAborted(
  actual: string,
  golden: string,
  options: VerifyOptions,
  { memory, elsewhere }: { readonly memory?: PairMemory; readonly elsewhere?: PairsElsewhere } = {},
): Promise<PartialReport> {
  expectOptions(options, VERIFY_OPTIONS, 'verifyFolder');
  const comparator = comparatorOf(options);
  const { update = false, prune = false, selective = false, only } = options;
  const limits = readLimits(options);
  const limit = pLimit(expectInteger(options.jobs ?? pairsAtOnce(), 'jobs', 1, 1024));
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
    elsewhere,
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
  const { items, interrupted, problem } = seen;
  const problems = update || interrupted ? [] : emptiness(actual, golden, found, wanted, sides.paired.length);
  if (problem !== undefined) problems.push(problem);
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
    if (!(error instanceof FileError) || error.code !== 'missing') throw error;
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
  readonly elsewhere: PairsElsewhere | undefined;
}

async function judge(run: Run, { paired, fresh, missing, problems, isWanted }: Sides): Promise<Seen> {
  const { allowNew = false, allowDeleted = false, signal, onItem } = run.options;
  const items: VerifiedItem[] = [];
  const tell = (item: VerifiedItem): void => {
    items.push(item);
    onItem?.(item);
  };
  for (const [path, message] of problems) tell({ path, verdict: 'unreadable', failed: true, message });
  const { interrupted, problem } = await comparePairs(run, paired, tell);
  await noteForeignGoldens(run, items);
  if (problem !== undefined) return { items, interrupted, problem };
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

async function comparePairs(
  run: Run,
  paired: readonly string[],
  tell: (item: VerifiedItem) => void,
): Promise<{ interrupted: boolean; problem?: string }> {
  const { found, wanted, manifest, options, evidence, elsewhere } = run;
  const { signal } = options;
  const pairs = paired.map((path): Pair => {
    const known = manifest?.version === version ? ownFacts(manifest, path) : undefined;
    return { path, actual: join(found.root, path), golden: join(wanted.root, path), known };
  });
  if (elsewhere !== undefined) {
    if (pairs.length === 0) return { interrupted: false };
    return elsewhere.compare(
      pairs,
      (await evidence?.leave()) ?? new Map(),
      ({ evidence: paths, ...item }, failures) => {
        const own = evidence?.adopt(paths, failures);
        tell({ ...item, ...(own === undefined ? {} : { evidence: own }) });
      },
    );
  }
  let interrupted = false;
  const judging = { ...run, judged: options.update ? run.judged : undefined };
  await Promise.all(
    pairs.map((pair) =>
      run.limit(async () => {
        if (signal?.aborted) interrupted = true;
        else tell(await judgePair(pair, judging));
      }),
    ),
  );
  return { interrupted };
}

/** Notes goldens of pictures that changed which are not the files that the manifest knows. */
async function noteForeignGoldens(
  { manifest, wanted, pair, limit, notes }: Run,
  items: readonly VerifiedItem[],
): Promise<void> {
  const changed = items.filter(({ verdict, path }) => verdict === 'changed' && ownFacts(manifest, path) !== undefined);
  const found = await limit.map(changed, async ({ path }) => {
    const own = ownFacts(manifest, path);
    const facts = await factsOf(join(wanted.root, path), own, pair.limits);
    return facts?.samples === own?.samples ? undefined : path;
  });
  for (const path of found.filter((one) => one !== undefined).toSorted()) {
    notes.push(`the golden ${showPath(path)} is not the one that ${MANIFEST} knows`);
  }
}

/** A run that compares nothing must not pass for one that found nothing wrong. */
function emptiness(actual: string, golden: string, found: Listing, wanted: Listing, pairs: number): string[] {
  if (wanted.pictures.size === 0) return [`Expected goldens in ${showPath(golden)} but found no picture`];
  if (found.pictures.size === 0) return [`Expected pictures in ${showPath(actual)} but found none`];
  if (pairs > 0) return [];
  return [`Expected pictures of the same names in ${showPath(actual)} and ${showPath(golden)} but found none`];
}
