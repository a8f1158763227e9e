import type { KernelShape } from '../kernelShape.ts';
import { heldOutError } from '../moments/crossValidate.ts';
import { addMoments } from '../moments/momentAlgebra.ts';
import { type Moments, momentsOfTiles } from '../moments/moments.ts';
import { type Residual, residualOf } from '../moments/residual.ts';
import { groupsOfTiles } from '../moments/tiles.ts';
import type { Example } from '../pairs.ts';

/** Groups of tiles that are left out in turn, and the windows of larger pictures that are enough to judge by. */
const GROUPS = 5;
const MOST_WINDOWS = 2 ** 19;

/** How well least squares on some tiles gives the others. */
export async function heldOutOf(
  examples: readonly Example[],
  shape: KernelShape,
  pause: () => Promise<void>,
): Promise<{ heldOut?: Residual }> {
  const tiles = groupsOfTiles(examples, shape, GROUPS, MOST_WINDOWS);
  if (tiles.length < 2) return {};
  const groups: Moments[][] = [];
  for (const group of tiles) groups.push(await momentsOfTiles(group, { ...shape, bias: true }, pause));
  let [squares, spread, samples] = [0, 0, 0];
  for (let o = 0; o < shape.outChannels; o++) {
    const parts = groups.map((group) => group[o]);
    const all = addMoments(parts);
    if (all.samples === 0) continue;
    squares += heldOutError(
      parts,
      all,
      Array.from({ length: all.unknowns }, (_, i) => i),
    );
    spread += Math.max(0, all.energy - all.total ** 2 / all.samples);
    samples += all.samples;
  }
  return samples === 0 ? {} : { heldOut: residualOf(squares, spread, samples) };
}
