import { filterPicture, type Kernel, type Picture, type Rounding, toInterleaved } from '../../../src/index.ts';
import { BORDER_NAMES, type BorderName } from '../../../src/planes/border.ts';

/** How many samples of the after the kernel misses under a rounding and a border. */
export interface Misses {
  readonly rounding: Rounding;
  readonly border: BorderName;
  /** Where no border is seen. */
  readonly inside: number;
  readonly rim: number;
}

/** Every rounding with every border: what a kernel makes of the before, as the `filter` command does it, against the after. */
export function missesOf(before: Picture, after: Picture, k: Kernel): Misses[] {
  const wanted = toInterleaved([after.planes], 8);
  return BORDER_NAMES.flatMap((border) => {
    const response = filterPicture(before, k, { border }).planes;
    return (['nearest', 'truncate'] as const).map((rounding) => {
      const differs = toInterleaved([response], 8, rounding).map((sample, i) => (sample === wanted[i] ? 0 : 1));
      return { rounding, border, ...count(differs, after, k) };
    });
  });
}

/** How many samples of the rim are not the before's own. */
export function rimChanged(before: Picture, after: Picture, k: Kernel): number {
  const [from, to] = [before, after].map(({ planes }) => toInterleaved([planes], 8));
  return count(
    to.map((sample, i) => (sample === from[i] ? 0 : 1)),
    after,
    k,
  ).rim;
}

/** Kernels here have odd sides. */
function count(marks: Uint8Array | Uint16Array, { planes }: Picture, k: Kernel): { inside: number; rim: number } {
  const { channels, height, width } = planes;
  const [above, left] = [(k.height - 1) / 2, (k.width - 1) / 2];
  const counts = { inside: 0, rim: 0 };
  marks.forEach((mark, i) => {
    const row = Math.floor(i / (width * channels));
    const column = Math.floor(i / channels) % width;
    const inside = row >= above && row < height - above && column >= left && column < width - left;
    counts[inside ? 'inside' : 'rim'] += mark;
  });
  return counts;
}
