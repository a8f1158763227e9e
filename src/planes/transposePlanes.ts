import { createPlanes, type Planes } from './planes.ts';

/**
 * Rows and columns exchanged, in every channel.
 *
 * @example
 * toNested(transposePlanes(planes([[1, 2, 3], [4, 5, 6]]))) // [[[1, 4], [2, 5], [3, 6]]]
 */
export function transposePlanes(x: Planes): Planes {
  const { channels, height, width } = x;
  const turned = createPlanes(channels, width, height, x.white);
  for (let c = 0; c < channels; c++) {
    const start = c * height * width;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        turned.data[start + column * height + row] = x.data[start + row * width + column];
      }
    }
  }
  return turned;
}
