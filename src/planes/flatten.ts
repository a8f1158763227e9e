import { ExpectationError, expected } from './expected.ts';
import { createPlanes, type Planes, whiteOf } from './planes.ts';
import { roundSample } from './samples.ts';

/** A colour in units of white: one number for every channel, or one for each. */
export type Background = number | readonly [red: number, green: number, blue: number];

/**
 * The picture laid over a background: colour · a + background · (1 − a), a being alpha / white.
 *
 * @param x C×H×W
 * @param alpha 1×H×W
 * @param whole whether the result is rounded to whole samples (to the nearest, ties to even), as the picture's own are
 */
export function flatten(x: Planes, alpha: Planes, background: Background, whole: boolean): Planes {
  const white = whiteOf(x);
  const opaque = whiteOf(alpha);
  const size = x.height * x.width;
  const flat = createPlanes(x.channels, x.height, x.width, x.white);
  backgroundOf(background, x.channels).forEach((level, c) => {
    for (let i = 0; i < size; i++) {
      const a = alpha.data[i] / opaque;
      const value = x.data[c * size + i] * a + level * white * (1 - a);
      flat.data[c * size + i] = whole ? roundSample(value, white) : value;
    }
  });
  return flat;
}

/** The background of each channel. */
export function backgroundOf(background: Background, channels: number): readonly number[] {
  const levels = typeof background === 'number' ? new Array<number>(channels).fill(background) : background;
  if (!Array.isArray(levels) || !levels.every((level) => Number.isFinite(level) && level >= 0 && level <= 1)) {
    throw expected('a number from 0 to 1 (white), or three', 'background', background);
  }
  if (levels.length === channels) return levels;
  throw new ExpectationError(
    `Expected one number, or one for each of ${channels} channel${channels === 1 ? '' : 's'}, for background but received ${levels.length}`,
  );
}
