import { access, rmdir, unlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { FileError } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { showPath } from '../disk/showPath.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { sniff } from '../files/decode/sniff.ts';
import { encodeStored } from '../files/encode/encodeImage.ts';
import { LIMIT_BYTES, readLimits } from '../files/limits.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { toInterleaved, whiteOfDepth } from '../planes/samples.ts';
import { isUint8Array } from '../planes/typedArrays.ts';
import { attempt } from './attempt.ts';
import { compareImages } from './compareImages.ts';
import type { ImageComparison } from './comparison.ts';
import { drawComposite } from './drawComposite.ts';
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
  /** Where nothing is written: how one may be, for the message. */
  readonly wayOut?: string | undefined;
  /** Of a difference: what there is to do, where it cannot be accepted. */
  readonly advice?: string;
}

/** `written`: there was no golden, and there is now; `accepted`: the golden was replaced; `missing`: there is none. */
export type SnapshotOutcome = 'matched' | 'differs' | 'written' | 'accepted' | 'missing';

export interface SnapshotVerdict {
  readonly pass: boolean;
  readonly message: string;
  readonly outcome: SnapshotOutcome;
  /** The golden's path, whether there is one or not. */
  readonly golden: string;
  /** The path of golden, picture and difference side by side; only where they differ. */
  readonly composite?: string;
}

/** What compares a picture with its golden; see {@link imageSnapshot}. */
export type SnapshotOptions = Omit<CompareOptions, 'diff'>;

/** Pictures of a failure, in a folder of their own beside the goldens. */
export const EVIDENCE = '__diff__';

/**
 * Compares a picture with its golden, which is a PNG, or a `.npy` file where no PNG holds the samples exactly. Pictures of 8 and 16 bits are
 * rounded as on being written. Every call writes at most one golden. On a failure the picture, its golden and their difference are written to a folder beside the goldens, until it passes.
 *
 * @throws FileError where the picture cannot be read or a file not be written; ExpectationError where options do not fit
 */
export async function imageSnapshot(
  received: ImageSource,
  place: SnapshotPlace,
  options: SnapshotOptions,
): Promise<SnapshotVerdict> {
  comparatorOf(options);
  return judgeSnapshot(await openSnapshot(received, options), place, options);
}

/** The file that a picture's golden would be. */
export async function openSnapshot(received: ImageSource, options: SnapshotOptions): Promise<ExactFile> {
  const bytes = typeof received === 'string' ? await readBytes(received, 'a picture', LIMIT_BYTES) : received;
  const exact = exactFile(await openImage(asStored(bytes), 'toMatchImageSnapshot', readLimits(options)));
  // A PNG is kept as it is.
  return isUint8Array(bytes) && sniff(bytes) === 'png' ? { ...exact, bytes: () => bytes } : exact;
}

/** What {@link imageSnapshot} does once the picture is open. */
export async function judgeSnapshot(
  file: ExactFile,
  place: SnapshotPlace,
  options: SnapshotOptions,
): Promise<SnapshotVerdict> {
  const golden = await goldenOf(place);
  if (golden === undefined) return missing(file, place, options);
  const stored = await attempt(() => openImage(golden, 'the golden', readLimits(options)));
  if (stored instanceof Error) return unreadable(stored.message, file, place, golden);
  const found = await compareImages(file.picture, stored, { ...options, diff: !place.isNot });
  if (found.match) {
    if (!place.isNot) await removeEvidence(place);
    const message = `Expected the picture not to match its golden ${shown(golden)}, but: ${found.message}`;
    return { pass: true, message, outcome: 'matched', golden };
  }
  if (place.isNot) return { pass: false, message: found.message, outcome: 'differs', golden };
  if (place.update === 'all') return accept(file, place, golden);
  return failure(found, stored, file, golden, place);
}

/** Whether there is a golden that a picture matches; nothing is written. */
export async function matchesGolden(
  { picture }: ExactFile,
  place: SnapshotPlace,
  options: SnapshotOptions,
): Promise<boolean> {
  const golden = await goldenOf(place);
  if (golden === undefined) return false;
  const stored = await attempt(() => openImage(golden, 'the golden', readLimits(options)));
  return !(stored instanceof Error) && (await compareImages(picture, stored, options)).match;
}

/** A golden that cannot be read is neither a match nor a picture that differs. */
async function unreadable(
  reason: string,
  file: ExactFile,
  place: SnapshotPlace,
  golden: string,
): Promise<SnapshotVerdict> {
  if (place.isNot) return { pass: true, message: reason, outcome: 'differs', golden };
  if (place.update === 'all') return accept(file, place, golden);
  return { pass: false, message: `${reason}\n${place.advice ?? ACCEPT}`, outcome: 'differs', golden };
}

async function accept(file: ExactFile, place: SnapshotPlace, replaced: string): Promise<SnapshotVerdict> {
  const golden = goldenPath(place, file.extension);
  await writeFileSafely(golden, await file.bytes(), { overwrite: golden === replaced });
  if (replaced !== golden) await unlink(replaced);
  await removeEvidence(place);
  return { pass: true, message: '', outcome: 'accepted', golden };
}

