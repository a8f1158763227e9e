import { createPlanes, type Picture, type Planes, type Rounding, seededRandom } from '../../src/index.ts';
import { type Feasible, feasibleTaps } from '../../src/learn/feasible/feasibleTaps.ts';
import { type Slacks, slacksFrom } from '../../src/learn/feasible/slacks.ts';
import { targetsOf } from '../../src/learn/feasible/targets.ts';
import type { KernelShape } from '../../src/learn/kernelShape.ts';
import { leastSquares } from '../../src/learn/moments/leastSquares.ts';
import { momentsOf } from '../../src/learn/moments/moments.ts';
import { type Example, examplesOf } from '../../src/learn/pairs.ts';
import { roundSample } from '../../src/planes/samples.ts';

export const pause = async (): Promise<void> => {};

export const picture = (p: Planes, depth: 8 | 16 = 8): Picture => ({ planes: p, depth, lossy: false, metadata: {} });

/** Rows and columns from the top left corner. */
export function cropped(p: Planes, height: number, width: number): Planes {
  const part = createPlanes(p.channels, height, width, p.white);
  for (let line = 0; line < p.channels * height; line++) {
    const from = (Math.floor(line / height) * p.height + (line % height)) * p.width;
    part.data.set(p.data.subarray(from, from + width), line * width);
  }
  return part;
}

/** Taps of so many decimals that sum to 0.9. */
export function randomTaps(count: number, decimals: number, seed: number, range = 1): Float64Array {
  const random = seededRandom(seed);
  const unit = 10 ** decimals;
  const taps = Float64Array.from({ length: count }, () => Math.round(random.uniform(-range, range) * unit) / unit + 0);
  const middle = Math.floor(count / 2);
  taps[middle] = Math.round((taps[middle] + 0.9 - taps.reduce((a, b) => a + b)) * unit) / unit;
  return taps;
}

/** The valid response in Float64, rounded as a program of double precision would. */
export function responseTo(
  before: Planes,
  size: number,
  taps: Float64Array,
  rounding: Rounding,
  { offset = 0, white = 255 }: { offset?: number; white?: number } = {},
): Planes {
  const [height, width] = [before.height - size + 1, before.width - size + 1];
  const after = createPlanes(1, height, width, white);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let t = 0; t < taps.length; t++) {
        const [c, r, q] = [Math.floor(t / size ** 2), Math.floor((t % size ** 2) / size), t % size];
        sum += taps[t] * before.data[(c * before.height + i + r) * before.width + j + q];
      }
      const level = (sum / (before.white ?? 1) + offset) * white;
      // What is a whole number but for arithmetic is one.
      const clean = Math.round(level * 1e6) / 1e6;
      after.data[i * width + j] = roundSample(clean, white, rounding);
    }
  }
  return after;
}

export interface Fit {
  readonly slacks: Slacks;
  readonly leastSquares: Float64Array;
  readonly found: Feasible;
}

export async function fit(
  pairs: readonly { before: Picture; after: Picture }[],
  shape: Pick<KernelShape, 'sharing' | 'inChannels' | 'bias'>,
  size: number,
  rounding: Rounding,
): Promise<Fit> {
  const whole = { outChannels: 1, height: size, width: size, groups: 1, ...shape };
  const examples = examplesOf(pairs);
  const [start] = await leastSquaresOf(examples, whole);
  const slacks = await slacksFrom(targetsOf(examples, whole, 0), whole, start, rounding, pause);
  return { slacks, leastSquares: start, found: await feasibleTaps(slacks, { pause }) };
}

/** The unknowns of each output channel. */
export async function leastSquaresOf(examples: readonly Example[], shape: KernelShape): Promise<Float64Array[]> {
  const moments = await momentsOf(examples, shape, pause);
  return moments.map((m) => leastSquares(m, { bias: shape.bias }).unknowns);
}

export const grey: { sharing: 'shared'; inChannels: 1; bias: false } = {
  sharing: 'shared',
  inChannels: 1,
  bias: false,
};

export function rms(unknowns: Float64Array, wanted: Float64Array): number {
  return Math.sqrt(wanted.reduce((sum, tap, i) => sum + (unknowns[i] - tap) ** 2, 0) / wanted.length);
}
