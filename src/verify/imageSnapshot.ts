import { access, rmdir, unlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { nameOf } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { sniff } from '../files/decode/sniff.ts';
import { encodeStored } from '../files/encode/encodeImage.ts';
import { LIMIT_BYTES, readLimits } from '../files/limits.ts';
import { toInterleaved, whiteOfDepth } from '../planes/samples.ts';
import { isUint8Array } from '../planes/typedArrays.ts';
import { attempt } from './attempt.ts';
import { compareImages } from './compareImages.ts';
import { type ImageComparison } from './comparison.ts';
import { exactFile, type ExactFile } from './exactFile.ts';
import { type ImageSource, openImage } from './openImage.ts';
import { type CompareOptions, comparatorOf } from './options.ts';

/** Where a golden stands, and what may be done about it. */
export interface SnapshotPlace {
  readonly folder: string;
  /** Of the golden, without an extension. */
  readonly name: string;
  /** `new`: goldens that are missing are written; `all`: those that differ, too; `none`: nothing is. */
  readonly update: 'all' | 'new' | 'none';
  /** Whether a difference is what the test wants: then nothing is written. */
  readonly isNot: boolean;
}

export interface SnapshotVerdict {
  readonly pass: boolean;
  readonly message: string;
}

/** Pictures of a failure, in a folder of their own beside the goldens. */
const EVIDENCE = '__diff__';

/**
 * Compares a picture with its golden, which is a PNG, or a `.npy` file where no PNG holds the samples exactly. Pictures of 8 and 16 bits are
 * rounded as on being written. Every call writes at most one golden. On a failure the picture, its golden and their difference are written to a folder beside the goldens, until it passes.
 *
 * @throws PictureError where the picture cannot be read or a file not be written; ExpectationError where options do not fit
 */
export async function imageSnapshot(
  received: ImageSource,
  place: SnapshotPlace,
  options: Omit<CompareOptions, 'diff'>,
): Promise<SnapshotVerdict> {
  const bytes = typeof received === 'string' ? await readBytes(received, 'a picture', LIMIT_BYTES) : received;
  const limits = readLimits(options);
  const exact = exactFile(await openImage(asStored(bytes), 'toMatchImageSnapshot', limits));
  // A PNG is kept as it is.
  const file = isUint8Array(bytes) && sniff(bytes) === 'png' ? { ...exact, bytes: () => bytes } : exact;
  const golden = await existing(place);
  if (golden === undefined) {
    comparatorOf(options);
    return missing(file, place);
  }
  const stored = await attempt(() => openImage(golden, 'the golden', limits));
  if (stored instanceof Error) return unreadable(stored.message, file, place, golden);
  const found = await compareImages(file.picture, stored, { ...options, diff: !place.isNot });
  if (found.match) {
    await removeEvidence(place);
    return {
      pass: true,
      message: `Expected the picture not to match its golden ${shown(golden)}, but: ${found.message}`,
    };
  }
  if (place.isNot) return { pass: false, message: found.message };
  if (place.update === 'all') return accept(file, place, golden);
  return { pass: false, message: await failure(found, file, golden, place) };
}

/** A golden that cannot be read is neither a match nor a picture that differs. */
async function unreadable(
  reason: string,
  file: ExactFile,
  place: SnapshotPlace,
  golden: string,
): Promise<SnapshotVerdict> {
  if (place.isNot) return { pass: true, message: reason };
  if (place.update === 'all') return accept(file, place, golden);
  return { pass: false, message: `${reason}\n${ACCEPT}` };
}

async function accept(file: ExactFile, place: SnapshotPlace, golden: string): Promise<SnapshotVerdict> {
  await write(file, place, golden);
  return { pass: true, message: '' };
}

/** Of a picture of 8 or 16 bits, what a file of it would hold; planes by themselves are numbers, and none is rounded. */
function asStored(source: ImageSource): ImageSource {
  if (typeof source !== 'object' || !('planes' in source) || source.depth === 32) return source;
  const { planes, alpha, depth } = source;
  const { channels, height, width } = planes;
  const samples = toInterleaved(alpha ? [planes, alpha] : [planes], depth);
  const stride = samples.length / (height * width);
  return {
    samples,
    height,
    width,
    stride,
    channels,
    ...(alpha ? { alphaAt: channels } : {}),
    white: whiteOfDepth(depth),
  };
}

const ACCEPT = 'Once it is right, vitest --update accepts it.';

/** The golden that there is, of either format. */
async function existing({ folder, name }: SnapshotPlace): Promise<string | undefined> {
  for (const extension of ['png', 'npy']) {
    const path = join(folder, `${name}.${extension}`);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  return undefined;
}

async function missing(file: ExactFile, place: SnapshotPlace): Promise<SnapshotVerdict> {
  const path = join(place.folder, `${place.name}.${file.extension}`);
  if (place.isNot) return { pass: true, message: `Expected a golden to differ from at ${shown(path)} but found none` };
  if (place.update === 'none') {
    return {
      pass: false,
      message: `Expected a golden at ${shown(path)} but found none; here, none is written: run the test where CI is not set`,
    };
  }
  await write(file, place, undefined);
  if (place.update === 'all') return { pass: true, message: '' };
  return {
    pass: false,
    message: `Expected a golden at ${shown(path)} but found none; it has been written: look at it, then run the test again`,
  };
}

async function write(file: ExactFile, place: SnapshotPlace, replaced: string | undefined): Promise<void> {
  const path = join(place.folder, `${place.name}.${file.extension}`);
  await writeFileSafely(path, await file.bytes(), { overwrite: replaced === path });
  if (replaced !== undefined && replaced !== path) await unlink(replaced);
  await removeEvidence(place);
}

async function failure(found: ImageComparison, file: ExactFile, golden: string, place: SnapshotPlace): Promise<string> {
  const { actual, diff } = evidencePaths(place, file.extension);
  await writeFileSafely(actual, await file.bytes(), { overwrite: true });
  if (found.diff)
    await writeFileSafely(diff, await encodeStored(found.diff, {}, { format: 'png' }), { overwrite: true });
  return [
    `Expected the picture to match its golden, but: ${found.message}`,
    `  golden      ${shown(golden)}`,
    `  picture     ${shown(actual)}`,
    ...(found.diff ? [`  difference  ${shown(diff)}`] : []),
    ACCEPT,
  ].join('\n');
}

function evidencePaths({ folder, name }: SnapshotPlace, extension: string): { actual: string; diff: string } {
  const start = join(folder, EVIDENCE, name);
  return { actual: `${start}-actual.${extension}`, diff: `${start}-diff.png` };
}

async function removeEvidence(place: SnapshotPlace): Promise<void> {
  if (place.isNot) return;
  const paths = ['png', 'npy'].flatMap((extension) => Object.values(evidencePaths(place, extension)));
  for (const path of new Set(paths)) await unlink(path).catch(() => {});
  // Fails where pictures of other tests are in it.
  await rmdir(join(place.folder, EVIDENCE)).catch(() => {});
}

/** A path as it is shortest from where the tests run. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return nameOf(short.startsWith('..') ? path : short);
}
