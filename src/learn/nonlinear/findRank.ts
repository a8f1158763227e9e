import { RANKS, type RankFilter, rankFilter } from '../../correlate/nonlinear/rankFilter.ts';
import type { BorderName } from '../../planes/border.ts';
import { cutPlanes } from '../../planes/cut.ts';
import type { Planes } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';
import { type Exactly, exactlyOf, hasSamplesAlike } from './exactly.ts';

/** The median, minimum or maximum of a window that made the afters. */
export interface FoundRank extends Exactly {
  readonly rank: RankFilter;
  /** All borders that give most of the rims. */
  readonly borders: readonly BorderName[];
}

const SIDES: readonly number[] = [3, 5, 7, 9];

const BORDERS: readonly BorderName[] = ['replicate', 'reflect101', 'symmetric', 'zero', 'wrap'];

/** Of samples whose windows lie in the picture: with fewer it is another filter. */
const NEARLY_ALL = 0.999;

/** Times as many samples as the filter misses must not be the before's own: where hardly anything changed, nothing is told. */
const CHANGED = 20;

/** Rows and columns of the part of each picture that is looked at first. */
const PART = 96;

/**
 * The median, minimum or maximum of 3×3 to 9×9 samples that gives nearly all samples of the afters; undefined where none does.
 *
 * @param pause awaited between filters
 */
export async function findRank(
  examples: readonly Example[],
  pause: () => Promise<void>,
): Promise<FoundRank | undefined> {
  if (!examples.every(hasSamplesAlike)) return undefined;
  const parts = examples.map(partOf);
  for (const side of SIDES) {
    if (examples.some(({ before }) => Math.min(before.height, before.width) < 4 * side)) return undefined;
    for (const name of RANKS) {
      const rank: RankFilter = { rank: name, height: side, width: side };
      await pause();
      if (!gives(parts, rank)) continue;
      await pause();
      if (gives(examples, rank)) return { rank, ...borderOf(examples, rank) };
    }
  }
  return undefined;
}

function partOf(example: Example): Example {
  const { before, after } = example;
  const [height, width] = [Math.min(PART, before.height), Math.min(PART, before.width)];
  const cut = (p: Planes): Planes => cutPlanes(p, (p.height - height) >> 1, (p.width - width) >> 1, height, width);
  return { ...example, before: cut(before), after: cut(after) };
}

/** Whether nearly all samples come out whose windows lie in the picture. */
function gives(examples: readonly Example[], rank: RankFilter): boolean {
  let [samples, missed, changed] = [0, 0, 0];
  for (const { before, after } of examples) {
    const made = rankFilter(before, rank, 'replicate');
    const rim = (rank.height - 1) / 2;
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
  return missed <= (1 - NEARLY_ALL) * samples && changed > CHANGED * Math.max(1, missed);
}

/** The borders that give most samples, and what comes out under the first. */
function borderOf(examples: readonly Example[], rank: RankFilter): Exactly & Pick<FoundRank, 'borders'> {
  const found = BORDERS.map((border) => ({
    border,
    exactly: exactlyOf(examples, (before) => rankFilter(before, rank, border)),
  }));
  const most = Math.max(...found.map(({ exactly }) => exactly.reproduced));
  const best = found.filter(({ exactly }) => exactly.reproduced === most);
  return { ...best[0].exactly, borders: best.map(({ border }) => border) };
}
