import { cutPlanes } from '../../planes/cut.ts';
import type { Planes } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';

/** Times as many samples as the filter misses must not be the before's own: where hardly anything changed, nothing is told. */
const CHANGED = 20;

/**
 * Whether a filter gives so many of the samples whose windows lie in the picture.
 *
 * @param rim rows and columns of a window on every side of its sample
 * @param least a share of those samples
 */
export function gives(
  examples: readonly Example[],
  make: (before: Planes) => Planes,
  rim: number,
  least: number,
): boolean {
  let [samples, missed, changed] = [0, 0, 0];
  for (const { before, after } of examples) {
    const made = make(before);
    for (let c = 0; c < after.channels; c++) {
      for (let row = rim; row < after.height - rim; row++) {
        const from = (c * after.height + row) * after.width;
        for (let i = from + rim; i < from + after.width - rim; i++) {
          samples++;
          if (made.data[i] !== after.data[i]) missed++;
          if (before.data[i] !== after.data[i]) changed++;
        }
      }
    }
  }
  return missed <= (1 - least) * samples && changed > CHANGED * Math.max(1, missed);
}

/** The middle part of both pictures, of at most so many rows and columns. */
export function partOf(example: Example, side: number): Example {
  const { before, after } = example;
  const [height, width] = [Math.min(side, before.height), Math.min(side, before.width)];
  const cut = (p: Planes): Planes => cutPlanes(p, (p.height - height) >> 1, (p.width - width) >> 1, height, width);
  return { ...example, before: cut(before), after: cut(after) };
}
