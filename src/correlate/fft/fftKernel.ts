import type { Kernel } from '../../kernels/kernel.ts';
import type { Arena } from '../../wasm/arena.ts';
import type { Geometry } from '../geometry.ts';
import type { TileSize } from './fftLayout.ts';
import type { TileWindow } from './fftLayout.ts';
import type { Tiling } from './fftTiles.ts';

/** A block of a kernel of one input channel, in samples of the picture: taps stand `dilation` apart. */
export interface Block {
  readonly input: number;
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** The blocks of some output channels' kernels in which a tap is not 0, in the order input channel, row, column. */
export function blocksOf(
  k: Kernel,
  first: number,
  outputs: number,
  at: Geometry,
  { rows, columns }: Pick<Tiling, 'rows' | 'columns'>,
): Block[] {
  const found: Block[] = [];
  for (let input = 0; input < k.inChannels; input++) {
    for (let i = 0; i < rows.blocks; i++) {
      for (let j = 0; j < columns.blocks; j++) {
        const block = {
          input,
          row: i * rows.block,
          column: j * columns.block,
          rows: rows.block,
          columns: columns.block,
        };
        let used = false;
        for (let o = first; o < first + outputs && !used; o++) {
          eachTap(k, o, at, block, () => {
            used = true;
          });
        }
        if (used) found.push(block);
      }
    }
  }
  return found;
}

/**
 * Writes a block of an output channel's kernel as a window of as many rows: tap (r, q) at row `block.rows` − 1 − r and column −q of
 * the circle that the tile is, so that a product of spectra is a correlation, whose results begin at row `block.rows` − 1. It is
 * divided by the tile's samples (a power of two), which the transforms there and back multiply by.
 */
export function placeBlock(
  k: Kernel,
  output: number,
  at: Geometry,
  block: Block,
  { rows, columns }: TileSize,
  arena: Arena,
  window: TileWindow,
): void {
  const pitch = window.pitch / 4;
  const start = window.address / 4;
  arena.floats.fill(0, start, start + block.rows * pitch);
  eachTap(k, output, at, block, (row, column, tap) => {
    const to = start + (block.rows - 1 - row) * pitch + ((columns - column) % columns);
    arena.floats[to] = tap / (rows * columns);
  });
}

/** The taps of a block that are not 0, and their places in it. */
function eachTap(
  k: Kernel,
  output: number,
  at: Geometry,
  block: Block,
  visit: (row: number, column: number, tap: number) => void,
): void {
  const { dilation: rowStep } = at.rows;
  const { dilation: columnStep } = at.columns;
  const plane = (output * k.inChannels + block.input) * k.height;
  const firstRow = Math.ceil(block.row / rowStep);
  const firstColumn = Math.ceil(block.column / columnStep);
  for (let r = firstRow; r < k.height && r * rowStep < block.row + block.rows; r++) {
    for (let q = firstColumn; q < k.width && q * columnStep < block.column + block.columns; q++) {
      const tap = k.weights[(plane + r) * k.width + q];
      if (tap !== 0) visit(r * rowStep - block.row, q * columnStep - block.column, tap);
    }
  }
}
