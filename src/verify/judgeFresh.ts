import { join } from 'node:path';
import type { LimitFunction } from 'p-limit';
import { nameOf } from '../disk/fileError.ts';
import { attempt } from './attempt.ts';
import { hashSamples } from './hashSamples.ts';
import type { Listing } from './listPictures.ts';
import { type Manifest, ownFacts } from './manifest.ts';
import { openImage } from './openImage.ts';
import type { VerifiedItem } from './verifyReport.ts';

export interface RenamedSearch {
  readonly found: Listing;
  readonly wanted: Listing;
  /** Pictures without a golden. */
  readonly fresh: readonly string[];
  /** Goldens without a picture. */
  readonly missing: readonly string[];
  readonly manifest: Manifest | undefined;
  readonly limitPixels: number;
  readonly limit: LimitFunction;
}

/** The verdict on a picture without a golden. */
export type FreshVerdict = Pick<VerifiedItem, 'path' | 'message' | 'from'> & {
  readonly verdict: 'new' | 'renamed' | 'unreadable';
};

/**
 * The verdicts on pictures without a golden: `renamed` has the samples of a golden without a picture. Each golden is found once, in
 * the order of their paths.
 */
export async function judgeFresh(search: RenamedSearch): Promise<FreshVerdict[]> {
  const { found, wanted, fresh, missing, manifest, limitPixels, limit } = search;
  const hash = (root: string, path: string): Promise<string | Error> =>
    limit(async () => {
      const picture = await attempt(() => openImage(join(root, path), 'a picture', limitPixels));
      return picture instanceof Error ? picture : hashSamples(picture);
    });
  const goldens = new Map<string | Error, string[]>();
  // Without new pictures none can have been renamed. Goldens that the manifest knows are not read.
  for (const path of fresh.length === 0 ? [] : missing.toSorted()) {
    const samples = ownFacts(manifest, path)?.samples ?? (await hash(wanted.root, path));
    goldens.set(samples, [...(goldens.get(samples) ?? []), path]);
  }
  const hashes = await Promise.all(fresh.map((path) => hash(found.root, path)));
  return fresh.map((path, i) => {
    const samples = hashes[i];
    if (samples instanceof Error) return { path, verdict: 'unreadable', message: samples.message };
    const from = goldens.get(samples)?.shift();
    if (from === undefined) return { path, verdict: 'new', message: 'a picture without a golden' };
    return { path, verdict: 'renamed', message: `the samples of the golden ${nameOf(from)}`, from };
  });
}