/** Of a picture of 8 or 16 bits, what a file of it would hold; planes by themselves are numbers, and none is rounded. */
function asStored(source: ImageSource): ImageSource {
  if (typeof source !== 'object' || source === null || !('planes' in source) || source.depth === 32) return source;
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

function goldenPath({ folder, name }: Pick<SnapshotPlace, 'folder' | 'name'>, extension: string): string {
  return join(folder, `${name}.${extension}`);
}

/** The formats of goldens, by their extensions. */
export const GOLDENS = ['png', 'npy'] as const;

/** The golden that there is, of either format. */
export async function goldenOf(place: Pick<SnapshotPlace, 'folder' | 'name'>): Promise<string | undefined> {
  for (const extension of GOLDENS) {
    const path = goldenPath(place, extension);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  return undefined;
}

async function missing(file: ExactFile, place: SnapshotPlace, options: SnapshotOptions): Promise<SnapshotVerdict> {
  const golden = goldenPath(place, file.extension);
  if (place.isNot) {
    const message = `Expected a golden to differ from at ${shown(golden)} but found none`;
    return { pass: true, message, outcome: 'missing', golden };
  }
  if (place.update === 'none')
    return { pass: false, message: describeAbsent('missing', [golden], place), outcome: 'missing', golden };
  try {
    await writeFileSafely(golden, await file.bytes());
  } catch (error) {
    // Another test file wrote it meanwhile.
    if (error instanceof FileError && error.code === 'exists') return judgeSnapshot(file, place, options);
    throw error;
  }
  await removeEvidence(place);
  const pass = place.update === 'all';
  return { pass, message: pass ? '' : describeAbsent('written', [golden], place), outcome: 'written', golden };
}

/** What is to be said of goldens that were not there. */
export function describeAbsent(
  outcome: 'written' | 'missing',
  goldens: readonly string[],
  { wayOut = 'vitest --update writes it' }: Pick<SnapshotPlace, 'wayOut'> = {},
): string {
  const several = goldens.length > 1;
  const which = several ? `${goldens.length} goldens` : `a golden at ${shown(goldens[0])}`;
  const then =
    outcome === 'missing'
      ? `here, none is written: ${wayOut}`
      : `${several ? 'they have' : 'it has'} been written: look at ${several ? 'them' : 'it'}, then run the test again`;
  const list = several ? goldens.map((golden) => `\n  ${shown(golden)}`).join('') : '';
  return `Expected ${which} but found none; ${then}${list}`;
}

async function failure(
  found: ImageComparison,
  stored: InterleavedPicture,
  file: ExactFile,
  golden: string,
  place: SnapshotPlace,
): Promise<SnapshotVerdict> {
  const evidence = evidencePaths(place, file.extension);
  // What was found counts, whether pictures of it can be written or not.
  const unwritten = await attempt(() => writeEvidence(found.diff, stored, file, evidence));
  const drawn = found.diff !== undefined && !unwritten;
  const message = [
    `Expected the picture to match its golden, but: ${found.message}`,
    `  golden      ${shown(golden)}`,
    ...(unwritten
      ? [`No picture of it could be written: ${unwritten.message}`]
      : [`  picture     ${shown(evidence.actual)}`]),
    ...(drawn ? [`  all three   ${shown(evidence.composite)}`, `  difference  ${shown(evidence.diff)}`] : []),
    place.advice ?? ACCEPT,
  ].join('\n');
  return { pass: false, message, outcome: 'differs', golden, ...(drawn ? { composite: evidence.composite } : {}) };
}

async function writeEvidence(
  diff: InterleavedPicture | undefined,
  stored: InterleavedPicture,
  file: ExactFile,
  evidence: Evidence,
): Promise<undefined> {
  await writeFileSafely(evidence.actual, await file.bytes(), { overwrite: true });
  if (!diff) return undefined;
  const pictures = { diff, composite: drawComposite(stored, file.picture, diff) };
  for (const name of ['diff', 'composite'] as const) {
    const bytes = await encodeStored(pictures[name], {}, { format: 'png' });
    await writeFileSafely(evidence[name], bytes, { overwrite: true });
  }
  return undefined;
}

type Evidence = Readonly<Record<'actual' | 'diff' | 'composite', string>>;

function evidencePaths({ folder, name }: SnapshotPlace, extension: string): Evidence {
  const start = join(folder, EVIDENCE, name);
  return { actual: `${start}-actual.${extension}`, diff: `${start}-diff.png`, composite: `${start}-composite.png` };
}

async function removeEvidence(place: SnapshotPlace): Promise<void> {
  const paths = GOLDENS.flatMap((extension) => Object.values(evidencePaths(place, extension)));
  for (const path of new Set(paths)) await unlink(path).catch(() => {});
  // Fails where pictures of other tests are in it.
  await rmdir(join(place.folder, EVIDENCE)).catch(() => {});
}

/** A path as it is shortest from where the tests run. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return showPath(short.startsWith('..') ? path : short);
}
