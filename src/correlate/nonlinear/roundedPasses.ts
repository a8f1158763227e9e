import type { Border } from '../../planes/border.ts';
import { pad } from '../../planes/pad.ts';
import { createPlanes, type Planes, whiteOf } from '../../planes/planes.ts';
import { transposePlanes } from '../../planes/transposePlanes.ts';
import { type RoundedMask, roundedMask } from './roundedMask.ts';

/** A blur as programs of whole numbers make it: sums along rows, then along columns, of which every one is rounded to a whole sample. */
export interface RoundedPasses {
  /** Whole numbers from 0, three of them or another odd number; they are divided by `over`. */
  readonly taps: readonly number[];
  readonly over: number;
  /** Passes along rows, and as many along columns. */
  readonly times: number;
  /** Where the blur is taken to sharpen the picture by. */
  readonly mask?: RoundedMask;
}

/**
 * All passes along rows, then all along columns, each rounded to the nearest whole sample up to white, halves up; and the mask over that.
 *
 * @param x C×H×W, of whole samples
 * @param border what stands beyond the picture, in every pass anew
 * @returns C×H×W
 */
export function roundedPasses(x: Planes, { taps, over, times, mask }: RoundedPasses, border: Border): Planes {
  let made = x;
  for (let i = 0; i < times; i++) made = alongRows(made, taps, over, border);
  made = transposePlanes(made);
  for (let i = 0; i < times; i++) made = alongRows(made, taps, over, border);
  made = transposePlanes(made);
  return mask === undefined ? made : roundedMask(x, made, mask);
}

/** In Float64, which holds such sums exactly. */
function alongRows(x: Planes, taps: readonly number[], over: number, border: Border): Planes {
  const reach = (taps.length - 1) / 2;
  const seen = pad(x, { top: 0, bottom: 0, left: reach, right: reach }, border);
  const result = createPlanes(x.channels, x.height, x.width, x.white);
  const white = whiteOf(x);
  const inner = taps[reach];
  // All taps but the outermost are one number in a box of fractional width: then a running sum does.
  const isBox = taps.slice(1, -1).every((tap) => tap === inner);
  const [first, last] = [taps[0], taps[taps.length - 1]];
  let to = 0;
  for (let line = 0; line < x.channels * x.height; line++) {
    const from = line * seen.width;
    let running = 0;
    for (let i = 1; i < taps.length - 1; i++) running += seen.data[from + i];
    for (let column = 0; column < x.width; column++) {
      const at = from + column;
      let sum = 0;
      if (isBox) {
        sum = first * seen.data[at] + inner * running + last * seen.data[at + taps.length - 1];
        running += seen.data[at + taps.length - 1] - seen.data[at + 1];
      } else for (let i = 0; i < taps.length; i++) sum += taps[i] * seen.data[at + i];
      result.data[to++] = Math.min(white, Math.floor((2 * sum + over) / (2 * over)));
    }
  }
  return result;
}
