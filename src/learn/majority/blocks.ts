import type { Planes } from '../../planes/planes.ts';
import type { Left } from './misfits.ts';

/** Rows and columns of a block: captions, logos and masks fill or spare most of them, a filter that is no kernel hardly any. */
export const SIDE = 12;

/** A square of one pair's samples, of all channels. */
export interface Block {
  readonly row: number;
  readonly column: number;
  readonly height: number;
  readonly width: number;
  readonly samples: number;
  /** Samples that the kernel does not give. */
  readonly misfits: number;
  /** Samples that are the before's own. */
  readonly unchanged: number;
  /** How much the before varies there. */
  readonly detail: number;
}

/** @param most distance from the middle, in levels, that rounding explains */
export function blocksOf(left: Left, middle: number, most: number): Block[] {
  const { height, width, levels, unchanged, example } = left;
  const channels = levels.length / (height * width);
  const blocks: Block[] = [];
  for (let row = 0; row < height; row += SIDE) {
    for (let column = 0; column < width; column += SIDE) {
      const [rows, columns] = [Math.min(SIDE, height - row), Math.min(SIDE, width - column)];
      let [samples, misfits, same] = [0, 0, 0];
      for (let c = 0; c < channels; c++) {
        for (let r = row; r < row + rows; r++) {
          const line = (c * height + r) * width;
          for (let i = line + column; i < line + column + columns; i++) {
            samples++;
            if (!(Math.abs(levels[i] - middle) <= most)) misfits++;
            same += unchanged[i];
          }
        }
      }
      const detail = detailOf(example.before, left.top + row, left.left + column, rows, columns);
      blocks.push({ row, column, height: rows, width: columns, samples, misfits, unchanged: same, detail });
    }
  }
  return blocks;
}

/** Mean |slope| across and down. */
function detailOf({ data, height, width }: Planes, top: number, left: number, rows: number, columns: number): number {
  let sum = 0;
  for (let r = top; r < Math.min(top + rows, height - 1); r++) {
    for (let i = r * width + left; i < r * width + Math.min(left + columns, width - 1); i++) {
      sum += Math.abs(data[i + 1] - data[i]) + Math.abs(data[i + width] - data[i]);
    }
  }
  return sum / (rows * columns);
}

/** At most this share of misfits is chance. */
const CLEAN = 0.02;

export function isClean({ misfits, samples }: Block): boolean {
  return misfits <= CLEAN * samples;
}

/** Whether the filter was not applied there. */
export function isSpared({ unchanged, misfits, samples }: Block): boolean {
  return unchanged >= (1 - CLEAN) * samples && misfits > 0;
}

/** The half of the blocks with more detail: flat ones tell kernels hardly apart. */
export function detailed(blocks: readonly Block[]): readonly Block[] {
  const sorted = blocks.map(({ detail }) => detail).toSorted((a, b) => a - b);
  const least = sorted[sorted.length >> 1];
  return blocks.filter(({ detail }) => detail >= least);
}
