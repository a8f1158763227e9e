import { fitted } from '../../correlate/channels.ts';
import { corr2d } from '../../correlate/corr2d.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { whiteOf } from '../../planes/planes.ts';
import { originInAfter } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';

/** What a kernel leaves of the samples of one pair whose windows lie in the before, channel by channel, in levels of the after. */
export interface Left {
  readonly example: Example;
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  /** After − response; 0 where both are beyond 0 or white; not a number where the sample is left out. */
  readonly levels: Float32Array;
  /** 1 where the after has the before's own sample. */
  readonly unchanged: Uint8Array;
}

export function leftOf(example: Example, k: Kernel): Left {
  const { before, after, clips } = example;
  const [top, left] = originInAfter(example, k);
  const response = corr2d(before, fitted(k, before.channels), { precision: 'fast' });
  const { channels, height, width, data: levels } = response;
  const white = whiteOf(after);
  const scale = white / whiteOf(before);
  const isSame = before.height === after.height && before.width === after.width && before.channels === after.channels;
  const unchanged = new Uint8Array(levels.length);
  let i = 0;
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < height; row++) {
      const from = (c * after.height + top + row) * after.width + left;
      for (let column = 0; column < width; column++, i++) {
        const sample = after.data[from + column];
        const value = levels[i] * scale;
        const isBeyond = clips && ((sample <= 0 && value < 0) || (sample >= white && value > white));
        if (isSame && before.data[from + column] * scale === sample) unchanged[i] = 1;
        levels[i] = isBeyond ? 0 : sample - value;
      }
    }
  }
  return { example, top, left, height, width, levels, unchanged };
}

/** Where a share of all that is left over lies, and its middle. */
interface Spread {
  readonly middle: number;
  /** Of a normal distribution whose inner third is as wide: what most samples tell, whatever the others are. */
  readonly deviation: number;
}

/** Samples that tell it, spread over all. */
const ENOUGH = 200_000;

/** A third of a normal distribution lies within so many standard deviations. */
const INNER_THIRD = 0.4307;

/** @param counts whether a sample is counted; at least some are */
export function spreadOf(lefts: readonly Left[], counts: (left: Left, i: number) => boolean): Spread | undefined {
  const total = lefts.reduce((sum, { levels }) => sum + levels.length, 0);
  const step = Math.max(1, Math.floor(total / ENOUGH));
  const values: number[] = [];
  for (const left of lefts) {
    for (let i = 0; i < left.levels.length; i += step) if (counts(left, i)) values.push(left.levels[i]);
  }
  if (values.length < LEAST) return undefined;
  const sorted = Float32Array.from(values).sort();
  const middle = sorted[sorted.length >> 1];
  const away = Float32Array.from(values, (value) => Math.abs(value - middle)).sort();
  return { middle, deviation: away[Math.floor(away.length / 3)] / INNER_THIRD };
}

const LEAST = 100;

/** The pair without the samples that are named, and without the rim, of which nothing is known: they are not a number in it. */
export function without(
  { example, top, left, height, width, levels }: Left,
  isLeftOut: (i: number) => boolean,
): Example {
  const { after } = example;
  const whole = example.whole ?? after;
  const data = new Float32Array(whole.data.length).fill(Number.NaN);
  for (let i = 0; i < levels.length; i++) {
    if (isLeftOut(i)) continue;
    const line = Math.floor(i / width);
    const c = Math.floor(line / height);
    const at = (c * after.height + top + (line % height)) * after.width + left + (i % width);
    data[at] = whole.data[at];
  }
  return { ...example, after: { ...after, data }, whole };
}
