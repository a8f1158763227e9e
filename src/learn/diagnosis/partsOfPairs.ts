import { cutPlanes } from '../../planes/cut.ts';
import type { Planes } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';

/** Rows and columns of a part: many beside a kernel of 15×15 taps, few beside what is drawn into a picture. */
const SIDE = 192;

/** Parts of all pairs together, and of each pair at least. */
const PARTS = 10;
const LEAST_PARTS = 2;

/** Rows and columns that a kernel takes of an after; more is a part of another scene. */
const MOST_LACKING = 62;

/**
 * Parts from all over the pictures, as pairs of their own: what explains none of them explains no picture, which is told in a fraction of the
 * time.
 *
 * @returns undefined where the pictures are hardly larger than their parts would be
 */
export function partsOfPairs(examples: readonly Example[]): readonly Example[] | undefined {
  const all = examples.reduce((sum, { after }) => sum + after.height * after.width, 0);
  const each = Math.max(LEAST_PARTS, Math.round(PARTS / examples.length));
  if (all < 2 * each * examples.length * SIDE * SIDE) return undefined;
  if (examples.some(({ before, after }) => !isOfOnePlace(before, after))) return undefined;
  return examples.flatMap((example) => partsOfPair(example, each));
}

function isOfOnePlace(before: Planes, after: Planes): boolean {
  const lacking = [before.height - after.height, before.width - after.width];
  return lacking.every((count) => count >= 0 && count <= MOST_LACKING);
}

/** In rows that are shifted against each other, so that no part stands below another. */
function partsOfPair(example: Example, count: number): Example[] {
  const { before, after, whole } = example;
  const [height, width] = [Math.min(SIDE, after.height), Math.min(SIDE, after.width)];
  const [rows, columns] = [before.height - after.height, before.width - after.width];
  const down = Math.max(1, Math.round(Math.sqrt((count * after.height) / after.width)));
  return Array.from({ length: count }, (_, i) => {
    const along = (i + 0.5) / count;
    const top = Math.round(((i % down) + along) * ((after.height - height) / down));
    const left = Math.round(along * (after.width - width));
    const cut = (p: Planes): Planes => cutPlanes(p, top, left, height, width);
    return {
      ...example,
      before: cutPlanes(before, top, left, height + rows, width + columns),
      after: cut(after),
      ...(whole && { whole: cut(whole) }),
    };
  });
}
