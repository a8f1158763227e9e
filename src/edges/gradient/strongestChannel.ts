import { createPlanes, type Planes } from '../../planes/planes.ts';

/**
 * For every pixel the response of the channel that answers most strongly, its sign kept; the first of equals.
 *
 * @param x C×H×W
 * @returns 1×H×W
 * @example
 * toNested(strongestChannel(planes([[[1, 2]], [[-3, 2]]]))) // [[[-3, 2]]]
 */
export function strongestChannel(x: Planes): Planes {
  if (x.channels === 1) return x;
  const result = createPlanes(1, x.height, x.width, x.white);
  const size = x.height * x.width;
  result.data.set(x.data.subarray(0, size));
  for (let c = 1; c < x.channels; c++) {
    const plane = x.data.subarray(c * size, (c + 1) * size);
    for (let i = 0; i < size; i++) {
      if (Math.abs(plane[i]) > Math.abs(result.data[i])) result.data[i] = plane[i];
    }
  }
  return result;
}
