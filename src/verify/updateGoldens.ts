import { unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nameOf, PictureError } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { writingFailed } from '../disk/systemError.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { LIMIT_BYTES } from '../files/decode/readSamples.ts';
import { realOf } from './expectFolders.ts';
import { isInside, type Listing } from './listPictures.ts';
import { type Manifest, writeManifest } from './manifest.ts';
import type { VerifiedItem } from './verifyReport.ts';

export interface UpdatePlan {
  readonly found: Listing;
  readonly wanted: Listing;
  /** Pictures that can be read, of which the golden cannot. */
  readonly acceptable: ReadonlySet<string>;
  readonly prune: boolean;
  readonly manifest: Manifest | undefined;
  readonly comparator: Manifest['comparator'];
  readonly limitPixels: number;
}

/**
 * Makes goldens of the pictures that changed, are new, or stand where a golden cannot be read; what passed is not touched, even
 * where its bytes are others. With `prune`, goldens without a picture are removed.
 *
 * @returns the items, those that were brought in order no longer failed
 * @throws PictureError where a golden cannot be written or removed
 */
export async function updateGoldens(items: readonly VerifiedItem[], plan: UpdatePlan): Promise<VerifiedItem[]> {
  const goldens = new Set(plan.wanted.pictures);
  const updated: VerifiedItem[] = [];
  for (const item of items) {
    const done = await updateOne(item, plan, goldens);
    updated.push(done === undefined ? item : { ...item, failed: false, updated: done });
  }
  await writeManifest(plan.wanted.root, [...goldens], plan.manifest, plan.comparator, plan.limitPixels);
  return updated;
}

/** What was done about one item; nothing where nothing was. */
async function updateOne(
  { path, verdict, from }: VerifiedItem,
  plan: UpdatePlan,
  goldens: Set<string>,
): Promise<VerifiedItem['updated']> {
  switch (verdict) {
    case 'passed':
      return undefined;
    case 'unreadable':
      if (!plan.acceptable.has(path)) return undefined;
      await accept(path, plan);
      return 'replaced';
    case 'changed':
      await accept(path, plan);
      return 'replaced';
    case 'new':
      await accept(path, plan);
      goldens.add(path);
      return 'added';
    case 'renamed':
      await accept(path, plan);
      goldens.add(path);
      if (!plan.prune || from === undefined) return 'added';
      await remove(from, plan, goldens);
      return 'moved';
    case 'deleted':
      if (!plan.prune) return undefined;
      await remove(path, plan, goldens);
      return 'removed';
  }
}

async function accept(path: string, { found, wanted }: UpdatePlan): Promise<void> {
  const bytes = await readBytes(join(found.root, path), 'a picture', LIMIT_BYTES);
  const target = join(wanted.root, path);
  // A folder on the way may be a link to anywhere.
  if (!isInside(await realOf(wanted.root), await realOf(dirname(target)))) {
    const message = `Expected to write ${nameOf(target)} but found a link that leaves the folder of goldens`;
    throw new PictureError('unwritable', message, { path: target });
  }
  await writeFileSafely(target, bytes, { overwrite: true });
}

async function remove(path: string, { wanted }: UpdatePlan, goldens: Set<string>): Promise<void> {
  const target = join(wanted.root, path);
  await unlink(target).catch((error: unknown) => {
    throw writingFailed(error, target);
  });
  goldens.delete(path);
}
