import type { KernelShape } from '../kernelShape.ts';
import { biasesBetween } from './biasesBetween.ts';
import type { FeasibleOutput } from './feasibleTaps.ts';
import { tapsOf } from './targets.ts';

/** Chance is ruled out at one in so many. */
const SURE = 1000;

/**
 * Whether the taps that were found are all nearer to whole numbers over a denominator than chance would have it. One tap of each
 * input channel does not count, as flat parts of pictures fix their sum, and a sum is often whole where taps are not.
 *
 * @param unknowns the whole numbers of each output channel, over the denominator
 * @param tried denominators, this one included
 */
export function areNear(
  outputs: readonly FeasibleOutput[],
  unknowns: readonly Float64Array[],
  denominator: number,
  tried: number,
): boolean {
  let free = 0;
  let farthest = 0;
  for (const [o, { slacks, found }] of outputs.entries()) {
    const taps = tapsOf(slacks.shape);
    free += Math.max(1, taps - slacks.shape.inChannels);
    for (let i = 0; i < taps; i++) {
      farthest = Math.max(farthest, Math.abs(found.unknowns[i] - unknowns[o][i]) * denominator);
    }
  }
  return (2 * farthest) ** free * tried * SURE < 1;
}

/** Whether the program's rows let others of the whole numbers pass that are next to these. */
export function haveNeighbours(
  outputs: readonly FeasibleOutput[],
  unknowns: readonly Float64Array[],
  denominator: number,
): boolean {
  return outputs.some((output, o) => hasNeighbour(output, unknowns[o], denominator));
}

function hasNeighbour({ slacks, found }: FeasibleOutput, unknowns: Float64Array, denominator: number): boolean {
  return steps(slacks.shape).some((step) =>
    [1, -1].some((sign) => {
      const moved = unknowns.slice();
      for (const [tap, times] of step) moved[tap] += (sign * times) / denominator;
      return biasesBetween(slacks, found, moved) !== undefined;
    }),
  );
}

/** Finite differences of orders 0 to 3: pictures, being smooth, tell least of a kernel that is one of these down and across. */
const DIFFERENCES: readonly (readonly number[])[] = [[1], [1, -1], [1, -2, 1], [1, -3, 3, -1]];

type Step = readonly (readonly [tap: number, times: number])[];

/** One difference down times one across, at every place of the kernel. */
function steps({ inChannels, height, width }: KernelShape): Step[] {
  const found: Step[] = [];
  for (const down of DIFFERENCES) {
    for (const across of DIFFERENCES) {
      for (let line = 0; line < inChannels * height; line++) {
        if ((line % height) + down.length > height) continue;
        for (let j = 0; j + across.length <= width; j++) {
          found.push(down.flatMap((a, r) => across.map((b, q) => [(line + r) * width + j + q, a * b] as const)));
        }
      }
    }
  }
  return found;
}
