import type { RoundedMask } from '../../correlate/nonlinear/roundedMask.ts';
import { type RoundedPasses, roundedPasses } from '../../correlate/nonlinear/roundedPasses.ts';
import { cutPlanes } from '../../planes/cut.ts';
import { channelOf, type Planes, whiteOf } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';
import { exactlyOf } from './exactly.ts';
import type { FoundPasses } from './foundPasses.ts';
import { PILLOW_BORDER, pillowGaussians, reachOf } from './programBlurs.ts';

/** Of a picture, times what a blur reaches on one side: of wider ones too little is inside. */
const SIDES = 4;

/** Rows and columns of the part that is looked at first, within what the passes reach. */
const PART = 24;

/**
 * The unsharp mask by Pillow that gives all samples of the afters; undefined where none does.
 *
 * @param examples of whole samples, after as before
 * @param pause awaited between blurs
 */
export async function findRoundedMask(
  examples: readonly Example[],
  pause: () => Promise<void>,
): Promise<FoundPasses | undefined> {
  const widest = Math.floor(Math.min(...examples.flatMap(({ before }) => [before.height, before.width])) / SIDES);
  const blurs = pillowGaussians().filter(({ passes }) => reachOf(passes) <= widest);
  const part = mostChanged(examples[0], Math.max(0, ...blurs.map(({ passes }) => reachOf(passes))));
  for (const { sigma, passes } of blurs) {
    await pause();
    const blurredOf = (x: Planes): Planes => roundedPasses(x, passes, PILLOW_BORDER);
    if (masksBetween([seenFirst(part, reachOf(passes), blurredOf)]) === undefined) continue;
    const bounds = masksBetween(examples.map((one) => ({ ...one, blurred: blurredOf(one.before) })));
    const masks = bounds === undefined ? [] : masksWithin(bounds);
    if (masks.length === 0) continue;
    const own: RoundedPasses = { ...passes, mask: masks[0] };
    const exactly = exactlyOf(examples, (before) => roundedPasses(before, own, PILLOW_BORDER));
    if (exactly.reproduced < exactly.samples) continue;
    const calls = masks.map(
      ({ percent, threshold }) => `Pillow's ImageFilter.UnsharpMask(${sigma}, ${percent}, ${threshold})`,
    );
    return { passes: own, border: PILLOW_BORDER, calls, ...exactly };
  }
  return undefined;
}

interface Blurred extends Pick<Example, 'before' | 'after'> {
  readonly blurred: Planes;
}

/** One channel of a picture, and a square in it. */
interface Square extends Pick<Example, 'before' | 'after'> {
  readonly top: number;
  readonly left: number;
  readonly side: number;
}

function seenFirst(
  { before, after, top, left, side }: Square,
  reach: number,
  blurredOf: (x: Planes) => Planes,
): Blurred {
  const wide = side + 2 * reach;
  const blurred = blurredOf(cutPlanes(before, top - reach, left - reach, wide, wide));
  return {
    before: cutPlanes(before, top, left, side, side),
    after: cutPlanes(after, top, left, side, side),
    blurred: cutPlanes(blurred, reach, reach, side, side),
  };
}

/** Where most samples are not the before's: elsewhere differences may be below the threshold throughout. */
function mostChanged(example: Example, rim: number): Square {
  const before = channelOf(example.before, 0);
  const after = channelOf(example.after, 0);
  const side = Math.min(PART, before.height - 2 * rim, before.width - 2 * rim);
  let most = -1;
  let place = { top: rim, left: rim };
  for (let top = rim; top + side <= before.height - rim; top += side) {
    for (let left = rim; left + side <= before.width - rim; left += side) {
      let changed = 0;
      for (let row = top; row < top + side; row++) {
        const from = row * before.width;
        for (let i = from + left; i < from + left + side; i++) if (before.data[i] !== after.data[i]) changed++;
      }
      if (changed > most) [most, place] = [changed, { top, left }];
    }
  }
  return { before, after, side, ...place };
}

/** Whole numbers from the first to the last. */
interface MaskBounds {
  readonly percents: readonly [number, number];
  readonly thresholds: readonly [number, number];
}

/** Percents beyond this are no mask that somebody typed. */
const MOST_PERCENT = 1000;

/**
 * The masks that all samples allow: one that went away from the blurred sample by a share of its difference bounds the percents, as
 * fractions were cut off; one that stayed as it was though its difference is large bounds the threshold from below.
 */
function masksBetween(pairs: readonly Blurred[]): MaskBounds | undefined {
  let [low, high, leastChanged] = [0, MOST_PERCENT, Number.POSITIVE_INFINITY];
  for (const { before, after, blurred } of pairs) {
    const white = whiteOf(after);
    for (let i = 0; i < after.data.length; i++) {
      const sample = after.data[i];
      const change = sample - before.data[i];
      if (change === 0) continue;
      const difference = before.data[i] - blurred.data[i];
      if (change * difference <= 0) return undefined;
      const size = Math.abs(difference);
      leastChanged = Math.min(leastChanged, size);
      low = Math.max(low, (100 * Math.abs(change)) / size);
      // What was cut at black or white may have been any more.
      if (sample > 0 && sample < white) high = Math.min(high, (100 * (Math.abs(change) + 1)) / size);
      if (low >= high) return undefined;
    }
  }
  const percents = [Math.ceil(low), Math.ceil(high) - 1] as const;
  const thresholds = [largestKept(pairs, percents[0]), leastChanged - 1] as const;
  return percents[0] <= percents[1] && thresholds[0] <= thresholds[1] ? { percents, thresholds } : undefined;
}

/** The largest difference of which at least one whole sample would have been added, and was not. */
function largestKept(pairs: readonly Blurred[], percent: number): number {
  let largest = 0;
  for (const { before, after, blurred } of pairs) {
    const white = whiteOf(after);
    for (let i = 0; i < after.data.length; i++) {
      const sample = after.data[i];
      if (sample !== before.data[i] || sample === 0 || sample === white) continue;
      const size = Math.abs(sample - blurred.data[i]);
      if (size * percent >= 100) largest = Math.max(largest, size);
    }
  }
  return largest;
}

/** So many calls can be told; of more the pictures tell too little. */
const MOST_TOLD = 4;

function masksWithin({ percents, thresholds }: MaskBounds): RoundedMask[] {
  const all = ([first, last]: readonly [number, number]): number[] =>
    Array.from({ length: Math.min(MOST_TOLD, last - first) + 1 }, (_, i) => first + i);
  const masks = all(percents).flatMap((percent) => all(thresholds).map((threshold) => ({ percent, threshold })));
  return masks.length > MOST_TOLD ? [] : masks;
}
