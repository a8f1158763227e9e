import { createPlanes, type Planes } from './planes.ts';

/** A rectangle of every channel, copied; it lies wholly in the planes. */
export function cutPlanes(p: Planes, top: number, left: number, height: number, width: number): Planes {
  const part = createPlanes(p.channels, height, width, p.white);
  for (let line = 0; line < p.channels * height; line++) {
    const from = (Math.floor(line / height) * p.height + top + (line % height)) * p.width + left;
    part.data.set(p.data.subarray(from, from + width), line * width);
  }
  return part;
}
