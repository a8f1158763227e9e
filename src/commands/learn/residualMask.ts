import type { Picture } from '../../planes/picture.ts';
import type { Planes } from '../../planes/planes.ts';

/** Levels of an after without losses that rounding and a program's own sums explain. */
const ROUNDING = 1;

/** Times the root mean square that a coder's losses leave. */
const BEYOND = 3;

/**
 * White where an after is not what was learned makes of its before, in any channel: by more than a level or, of an after that was coded
 * with losses, by more than 3 × the rms of what is left over. Black elsewhere.
 *
 * @param made a picture of the after's size, channels and white
 * @returns one channel, and the share of its samples that are white
 */
export function residualMask(made: Picture, after: Picture): { readonly mask: Planes; readonly share: number } {
  const { channels, height, width, data, white = 1 } = after.planes;
  const most = mostOf(made, after, white);
  const size = height * width;
  const mask = new Float32Array(size);
  let others = 0;
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < channels; c++) {
      if (Math.abs(made.planes.data[c * size + i] - data[c * size + i]) <= most) continue;
      mask[i] = 255;
      others++;
      break;
    }
  }
  return { mask: { channels: 1, height, width, data: mask, white: 255 }, share: others / size };
}

/** In samples. */
function mostOf(made: Picture, after: Picture, white: number): number {
  // Numbers are told apart from 8 bits on.
  const least = after.depth === 32 ? white / 255 : ROUNDING;
  if (!after.lossy) return least;
  let squares = 0;
  const { data } = after.planes;
  for (let i = 0; i < data.length; i++) squares += (made.planes.data[i] - data[i]) ** 2;
  return Math.max(least, BEYOND * Math.sqrt(squares / data.length));
}
