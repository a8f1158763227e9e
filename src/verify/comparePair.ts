import { readBytes } from '../disk/readBytes.ts';
import { readSamples } from '../files/decode/readSamples.ts';
import { sniff } from '../files/decode/sniff.ts';
import { LIMIT_BYTES } from '../files/limits.ts';
import {
  areLinesOf,
  inflatePng,
  isPaethOnly,
  pngChunks,
  type PngLines,
  sameLines,
  unfilteredSamples,
} from '../files/png/inflatePng.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { compareOpened, sameComparison } from './compareImages.ts';
import { type ImageComparison } from './comparison.ts';
import type { Comparator } from './options.ts';

export interface PairFound {
  readonly match: boolean;
  readonly message: string;
  /** Absent where the files are the same bytes: then nothing was decoded. */
  readonly comparison?: ImageComparison;
  readonly actualBytes: Uint8Array;
  /** The golden's samples, where they were decoded and differ. */
  readonly golden?: InterleavedPicture;
  /** Where they differ; for pictures that do not match. */
  readonly draw?: () => InterleavedPicture;
}

export interface PairOptions {
  readonly comparator: Comparator;
  readonly mask: InterleavedPicture | undefined;
  readonly limitPixels: number;
}

/**
 * Compares two files, and takes the shortest way to a verdict: the same bytes, then the same rows of two PNGs, then samples.
 *
 * @throws PictureError where one of them cannot be read
 */
export async function comparePair(actualPath: string, goldenPath: string, options: PairOptions): Promise<PairFound> {
  const { comparator, mask, limitPixels } = options;
  const [actualBytes, goldenBytes] = await Promise.all(
    [actualPath, goldenPath].map((path) => readBytes(path, 'a picture', LIMIT_BYTES)),
  );
  if (Buffer.compare(actualBytes, goldenBytes) === 0) {
    // The same damage on both sides is no match.
    if (!looksWhole(goldenBytes)) await readSamples(goldenPath, { limitPixels });
    return { match: true, message: 'the same bytes', actualBytes };
  }
  const [first, second] = await Promise.all([actualBytes, goldenBytes].map((bytes) => inflatePng(bytes, limitPixels)));
  const open = {
    actual: opener(first, actualPath, limitPixels),
    golden: opener(second, goldenPath, limitPixels),
  };
  if (first && second && !mask && comparator.ignore.length === 0 && (await haveSameSamples(first, second, open))) {
    const comparison = sameComparison(first, comparator.metric);
    return { match: true, message: comparison.message, comparison, actualBytes };
  }
  const [actual, golden] = await Promise.all([open.actual(), open.golden()]);
  const { draw, ...comparison } = compareOpened(actual, golden, comparator, mask);
  const { match, message } = comparison;
  return { match, message, comparison, actualBytes, golden, ...(draw ? { draw } : {}) };
}

type Opener = () => Promise<InterleavedPicture>;

/** Decodes a picture when it is first asked for, and not again. */
function opener(lines: PngLines | undefined, path: string, limitPixels: number): Opener {
  let opened: Promise<InterleavedPicture> | undefined;
  return () => {
    opened ??= Promise.resolve((lines && unfilteredSamples(lines)) ?? readSamples(path, { limitPixels }));
    return opened;
  };
}

/** Whether two PNGs are told to be the same picture by decoding one of them at most. */
async function haveSameSamples(
  first: PngLines,
  second: PngLines,
  open: { readonly actual: Opener; readonly golden: Opener },
): Promise<boolean> {
  if (sameLines(first, second)) return true;
  if (isPaethOnly(first)) return !isPaethOnly(second) && areLinesOf(first, await open.golden());
  return isPaethOnly(second) && areLinesOf(second, await open.actual());
}

/** Whether a file is whole, as far as that shows without decoding it. */
function looksWhole(bytes: Uint8Array): boolean {
  const end = bytes.length;
  switch (sniff(bytes)) {
    case 'png':
      return pngChunks(bytes) !== undefined;
    case 'jpeg':
      return bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9;
    case 'gif':
      return bytes[end - 1] === 0x3b;
    case 'webp':
      return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8 === end;
    case 'tiff':
    case 'avif':
    case 'npy':
    case undefined:
      return false;
  }
}
