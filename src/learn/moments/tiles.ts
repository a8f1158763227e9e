import type { KernelShape } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';

/** A rectangle of a pair's windows; its first is the one whose first tap lies at row `top`, column `left` of the before. */
export interface Tile {
  readonly example: Example;
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** All windows of a pair: those that do not leave the before. None where a window is larger than that. */
export function windowsOf({ before }: Example, k: Pick<KernelShape, 'height' | 'width'>): Omit<Tile, 'example'> {
  return {
    top: 0,
    left: 0,
    height: Math.max(0, before.height - k.height + 1),
    width: Math.max(0, before.width - k.width + 1),
  };
}

/**
 * Windows in a tile: many beside a kernel, and few enough that a picture has several. Wide, as what is summed one by one for every
 * row is the columns of a tile's rim.
 */
const TILE_ROWS = 128;
const TILE_COLUMNS = 512;

/**
 * The windows of all pairs dealt out to groups that hold no window in common: what is learned from all groups but one can be
 * judged by that one. Each group has tiles from all over the pictures.
 *
 * @param most windows in all groups together; of larger pictures, tiles spread evenly are taken
 * @returns so many groups; fewer where the pictures have too few windows
 */
export function groupsOfTiles(
  examples: readonly Example[],
  k: Pick<KernelShape, 'height' | 'width'>,
  groups: number,
  most: number = Number.POSITIVE_INFINITY,
): Tile[][] {
  // Of many pairs, each is a tile or two.
  const each = examples.length < groups ? groups : Math.ceil((2 * groups) / examples.length);
  const all = examples.flatMap((example) => tilesOf(example, k, groups, each));
  const windows = all.reduce((sum, { height, width }) => sum + height * width, 0);
  const share = Math.min(1, most / windows);
  const dealt: Tile[][] = Array.from({ length: groups }, () => []);
  let taken = 0;
  all.forEach((tile, i) => {
    if (Math.floor((i + 1) * share) === Math.floor(i * share)) return;
    dealt[taken++ % groups].push(tile);
  });
  return dealt.filter((tiles) => tiles.length > 0);
}

/**
 * In rows of tiles whose number has no divisor in common with that of the groups, so that a group is no column of the picture.
 *
 * @param least tiles of a picture that is high enough
 */
function tilesOf(example: Example, k: Pick<KernelShape, 'height' | 'width'>, groups: number, least: number): Tile[] {
  const { height, width } = windowsOf(example, k);
  if (height === 0 || width === 0) return [];
  let across = Math.min(width, Math.max(1, Math.round(width / TILE_COLUMNS)));
  while (across > 1 && greatestDivisor(across, groups) > 1) across--;
  const down = Math.min(height, Math.max(Math.ceil(least / across), Math.round(height / TILE_ROWS)));
  const rows = cuts(height, down);
  const columns = cuts(width, across);
  return rows.flatMap(([top, bottom]) =>
    columns.map(([left, right]) => ({ example, top, left, height: bottom - top, width: right - left })),
  );
}

function cuts(length: number, parts: number): [from: number, to: number][] {
  const at = (i: number): number => Math.floor((i * length) / parts);
  return Array.from({ length: parts }, (_, i) => [at(i), at(i + 1)]);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
