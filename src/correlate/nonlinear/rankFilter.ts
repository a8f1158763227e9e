import type { Border } from '../../planes/border.ts';
import { pad } from '../../planes/pad.ts';
import { createPlanes, type Planes } from '../../planes/planes.ts';

export const RANKS = ['minimum', 'median', 'maximum'] as const;

/** Which sample of a window is taken, once they are sorted: the least, the one in the middle, or the greatest. */
type Rank = (typeof RANKS)[number];

export interface RankFilter {
  readonly rank: Rank;
  /** Rows and columns of the window, odd. */
  readonly height: number;
  readonly width: number;
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
  const window = new Float32Array(height * width);
  const at = rank === 'minimum' ? 0 : rank === 'median' ? (window.length - 1) / 2 : window.length - 1;
  let to = 0;
  for (let c = 0; c < x.channels; c++) {
    for (let row = 0; row < x.height; row++) {
      for (let column = 0; column < x.width; column++) {
        let count = 0;
        for (let r = 0; r < height; r++) {
          const from = (c * seen.height + row + r) * seen.width + column;
          for (let i = from; i < from + width; i++) window[count++] = seen.data[i];
        }
        result.data[to++] = select(window, at);
      }
    }
  }
  return result;
}

/** The value that would stand at a place were the values sorted, which are moved about (Hoare, Algorithm 65: Find, 1961). */
function select(values: Float32Array, place: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[place];
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (j < place) low = i;
    if (i > place) high = j;
  }
  return values[place];
}
