import type { Kernel } from '../../kernels/kernel.ts';
import type { KernelShape } from '../kernelShape.ts';
import { kernelFrom } from '../kernelUnknowns.ts';
import { changeOf } from '../moments/changeOf.ts';
import { leastSquares } from '../moments/leastSquares.ts';
import { momentsOfTiles } from '../moments/moments.ts';
import { type Tile, windowsOf } from '../moments/tiles.ts';
import type { Example } from '../pairs.ts';

/** Windows across and down of a tile: many for the taps that are fitted, and few enough that some lie beside what is drawn. */
const SIDE = 40;

/** Tiles that are tried, of all pairs together. */
const MOST_TILES = 72;

/** Tiles whose kernels are followed up. */
const FOLLOWED = 2;

/** Times what the best tile leaves, or this many levels. */
const AS_GOOD = 1.5;
const ROUNDING = 0.4;

/**
 * Kernels that explain some part of the pictures as well as any: least squares of tiles from all over them, of which those count that
 * leave least, and among these the ones in which most was changed.
 */
export async function startingKernels(
  examples: readonly Example[],
  shape: KernelShape,
  white: number,
  pause: () => Promise<void>,
): Promise<Kernel[]> {
  const found: { kernel: Kernel; rms: number; change: number }[] = [];
  for (const tile of tilesOf(examples, shape)) {
    await pause();
    const moments = await momentsOfTiles([tile], { ...shape, bias: true }, pause);
    const samples = moments.reduce((sum, m) => sum + m.samples, 0);
    if (samples < LEAST_FULL * moments.length * tile.height * tile.width) continue;
    const solutions = moments.map((m) => leastSquares(m, { bias: true }));
    if (solutions.some(({ rank, unknowns }) => rank < unknowns.length)) continue;
    const rms = Math.sqrt(solutions.reduce((sum, { squares }) => sum + squares, 0) / samples) * white;
    const change = changeOf(moments, { ...shape, bias: true }) ?? 1;
    if (change > 0) {
      const unknowns = solutions.map((solution) => solution.unknowns);
      found.push({ kernel: kernelFrom(shape, unknowns), rms, change: change / samples });
    }
  }
  const least = Math.min(...found.map(({ rms }) => rms));
  if (least > MOST_LEFT) return [];
  return found
    .filter(({ rms }) => rms <= Math.max(ROUNDING, AS_GOOD * least))
    .toSorted((a, b) => b.change - a.change)
    .slice(0, FOLLOWED)
    .map(({ kernel }) => kernel);
}

/** Levels, that taps outside of the window leave; more is no kernel's. */
const MOST_LEFT = 3;

/** The share of a tile's samples that are not clipped. */
const LEAST_FULL = 0.7;

function tilesOf(examples: readonly Example[], shape: KernelShape): Tile[] {
  const tiles = examples.flatMap((example) => {
    const { height, width } = windowsOf(example, shape);
    const places = (length: number): number[] => {
      const count = Math.max(1, Math.floor(length / SIDE));
      return Array.from({ length: count }, (_, i) =>
        Math.floor((i * (length - Math.min(length, SIDE))) / Math.max(1, count - 1)),
      );
    };
    const [rows, columns] = [Math.min(SIDE, height), Math.min(SIDE, width)];
    if (rows === 0 || columns === 0) return [];
    return places(height).flatMap((top) =>
      places(width).map((left): Tile => ({ example, top, left, height: rows, width: columns })),
    );
  });
  const step = Math.max(1, tiles.length / MOST_TILES);
  return Array.from({ length: Math.min(tiles.length, MOST_TILES) }, (_, i) => tiles[Math.floor(i * step)]);
}
