import type { Border } from '../../planes/border.ts';
import { pad } from '../../planes/pad.ts';
import { createPlanes, type Planes } from '../../planes/planes.ts';
import { extremes } from './extremes.ts';
import { mediansOfBytes } from './mediansOfBytes.ts';
import { mediansOfFloats } from './mediansOfFloats.ts';
import type { Window } from './window.ts';

export const RANKS = ['minimum', 'median', 'maximum'] as const;

/** Which sample of a window is taken, once they are sorted: the least, the one in the middle, or the greatest. */
type Rank = (typeof RANKS)[number];

export interface RankFilter extends Window {
  readonly rank: Rank;
}

/**
 * Of every sample's window the sample of that rank, each channel by itself: an erosion, a median or a dilation.
 *
 * @param x C×H×W
 * @returns C×H×W
 */
export function rankFilter(x: Planes, { rank, height, width }: RankFilter, border: Border): Planes {
  const [rows, columns] = [(height - 1) / 2, (width - 1) / 2];
  const seen = pad(x, { top: rows, bottom: rows, left: columns, right: columns }, border);
  const result = createPlanes(x.channels, x.height, x.width, x.white);
  const window = { height, width };
  if (rank !== 'median') extremes(seen, window, rank, result);
  else if (holdsBytes(seen)) mediansOfBytes(seen, window, result);
  else mediansOfFloats(seen, window, result);
  return result;
}

function holdsBytes({ data }: Planes): boolean {
  return data.every((value) => value === (value & 255));
}
