import { createPlanes, type Planes } from './planes.ts';

/** A part of planes, all channels of it. */
export interface Part {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** A copy of a part of planes that lies wholly in them. */
export function cutPlanes(x: Planes, { top, left, height, width }: Part): Planes {
  const part = createPlanes(x.channels, height, width, x.white);
  for (let line = 0; line < x.channels * height; line++) {
    const row = Math.floor(line / height) * x.height + top + (line % height);
    const from = row * x.width + left;
    part.data.set(x.data.subarray(from, from + width), line * width);
  }
  return part;
}
