import type { Arena } from '../../wasm/arena.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { type DenseSpecification, denseCode, denseName, packDense } from './denseCode.ts';
import { inRowTiles } from './rowTiles.ts';

/** Taps of one output channel (I×kh×kw), and where their lists go. */
interface DenseTaps {
  /** Of {@link denseWords} words. */
  readonly address: number;
  readonly weights: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** In bytes. */
interface DenseOperands {
  /** From row to row of the source. */
  readonly pitch: number;
  /** From channel to channel of it. */
  readonly plane: number;
  readonly rowBytes: number;
}

/** Words of the lists of so many taps: every height of tile up to the highest reads them in an order of its own. */
export function denseWords(taps: number, rows: number): number {
  return (taps * rows * (rows + 1)) / 2;
}

/** What runs dense code over rows of results. A height of tile is compiled, and its list written, when it is first met. */
export function denseRun(
  arena: Arena,
  specification: DenseSpecification,
  { address, weights, height, width }: DenseTaps,
  { pitch, plane, rowBytes }: DenseOperands,
): (source: number, target: number, outPitch: number, count: number, bias: number) => void {
  const { vectors } = specification.tile;
  const channels = weights.length / (height * width);
  const written = new Set<number>();
  return (source, target, outPitch, count, bias) => {
    // The code takes no fewer taps than rows.
    inRowTiles(count, Math.min(specification.tile.rows, height), (rows, tiles, first) => {
      const own = { ...specification, tile: { rows, vectors } };
      const { dense } = functionsOf(denseName(own), arena, () => denseCode(own));
      const list = address + 4 * denseWords(weights.length, rows - 1);
      if (!written.has(rows)) packDense(arena.floats, list / 4, weights, height, width, rows);
      written.add(rows);
      dense(
        source + first * pitch,
        target + first * outPitch,
        list,
        pitch,
        plane,
        outPitch,
        tiles,
        rowBytes,
        channels,
        height,
        4 * width,
        bias,
      );
    });
  };
}
