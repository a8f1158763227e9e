import { join } from 'node:path';
import type { LimitFunction } from 'p-limit';
import { hashBytes } from '../disk/hashBytes.ts';
import { readBytes } from '../disk/readBytes.ts';
import { showPath } from '../disk/showPath.ts';
import { LIMIT_BYTES, type ReadLimits } from '../files/limits.ts';
import { attempt } from './attempt.ts';
import { hashFrames } from './hashFrames.ts';
import type { Listing } from './listPictures.ts';
import { factsOf, type Manifest, ownFacts } from './manifest.ts';
import { framesOf } from './openFrames.ts';
import type { VerifiedItem } from './verifyReport.ts';

interface RenamedSearch {
  readonly found: Listing;
  readonly wanted: Listing;
  /** Pictures without a golden. */
  readonly fresh: readonly string[];
  /** Goldens without a picture. */
  readonly missing: readonly string[];
  readonly manifest: Manifest | undefined;
  readonly limits: ReadLimits;
  readonly limit: LimitFunction;
  readonly signal: AbortSignal | undefined;
  /** Takes SHA-256 of the files of the pictures without a golden. */
  readonly judged: Map<string, string>;
}

/** The verdict on a picture without a golden. */
type FreshVerdict = Pick<VerifiedItem, 'path' | 'message' | 'from'> & {
  readonly verdict: 'new' | 'renamed' | 'unreadable';
};

/**
 * The verdicts on pictures without a golden: `renamed` has the samples of a golden without a picture. Each golden is found once, in
 * the order of their paths.
 *
 * @returns nothing where the signal came before all were looked at
 */
export async function judgeFresh(search: RenamedSearch): Promise<FreshVerdict[] | undefined> {
  const { found, wanted, fresh, missing, limit, signal } = search;
  const goldens = new Map<string, string[]>();
  // Without new pictures none can have been renamed.
  const candidates = fresh.length === 0 ? [] : missing.toSorted();
  let isLeft = false;
  const unlessAborted = <Hash>(look: () => Promise<Hash>): Promise<Hash | undefined> =>
    limit(async () => {
      if (signal?.aborted !== true) return look();
      isLeft = true;
      return undefined;
    });
  const known = await Promise.all(candidates.map((path) => unlessAborted(() => hashGolden(path, wanted.root, search))));
  const opened = await Promise.all(fresh.map((path) => unlessAborted(() => hashFresh(path, found.root, search))));
  if (isLeft) return undefined;
  for (const [i, path] of candidates.entries()) {
    const samples = known[i];
    if (samples !== undefined) goldens.set(samples, [...(goldens.get(samples) ?? []), path]);
  }
  return fresh.map((path, i) => {
    const samples = opened[i];
    if (samples instanceof Error) return { path, verdict: 'unreadable', message: samples.message };
    const from = samples === undefined ? undefined : goldens.get(samples)?.shift();
    if (from === undefined) return { path, verdict: 'new', message: 'a picture without a golden' };
    return { path, verdict: 'renamed', message: `the samples of the golden ${showPath(from)}`, from };
  });
}

/** Of a golden that is the file that the manifest knows, what it says; nothing where the golden cannot be read. */
async function hashGolden(path: string, root: string, search: RenamedSearch): Promise<string | undefined> {
  const { manifest, limits } = search;
  const facts = await attempt(() => factsOf(join(root, path), ownFacts(manifest, path), limits));
  return facts instanceof Error ? undefined : facts?.samples;
}

async function hashFresh(path: string, root: string, { limits, judged }: RenamedSearch): Promise<string | Error> {
  const file = join(root, path);
  const found = await attempt(async () => {
    const bytes = await readBytes(file, 'a picture', LIMIT_BYTES);
    const samples = await hashFrames(await framesOf(bytes, { path: file, ...limits }));
    return { samples, file: await hashBytes(bytes) };
  });
  if (found instanceof Error) return found;
  judged.set(path, found.file);
  return found.samples;
}
