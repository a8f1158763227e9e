import { createPlanes, type Planes } from './planes.ts';

/**
 * A rectangle of every channel, copied, which may lie beyond the planes: there stands the sample of the rim that is nearest.
 *
 * @param top of the planes' rows, the first; may be negative, as `left` may
 */
export function windowOf(p: Planes, top: number, left: number, height: number, width: number): Planes {
  const part = createPlanes(p.channels, height, width, p.white);
  const columns = Int32Array.from({ length: width }, (_, column) => within(left + column, p.width));
  let to = 0;
  for (let line = 0; line < p.channels * height; line++) {
    const from = (Math.floor(line / height) * p.height + within(top + (line % height), p.height)) * p.width;
    for (let column = 0; column < width; column++) part.data[to++] = p.data[from + columns[column]];
  }
  return part;
}

function within(place: number, length: number): number {
  return Math.min(Math.max(place, 0), length - 1);
}
