import { version } from '../files/version.ts';
import type { InterleavedPicture, Picture } from '../planes/picture.ts';
import { whiteOf } from '../planes/planes.ts';
import type { LearnedPair, LearnedShown, LearnPage, ShownPicture } from './data.ts';
import { differenceMap } from './differenceMap.ts';
import { shownSamples } from './shownSamples.ts';
import { writeBeside } from './writeBeside.ts';

/** What a page tells of what was learned, before its pictures are made. */
interface ToldLearning {
  readonly learned: LearnedShown;
  /** The first pair by the names of its files. */
  readonly names: readonly [before: string, after: string];
  readonly before: Picture;
  readonly after: Picture;
  /** What was learned makes of the before; or why that cannot be shown. */
  readonly made: Picture | string;
}

interface LearnPageOptions {
  /** Where the page will lie. */
  readonly path: string;
  /** Bytes of pictures that the page holds itself; more lie in a folder beside it. */
  readonly limit: number;
}

/** What a page shows of what was learned. */
export async function learnPage(
  { learned, names, before, after, made }: ToldLearning,
  { path, limit }: LearnPageOptions,
): Promise<LearnPage> {
  const page = { kind: 'learn', version, command: 'learn', learned } as const;
  if (typeof made === 'string') return { ...page, without: made };
  const [expected, given] = [interleaved(after), interleaved(made)];
  const pictures = [interleaved(before), expected, given, differenceMap(given, expected).picture];
  let shown: ShownPicture[] = await Promise.all(pictures.map(shownSamples));
  const bytes = shown.reduce((sum, one) => sum + (one.kind === 'samples' ? one.data.length : 0), 0);
  if (bytes > limit) {
    const sides = ['before', 'after', 'reproduced', 'residual'];
    shown = await Promise.all(pictures.map((picture, i) => writeBeside(picture, `${sides[i]}.png`, path)));
  }
  const [one, other, reproduced, residual] = shown;
  const histogram = histogramOf(after, made);
  const pair: LearnedPair = { names, before: one, after: other, made: reproduced, residual, histogram };
  return { ...page, pair };
}

/** Colour alone, as numbers of the picture's own. */
function interleaved({ planes, depth }: Picture): InterleavedPicture {
  const { channels, height, width, data } = planes;
  const size = height * width;
  const samples =
    depth === 8
      ? new Uint8Array(data.length)
      : depth === 16
        ? new Uint16Array(data.length)
        : new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) samples[(i % size) * channels + Math.floor(i / size)] = data[i];
  return { samples, height, width, stride: channels, channels, white: whiteOf(planes) };
}

/** Of whole samples a column for each level where they are few. */
const MOST_COLUMNS = 61;

/** How often the after exceeds what was made by so much, in the after's samples (of floats, of white). */
function histogramOf(after: Picture, made: Picture): [difference: number, count: number][] {
  const unit = after.depth === 32 ? whiteOf(after.planes) : 1;
  const differences = after.planes.data.map((sample, i) => (sample - made.planes.data[i]) / unit);
  const most = differences.reduce((largest, one) => Math.max(largest, Math.abs(one)), 0);
  if (most === 0) return [[0, differences.length]];
  const half = (MOST_COLUMNS - 1) / 2;
  const width = after.depth === 32 ? most / half : Math.max(1, Math.ceil(most / half));
  const reach = Math.ceil(most / width);
  const counts = new Array<number>(2 * reach + 1).fill(0);
  for (const one of differences) if (Number.isFinite(one)) counts[Math.round(one / width) + reach]++;
  return counts.map((count, i) => [(i - reach) * width, count]);
}
