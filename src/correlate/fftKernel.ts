import type { Kernel } from '../kernels/kernel.ts';
import type { Arena } from '../wasm/arena.ts';
import type { TileSize } from './fftLayout.ts';
import type { Tiling } from './fftTiles.ts';
import type { Window } from './fftWindow.ts';
import type { Geometry } from './geometry.ts';

/** A block of a kernel of one input channel, in samples of the picture: taps stand `dilation` apart. */
export interface Part {
  readonly input: number;
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** The parts of some output channels' kernels in which a tap is not 0, in the order input channel, row, column. */
export function partsOf(
  k: Kernel,
  first: number,
  outputs: number,
  at: Geometry,
  { rows, columns }: Pick<Tiling, 'rows' | 'columns'>,
): Part[] {
  const parts: Part[] = [];
  for (let input = 0; input < k.inChannels; input++) {
    for (let i = 0; i < rows.blocks; i++) {
      for (let j = 0; j < columns.blocks; j++) {
        const part = {
          input,
          row: i * rows.block,
          column: j * columns.block,
          rows: rows.block,
          columns: columns.block,
        };
        let used = false;
        for (let o = first; o < first + outputs && !used; o++) {
          eachTap(k, o, at, part, () => {
            used = true;
          });
        }
        if (used) parts.push(part);
      }
    }
  }
  return parts;
}

/**
 * Writes a part of an output channel's kernel as a window: tap (r, q) at row −r and column −q of the circle that the tile is,
 * so that a product of spectra is a correlation. It is divided by the tile's samples (a power of two), which the transforms
 * there and back multiply by.
 */
export function placePart(
  k: Kernel,
  output: number,
  at: Geometry,
  part: Part,
  { rows, columns }: TileSize,
  arena: Arena,
  window: Window,
): void {
  const pitch = window.pitch / 4;
  const start = window.address / 4;
  arena.floats.fill(0, start, start + rows * pitch);
  eachTap(k, output, at, part, (row, column, tap) => {
    arena.floats[start + ((rows - row) % rows) * pitch + ((columns - column) % columns)] = tap / (rows * columns);
  });
}

/** The taps of a part that are not 0, and their places in it. */
function eachTap(
  k: Kernel,
  output: number,
  at: Geometry,
  part: Part,
  visit: (row: number, column: number, tap: number) => void,
): void {
  const { dilation: rowStep } = at.rows;
  const { dilation: columnStep } = at.columns;
  const plane = (output * k.inChannels + part.input) * k.height;
  const firstRow = Math.ceil(part.row / rowStep);
  const firstColumn = Math.ceil(part.column / columnStep);
  for (let r = firstRow; r < k.height && r * rowStep < part.row + part.rows; r++) {
    for (let q = firstColumn; q < k.width && q * columnStep < part.column + part.columns; q++) {
      const tap = k.weights[(plane + r) * k.width + q];
      if (tap !== 0) visit(r * rowStep - part.row, q * columnStep - part.column, tap);
    }
  }
}
