import type { Picture } from '../../planes/picture.ts';
import { planesOf, storedOf, type StoredPicture } from '../../planes/picture.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { Remark } from './remarks.ts';

/** A sample in so many is looked at: prime, so that no channel or column is passed over. */
const STEP = 61;

/** More than so much of a picture is most of it. */
const MOST = 0.5;

/** The share of a picture's numbers above white, of Float32, where that is most of them: they may be of another unit. */
export function aboveWhite({ samples, white, depth }: StoredPicture): { aboveWhite?: number } {
  if (depth !== 32) return {};
  const share = shareOf(samples, (sample) => sample > white);
  return share > MOST ? { aboveWhite: share } : {};
}

/** The share of a filter's result that is white, where that is most of it and the picture was not so white. */
export function mostlyWhite(stored: number, result: ArrayLike<number>, white: number): { white?: number } {
  const share = shareOf(result, (sample) => sample >= white);
  return share > MOST && stored < share / 2 ? { white: share } : {};
}

/** The share of samples at white or above. */
export function shareOfWhite({ samples, white }: Pick<StoredPicture, 'samples' | 'white'>): number {
  return shareOf(samples, (sample) => sample >= white);
}

/** A picture's samples where it holds them, else its numbers. */
export function samplesAndWhite(picture: Planes | Picture): [samples: ArrayLike<number>, white: number] {
  const stored = storedOf(picture);
  if (stored !== undefined) return [stored.samples, stored.white];
  const planes = planesOf(picture);
  return [planes.data, whiteOf(planes)];
}

function shareOf(samples: ArrayLike<number>, counts: (sample: number) => boolean): number {
  let found = 0;
  let seen = 0;
  const step = samples.length < STEP * 1000 ? 1 : STEP;
  for (let i = 0; i < samples.length; i += step, seen++) if (counts(samples[i])) found++;
  return found / Math.max(1, seen);
}

/** What is said at the end of a run of pictures that were clipped. */
export const CLIPPING: readonly Remark[] = [
  {
    of: ({ aboveWhite: share }) => typeof share === 'number' && share,
    sentence: (largest) =>
      `${percent(largest)} of the numbers lie above white, which is 1 unless --white says otherwise (255 or 65535, say)`,
  },
  {
    of: ({ white: share }) => typeof share === 'number' && share,
    sentence: (largest) =>
      `${percent(largest)} of the result is white, beyond which it was clipped (--map minmax stretches it instead)`,
  },
];

function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10}%`;
}
