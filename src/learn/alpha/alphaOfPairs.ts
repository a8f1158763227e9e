import { isTransparent } from '../../correlate/alpha/isTransparent.ts';
import { premultiply } from '../../correlate/alpha/premultiply.ts';
import type { Picture } from '../../planes/picture.ts';
import { channelOf, type Planes, whiteOf } from '../../planes/planes.ts';
import type { BeforeAfter } from '../pairs.ts';

/** What a program did about transparency: it left alpha as it was, or filtered it with the colours, which it premultiplied. */
export type LearnedAlpha = 'untouched' | 'premultiplied';

export interface TransparentPair {
  readonly before: Required<Pick<Picture, 'alpha'>> & Picture;
  readonly after: Required<Pick<Picture, 'alpha'>> & Picture;
}

/**
 * Whether the afters have the alpha of their befores.
 *
 * @returns undefined where no before is transparent anywhere, or an after has no alpha: then there is nothing to tell
 */
export function alphaOfPairs(pairs: readonly BeforeAfter[]): 'untouched' | 'changed' | undefined {
  if (!haveAlpha(pairs) || !pairs.some(({ before }) => isTransparent(before))) return undefined;
  return pairs.every(isUntouched) ? 'untouched' : 'changed';
}

export function haveAlpha(pairs: readonly BeforeAfter[]): pairs is readonly TransparentPair[] {
  return pairs.every(({ before, after }) => hasAlpha(before) && hasAlpha(after));
}

function hasAlpha(x: BeforeAfter['before']): boolean {
  return typeof x === 'object' && x !== null && 'planes' in x && x.alpha !== undefined;
}

/** Of one size, or in the middle of the before where the after is a valid response. */
function isUntouched({ before, after }: TransparentPair): boolean {
  const [from, to] = [before.alpha, after.alpha];
  const [top, left] = [(from.height - to.height) >> 1, (from.width - to.width) >> 1];
  if (top < 0 || left < 0) return false;
  const scale = whiteOf(to) / whiteOf(from);
  // Half a sample of the coarser of the two.
  const near = 0.5 * Math.max(1, scale);
  for (let row = 0; row < to.height; row++) {
    const start = (row + top) * from.width + left;
    for (let column = 0; column < to.width; column++) {
      const was = from.data[start + column] * scale;
      if (Math.abs(to.data[row * to.width + column] - was) > near) return false;
    }
  }
  return true;
}

/** Pairs of alpha alone: a picture of one channel each, as it was stored. */
export function pairsOfAlpha(pairs: readonly TransparentPair[]): BeforeAfter[] {
  const grey = ({ alpha, ...picture }: TransparentPair['before']): Picture => ({ ...picture, planes: alpha });
  return pairs.map(({ before, after }) => ({ before: grey(before), after: grey(after) }));
}

/** Pairs of premultiplied colours; numbers, as the products are none that was stored. */
export function premultipliedPairs(pairs: readonly TransparentPair[]): { before: Planes; after: Planes }[] {
  return pairs.map(({ before, after }) => ({
    before: premultiply(before.planes, before.alpha),
    after: premultiply(after.planes, after.alpha),
  }));
}

/** Each channel's planes as a pair by themselves. */
export function channelsOfPairs(pairs: readonly { before: Planes; after: Planes }[]): BeforeAfter[] {
  return pairs.flatMap(({ before, after }) =>
    Array.from({ length: before.channels }, (_, c) => ({ before: channelOf(before, c), after: channelOf(after, c) })),
  );
}
