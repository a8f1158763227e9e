import type { KernelShape } from '../kernelShape.ts';
import { type HeldOut, heldOut } from '../moments/crossValidate.ts';
import { spreadOf } from '../moments/fit.ts';
import { addMoments } from '../moments/momentAlgebra.ts';
import { type Moments, momentsOfTiles } from '../moments/moments.ts';
import { type Residual, residualOf } from '../moments/residual.ts';
import { groupsOfTiles } from '../moments/tiles.ts';
import type { Example } from '../pairs.ts';

/** Groups of tiles that are left out in turn, and the windows of larger pictures that are enough to judge by. */
const GROUPS = 5;
const MOST_WINDOWS = 2 ** 19;

export interface JudgedByTiles {
  readonly heldOut?: Residual;
  /**
   * How far the unknowns of each output channel (its bias included) move from one part of the pictures to the other: standard errors by
   * the jackknife, which needs no errors that are independent of each other; and of how many samples.
   */
  readonly moved?: { readonly errors: readonly Float64Array[]; readonly samples: number };
}

/** How well least squares on some tiles gives the others, and how far its taps are from those on all. */
export async function heldOutOf(
  examples: readonly Example[],
  shape: KernelShape,
  pause: () => Promise<void>,
): Promise<JudgedByTiles> {
  const tiles = groupsOfTiles(examples, shape, GROUPS, MOST_WINDOWS);
  if (tiles.length < 2) return {};
  const groups: Moments[][] = [];
  for (const group of tiles) groups.push(await momentsOfTiles(group, { ...shape, bias: true }, pause));
  let [squares, spread, samples] = [0, 0, 0];
  const errors: Float64Array[] = [];
  for (let o = 0; o < shape.outChannels; o++) {
    const parts = groups.map((group) => group[o]);
    const all = addMoments(parts);
    const indices = Array.from({ length: all.unknowns }, (_, i) => i);
    const judged: HeldOut = all.samples === 0 ? { squares: 0, solutions: [] } : heldOut(parts, all, indices);
    errors.push(jackknife(judged.solutions, all.unknowns));
    squares += judged.squares;
    spread += spreadOf(all);
    samples += all.samples;
    await pause();
  }
  return samples === 0 ? {} : { heldOut: residualOf(squares, spread, samples), moved: { errors, samples } };
}

/** Of solutions that each lack one group: √((n − 1)/n · Σ (one − their mean)²). */
function jackknife(solutions: readonly Float64Array[], unknowns: number): Float64Array {
  const count = solutions.length;
  return Float64Array.from({ length: unknowns }, (_, i) => {
    if (count < 2) return 0;
    const mean = solutions.reduce((sum, one) => sum + one[i], 0) / count;
    return Math.sqrt(((count - 1) / count) * solutions.reduce((sum, one) => sum + (one[i] - mean) ** 2, 0));
  });
}
