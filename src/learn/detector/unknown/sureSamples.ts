import type { MapTarget } from '../mapTarget.ts';

/**
 * A black-and-white map of which only the samples are left that tell on which side of the lower of two thresholds they are, whatever
 * hysteresis made of them: white ones are above it, and black ones beside a white one, above, below or next to it, are not. The others,
 * which may be above it and joined to nothing that is above the higher threshold, are not numbers.
 */
export function sureSamples(target: MapTarget, inverted: boolean): MapTarget {
  const { map } = target;
  const { height, width } = map;
  const isWhite = (row: number, column: number): boolean =>
    row >= 0 && row < height && column >= 0 && column < width && map.data[row * width + column] > 0 !== inverted;
  const data = map.data.slice();
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const isBeside =
        isWhite(row - 1, column) || isWhite(row + 1, column) || isWhite(row, column - 1) || isWhite(row, column + 1);
      if (!isBeside && !isWhite(row, column)) data[row * width + column] = Number.NaN;
    }
  }
  return { ...target, map: { ...map, data } };
}
