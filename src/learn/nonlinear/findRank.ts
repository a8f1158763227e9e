import { RANKS, type RankFilter, rankFilter } from '../../correlate/nonlinear/rankFilter.ts';
import { type BorderName, LIKELY_BORDERS } from '../../planes/border.ts';
import type { Planes } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';
import { type Exactly, exactlyOf, hasSamplesAlike } from './exactly.ts';
import { gives, partOf } from './gives.ts';

/** The median, minimum or maximum of a window that made the afters. */
export interface FoundRank extends Exactly {
  readonly rank: RankFilter;
  /** All borders that give most of the rims. */
  readonly borders: readonly BorderName[];
}

const SIDES: readonly number[] = [3, 5, 7, 9];

/** Of samples whose windows lie in the picture: with fewer it is another filter. */
const NEARLY_ALL = 0.999;

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
  const parts = examples.map((example) => partOf(example, PART));
  for (const side of SIDES) {
    if (examples.some(({ before }) => Math.min(before.height, before.width) < 4 * side)) return undefined;
    for (const name of RANKS) {
      const rank: RankFilter = { rank: name, height: side, width: side };
      const make = (before: Planes): Planes => rankFilter(before, rank, 'replicate');
      const rim = (side - 1) / 2;
      await pause();
      if (!gives(parts, make, rim, NEARLY_ALL)) continue;
      await pause();
      if (gives(examples, make, rim, NEARLY_ALL)) return { rank, ...borderOf(examples, rank) };
    }
  }
  return undefined;
}

/** The borders that give most samples, and what comes out under the first. */
function borderOf(examples: readonly Example[], rank: RankFilter): Exactly & Pick<FoundRank, 'borders'> {
  const found = LIKELY_BORDERS.map((border) => ({
    border,
    exactly: exactlyOf(examples, (before) => rankFilter(before, rank, border)),
  }));
  const most = Math.max(...found.map(({ exactly }) => exactly.reproduced));
  const best = found.filter(({ exactly }) => exactly.reproduced === most);
  return { ...best[0].exactly, borders: best.map(({ border }) => border) };
}
