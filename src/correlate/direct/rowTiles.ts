/**
 * Cuts rows of results into tiles of one height. The last tile is moved up to end where they do, so that no other height needs
 * code; where there are fewer rows than a tile has, their number is the height.
 *
 * @param most the height of a tile
 * @param run computes so many tiles of so many rows, one under the other, from row `first` on
 */
export function inRowTiles(
  count: number,
  most: number,
  run: (rows: number, tiles: number, first: number) => void,
): void {
  const rows = Math.min(count, most);
  const tiles = Math.floor(count / rows);
  run(rows, tiles, 0);
  if (tiles * rows < count) run(rows, 1, count - rows);
}
