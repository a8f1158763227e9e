import { join } from 'node:path';
import { readSamples } from '../files/decode/readSamples.ts';
import { version } from '../files/version.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { changedRegions } from '../verify/changedRegions.ts';
import { markPixels } from '../verify/markPixels.ts';
import type { Comparator } from '../verify/options.ts';
import type { PartialReport, VerifiedItem } from '../verify/verifyReport.ts';
import type { FileShown, ShownPicture, VerifyEntry, VerifyPage } from './data.ts';
import { decidedBy } from './decidedBy.ts';
import { differenceMap } from './differenceMap.ts';
import { hrefOf } from './hrefOf.ts';
import { shownSamples } from './shownSamples.ts';

interface VerifyPageOptions {
  /** Where the page will lie. */
  readonly path: string;
  /** Bytes of pictures that the page holds itself; those that come later are shown from their files. */
  readonly limit: number;
  /** Begins the command that accepts pictures, before their names. */
  readonly accept: readonly string[];
  /** How pictures were compared. */
  readonly comparator: Comparator;
  /** Bright where nothing was compared. */
  readonly mask?: InterleavedPicture | undefined;
  readonly limitPixels?: number;
}

/** More regions are counted, and not shown. */
const MOST_REGIONS = 100;

/**
 * What a page tells of a comparison of folders. Pictures that need to be looked at are in it with every sample; what passed is a line.
 * What cannot be read, or is of more pages than one, is told in words.
 */
export async function verifyPage(report: PartialReport, options: VerifyPageOptions): Promise<VerifyPage> {
  const { actual, golden, match, interrupted, comparator, problems, notes } = report;
  const items: VerifyEntry[] = [];
  const room = { left: options.limit };
  for (const item of report.items) {
    const pictures = item.verdict === 'passed' ? {} : await picturesOf(item, report, options, room);
    items.push({ ...entryOf(item, options.comparator), ...pictures });
  }
  return {
    kind: 'verify',
    version,
    actual,
    golden,
    match,
    interrupted,
    comparator,
    problems,
    notes,
    items,
    accept: options.accept,
  };
}

function entryOf(
  { path, verdict, failed, message, from, comparison }: VerifiedItem,
  comparator: Comparator,
): VerifyEntry {
  return {
    path,
    verdict,
    failed,
    message,
    ...(from === undefined ? {} : { from }),
    ...(comparison === undefined ? {} : { ratio: comparison.diffRatio }),
    ...(comparison === undefined || verdict === 'passed' ? {} : { decided: decidedBy(comparison, comparator) }),
  };
}

type Pictures = Pick<VerifyEntry, 'expected' | 'actual' | keyof Differences>;

async function picturesOf(
  item: VerifiedItem,
  { actual, golden }: PartialReport,
  options: VerifyPageOptions,
  room: { left: number },
): Promise<Pictures> {
  const isThere = { actual: item.verdict !== 'deleted', expected: item.verdict !== 'new' };
  const paths = {
    actual: join(actual, item.path),
    expected: join(golden, item.verdict === 'renamed' ? (item.from ?? item.path) : item.path),
  };
  const read = {
    actual: isThere.actual ? await opened(paths.actual, options, item) : undefined,
    expected: isThere.expected ? await opened(paths.expected, options, item) : undefined,
  };
  const shown = async (side: 'actual' | 'expected'): Promise<ShownPicture | undefined> => {
    const picture = read[side];
    if (picture === undefined) return undefined;
    const samples = await shownSamples(picture);
    if (samples.data.length > room.left) return fileOf(paths[side], picture, options.path);
    room.left -= samples.data.length;
    return samples;
  };
  const [expected, made] = [await shown('expected'), await shown('actual')];
  const differences =
    item.verdict === 'changed' && read.actual && read.expected
      ? await differencesOf(read.actual, read.expected, options, room)
      : {};
  return {
    ...(expected === undefined ? {} : { expected }),
    ...(made === undefined ? {} : { actual: made }),
    ...differences,
  };
}

type Differences = Pick<VerifyEntry, 'regions' | 'moreRegions' | 'largest' | 'difference'>;

/** Where two pictures differ, and how much. */
async function differencesOf(
  actual: InterleavedPicture,
  expected: InterleavedPicture,
  { comparator, mask }: VerifyPageOptions,
  room: { left: number },
): Promise<Differences> {
  const marked = await markPixels(actual, expected, comparator, mask);
  if (marked === undefined) return {};
  const regions = changedRegions(marked);
  const { picture, largest } = differenceMap(actual, expected);
  const samples = new Uint8Array(2 * picture.samples.length);
  for (let i = 0; i < picture.samples.length; i++) {
    samples[2 * i] = picture.samples[i];
    samples[2 * i + 1] = marked.data[i];
  }
  const difference = await shownSamples({ ...picture, samples, stride: 2 });
  const fits = difference.data.length <= room.left;
  if (fits) room.left -= difference.data.length;
  return {
    regions: regions.slice(0, MOST_REGIONS),
    ...(regions.length > MOST_REGIONS ? { moreRegions: regions.length - MOST_REGIONS } : {}),
    ...(largest === undefined
      ? {}
      : { largest: { ...largest, expected: pixelOf(expected, largest), actual: pixelOf(actual, largest) } }),
    ...(fits ? { difference } : {}),
  };
}

/** What a pixel holds, in the file's own numbers. */
function pixelOf(
  { samples, width, stride }: InterleavedPicture,
  { row, column }: { row: number; column: number },
): number[] {
  const from = (row * width + column) * stride;
  return Array.from(samples.subarray(from, from + stride));
}

async function opened(
  path: string,
  { limitPixels }: VerifyPageOptions,
  { comparison }: VerifiedItem,
): Promise<InterleavedPicture | undefined> {
  try {
    const page = comparison?.frame === undefined ? {} : { page: comparison.frame };
    return await readSamples(path, { ...(limitPixels === undefined ? {} : { limitPixels }), failOn: 'none', ...page });
  } catch {
    // The verdict says why.
    return undefined;
  }
}

function fileOf(path: string, { height, width }: InterleavedPicture, page: string): FileShown {
  return { kind: 'file', href: hrefOf(path, page), height, width };
}
