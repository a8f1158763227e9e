import { lstat, rename, unlink } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { FileError } from '../disk/fileError.ts';
import { hashBytes } from '../disk/hashBytes.ts';
import { readBytes } from '../disk/readBytes.ts';
import { isInside, isLink, realOf } from '../disk/realPaths.ts';
import { showPath } from '../disk/showPath.ts';
import { writingFailed } from '../disk/systemError.ts';
import { makeFolder, writeFileSafely } from '../disk/writeFileSafely.ts';
import { LIMIT_BYTES, type ReadLimits } from '../files/limits.ts';
import { attempt } from './attempt.ts';
import { type Listing } from './listPictures.ts';
import { type Manifest, writeManifest } from './manifest.ts';
import type { Seen, VerifiedItem } from './verifyReport.ts';

interface UpdatePlan {
  readonly found: Listing;
  readonly wanted: Listing;
  /** SHA-256 of the files of pictures that may be accepted, as they were when they were looked at. */
  readonly judged: ReadonlyMap<string, string>;
  readonly prune: boolean;
  readonly manifest: Manifest | undefined;
  readonly comparator: Manifest['comparator'];
  readonly limits: ReadLimits;
  readonly onUpdate?: ((item: VerifiedItem) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes goldens of the pictures that changed, are new, or stand where a golden cannot be read; what passed is not touched, even
 * where its bytes are others. A golden of a picture that was renamed takes its name. With `prune`, goldens without a picture are
 * removed. A golden that cannot be written stays as it is, its item failed; where the signal comes, the rest is left.
 *
 * @returns the items, those that were brought in order no longer failed
 * @throws FileError where the manifest cannot be written
 */
export async function updateGoldens(items: readonly VerifiedItem[], plan: UpdatePlan): Promise<Seen> {
  const goldens = new Set(plan.wanted.pictures);
  const touched = new Set<string>();
  const updated: VerifiedItem[] = [];
  let interrupted = false;
  for (const item of items.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const isLeft = plan.signal?.aborted === true && actionOn(item, plan) !== undefined;
    interrupted ||= isLeft;
    updated.push(isLeft ? item : await updateOne(item, plan, goldens, touched));
  }
  const { wanted, manifest, comparator, limits } = plan;
  // To look at all goldens may take long, and somebody waits for the end.
  const how = interrupted ? { limits, touched } : { limits };
  await writeManifest(wanted.root, [...goldens], manifest, comparator, how);
  return { items: updated, interrupted };
}

/** What is to be done about one item; nothing where nothing is. */
function actionOn({ path, verdict, from }: VerifiedItem, { prune, judged }: UpdatePlan): VerifiedItem['updated'] {
  switch (verdict) {
    case 'passed':
      return undefined;
    case 'unreadable':
      return judged.has(path) ? 'replaced' : undefined;
    case 'changed':
      return 'replaced';
    case 'new':
      return 'added';
    case 'renamed':
      return from === undefined ? 'added' : 'moved';
    case 'deleted':
      return prune ? 'removed' : undefined;
  }
}

async function updateOne(
  item: VerifiedItem,
  plan: UpdatePlan,
  goldens: Set<string>,
  touched: Set<string>,
): Promise<VerifiedItem> {
  const { path, from } = item;
  const action = actionOn(item, plan);
  if (action === undefined) return item;
  const failure = await attempt(async () => {
    if (action === 'removed') await remove(path, plan);
    else if (action === 'moved' && from !== undefined) await move(from, path, plan);
    else await accept(path, plan);
  });
  if (failure instanceof Error) {
    const failed = { ...item, failed: true, message: `${item.message}; the golden is as it was: ${failure.message}` };
    plan.onUpdate?.(failed);
    return failed;
  }
  if (action === 'removed') goldens.delete(path);
  else goldens.add(path);
  if (action === 'moved' && from !== undefined) goldens.delete(from);
  touched.add(path);
  const done = { ...item, failed: false, updated: action };
  plan.onUpdate?.(done);
  return done;
}

async function accept(path: string, { found, wanted, judged }: UpdatePlan): Promise<void> {
  const source = join(found.root, path);
  const bytes = await readBytes(source, 'a picture', LIMIT_BYTES);
  if ((await hashBytes(bytes)) !== judged.get(path)) {
    const message = `Expected the picture that was compared in ${showPath(source)} but found one that was written since`;
    throw new FileError('unreadable', message, { path: source });
  }
  const target = await targetOf(path, wanted);
  await writeFileSafely(target, bytes, { overwrite: true });
}

/** Of one format, in a step that cannot be torn; else its file is the picture's, and the old one goes once the new one is there. */
async function move(from: string, path: string, plan: UpdatePlan): Promise<void> {
  const source = join(plan.wanted.root, from);
  // A link that is moved may lead elsewhere.
  if (extname(from).toLowerCase() !== extname(path).toLowerCase() || (await isLink(source))) {
    await accept(path, plan);
    await remove(from, plan);
    return;
  }
  const target = await targetOf(path, plan.wanted);
  const taken = await lstat(target).then(
    () => true,
    () => false,
  );
  // On a file system that does not tell capitals apart it may be the same file.
  if (taken && from.toLowerCase() !== path.toLowerCase()) {
    throw new FileError('exists', `Expected to write ${showPath(target)} but found a file that exists already`, {
      path: target,
    });
  }
  try {
    await makeFolder(dirname(target));
    await rename(source, target);
  } catch (error) {
    throw writingFailed(error, target);
  }
}

async function remove(path: string, { wanted }: UpdatePlan): Promise<void> {
  const target = join(wanted.root, path);
  await unlink(target).catch((error: unknown) => {
    throw writingFailed(error, target);
  });
}

/** Where a golden is to be written: a folder on the way may be a link to anywhere. */
async function targetOf(path: string, { root }: Listing): Promise<string> {
  const target = join(root, path);
  if (isInside(await realOf(root), await realOf(dirname(target)))) return target;
  const message = `Expected to write ${showPath(target)} but found a link that leaves the folder of goldens`;
  throw new FileError('unwritable', message, { path: target });
}
