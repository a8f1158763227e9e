import { hashBytes } from '../disk/hashBytes.ts';
import { readBytes } from '../disk/readBytes.ts';
import type { FrameOptions } from '../files/decode/apngPictures.ts';
import { DEFAULT_FAIL_ON, LIMIT_BYTES, type ReadLimits } from '../files/limits.ts';
import { areLinesOf, inflatePng, isPaethOnly, type PngLines, sameLines } from '../files/png/inflatePng.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { compareFrames } from './compareFrames.ts';
import { type Drawing, sameComparison } from './compareOpened.ts';
import type { ImageComparison } from './comparison.ts';
import type { GoldenFacts } from './manifest.ts';
import { expectReadable, type Frames, framesOfLines, plainFrames } from './openFrames.ts';
import type { Comparator } from './options.ts';
import { roomForPair } from './roomForPair.ts';

export interface PairFound {
  readonly match: boolean;
  readonly message: string;
  /** Absent where the files are the same bytes: then nothing was decoded. */
  readonly comparison?: ImageComparison;
  readonly actualBytes: Uint8Array;
  /** Where they differ; for pictures that do not match. */
  readonly draw?: () => Drawing;
}

export interface PairOptions {
  readonly comparator: Comparator;
  readonly mask: InterleavedPicture | undefined;
  readonly limits: ReadLimits;
  /** Called with about the bytes that the pair takes, once its files were read; comparing waits for what it returns. */
  readonly admit?: ((bytes: number) => Promise<void>) | undefined;
  /** What this very program found out about the golden's file when it was accepted. */
  readonly known?: GoldenFacts | undefined;
}

/**
 * Compares two files, and takes the shortest way to a verdict: the same bytes, then the same rows of two PNGs, then samples.
 *
 * @throws FileError where one of them cannot be read
 */
export async function comparePair(actualPath: string, goldenPath: string, options: PairOptions): Promise<PairFound> {
  const { comparator, mask, limits } = options;
  const [actualBytes, goldenBytes] = await Promise.all(
    [actualPath, goldenPath].map((path) => readBytes(path, 'a picture', LIMIT_BYTES)),
  );
  const isSame = Buffer.compare(actualBytes, goldenBytes) === 0;
  const isKnown = isSame && (await wasRead(goldenBytes, options));
  if (options.admit !== undefined && !isKnown)
    await options.admit(await roomForPair([actualBytes, goldenBytes], limits));
  if (isSame) {
    // The same damage on both sides is no match.
    if (!isKnown) await expectReadable(goldenBytes, { path: goldenPath, ...limits });
    return { match: true, message: 'the same bytes', actualBytes };
  }
  const { open, same } = await openPair([actualBytes, goldenBytes], [actualPath, goldenPath], options);
  if (same !== undefined) {
    const comparison = sameComparison(same, comparator.metric);
    return { match: true, message: comparison.message, comparison, actualBytes };
  }
  const [actual, golden] = await Promise.all([open.actual(), open.golden()]);
  const { draw, ...comparison } = await compareFrames(actual, golden, comparator, mask);
  const { match, message } = comparison;
  return { match, message, comparison, actualBytes, ...(draw ? { draw } : {}) };
}

/** Of larger pictures rows would take as much as samples, long after they were of use. */
const MOST_INFLATED_PIXELS = 2 ** 25;

/** How to decode both pictures, and the shape of both where their rows tell that they are the same. */
async function openPair(
  [actualBytes, goldenBytes]: readonly Uint8Array[],
  [actualPath, goldenPath]: readonly string[],
  { comparator, mask, limits }: PairOptions,
): Promise<{ readonly open: PairOpeners; readonly same: Pick<PngLines, 'height' | 'width'> | undefined }> {
  const [first, second] = await Promise.all(
    [actualBytes, goldenBytes].map((bytes) => inflatePng(bytes, Math.min(MOST_INFLATED_PIXELS, limits.limitPixels))),
  );
  const open = {
    actual: opener(first, actualBytes, { path: actualPath, ...limits }),
    golden: opener(second, goldenBytes, { path: goldenPath, ...limits }),
  };
  const isSame =
    first && second && !mask && comparator.ignore.length === 0 && (await haveSameSamples(first, second, open));
  return { open, same: isSame ? { height: first.height, width: first.width } : undefined };
}

/** Whether a golden is the file, byte for byte, that was decoded by this very program when it was accepted. */
async function wasRead(bytes: Uint8Array, { known, limits }: PairOptions): Promise<boolean> {
  if (known === undefined || known.width * known.height > limits.limitPixels) return false;
  return (known.failOn ?? DEFAULT_FAIL_ON) === limits.failOn && known.file === (await hashBytes(bytes));
}

type Opener = () => Promise<Frames>;

interface PairOpeners {
  readonly actual: Opener;
  readonly golden: Opener;
}

/** Decodes a picture when it is first asked for, and not again. Rows that were inflated are given up then: they take as much as samples. */
function opener(inflated: PngLines | undefined, bytes: Uint8Array, options: FrameOptions): Opener {
  let lines = inflated;
  let opened: Promise<Frames> | undefined;
  return () => {
    if (opened === undefined) {
      const plain = lines && plainFrames(lines);
      lines = undefined;
      opened = plain === undefined ? framesOfLines(undefined, bytes, options) : Promise.resolve(plain);
    }
    return opened;
  };
}

/** Whether two plain PNGs are told to be the same picture by decoding one of them at most. */
async function haveSameSamples(first: PngLines, second: PngLines, open: PairOpeners): Promise<boolean> {
  if (sameLines(first, second)) return true;
  if (isPaethOnly(first)) return !isPaethOnly(second) && areLinesOf(first, (await open.golden()).first);
  return isPaethOnly(second) && areLinesOf(second, (await open.actual()).first);
}
