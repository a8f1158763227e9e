import { dirname, extname } from 'node:path';
import { FileError } from '../disk/fileError.ts';
import { readBytes } from '../disk/readBytes.ts';
import { isInside, realOf } from '../disk/realPaths.ts';
import { showPath } from '../disk/showPath.ts';
import { type WriteOptions, writeFileSafely } from '../disk/writeFileSafely.ts';
import { LIMIT_BYTES } from '../files/limits.ts';
import { encodePngStrips } from '../files/png/encodePng.ts';
import type { Drawing } from './compareOpened.ts';
import type { PairFound } from './comparePair.ts';

/** Where pictures of a change were written; absent is what could not be. */
export interface EvidencePaths {
  readonly actual?: string;
  readonly expected?: string;
  readonly diff?: string;
}

/** What pictures of a change are called, below their folder. */
export type EvidenceNames = Required<EvidencePaths>;

/** @param stem what the names begin with; see `evidenceStems` */
export function evidenceNames(path: string, stem: string): EvidenceNames {
  return {
    actual: `${stem}-actual${extname(path)}`,
    expected: `${stem}-expected${extname(path)}`,
    diff: `${stem}-diff.png`,
  };
}

/** Puts a file that others make into its place; where that cannot be, says nothing here and gives nothing back. */
export type Put = (name: string, make: () => Promise<Uint8Array>) => Promise<string | undefined>;

/** Writes the picture, its golden, and where they differ; nothing where none of them could be put where it belongs. */
export async function writeEvidenceFiles(
  names: EvidenceNames,
  golden: string,
  { actualBytes, draw }: PairFound,
  put: Put,
): Promise<EvidencePaths | undefined> {
  const actual = await put(names.actual, async () => actualBytes);
  const expected = await put(names.expected, () => readBytes(golden, 'a picture', LIMIT_BYTES));
  const diff = draw ? await put(names.diff, () => encodeDrawing(draw())) : undefined;
  if (actual === undefined && expected === undefined && diff === undefined) return undefined;
  return { ...(actual ? { actual } : {}), ...(expected ? { expected } : {}), ...(diff ? { diff } : {}) };
}

/**
 * Writes one of them.
 *
 * @throws FileError where it cannot be written, or would leave the folder
 */
export async function writeWithin(
  folder: string,
  path: string,
  bytes: Uint8Array,
  how: Pick<WriteOptions, 'beforeNaming'> = {},
): Promise<void> {
  // A folder on the way may be a link to anywhere.
  if (!isInside(await realOf(folder), await realOf(dirname(path)))) {
    throw new FileError('unwritable', `Expected to write ${showPath(path)} but found a link that leaves the folder`);
  }
  await writeFileSafely(path, bytes, how);
}

/** A drawing as a PNG, which is made while it is drawn. */
export function encodeDrawing({ height, width, strips }: Drawing): Promise<Uint8Array> {
  return encodePngStrips({ height, width, stride: 3 }, strips);
}
