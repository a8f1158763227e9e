import { cutPlanes } from '../../planes/cut.ts';
import type { Example } from '../pairs.ts';
import type { Offset } from './findOffset.ts';

/** The parts of both pictures that show the same, where the after lies at an offset in the before: a pair of one size. */
export function alignPair(example: Example, { rows, columns }: Pick<Offset, 'rows' | 'columns'>): Example {
  const { before, after, whole } = example;
  const top = Math.max(0, rows);
  const left = Math.max(0, columns);
  const height = Math.min(before.height, rows + after.height) - top;
  const width = Math.min(before.width, columns + after.width) - left;
  return {
    ...example,
    before: cutPlanes(before, top, left, height, width),
    after: cutPlanes(after, top - rows, left - columns, height, width),
    ...(whole && { whole: cutPlanes(whole, top - rows, left - columns, height, width) }),
  };
}
