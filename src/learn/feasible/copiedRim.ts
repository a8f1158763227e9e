import { whiteOf } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';

/** Programs that leave out what their windows leave the picture for, as Pillow does, copy a kernel's radius. */
const MOST_ROWS = 16;

/**
 * How many rows and columns along the rim of every after are the before's own samples, all of them; 0 where they are nowhere, or where the
 * whole after is.
 *
 * @param examples with all samples that were given
 */
export function copiedRim(examples: readonly Example[]): number {
  const fits = examples.every(
    ({ before, after }) =>
      before.height === after.height &&
      before.width === after.width &&
      before.channels === after.channels &&
      whiteOf(before) === whiteOf(after),
  );
  if (!fits) return 0;
  const most = Math.min(MOST_ROWS, ...examples.flatMap(({ after }) => [after.height >> 2, after.width >> 2]));
  let rows = 0;
  while (rows < most && examples.every((example) => isRingCopied(example, rows))) rows++;
  return rows === most ? 0 : rows;
}

/** The ring of samples so far inside the rim. */
function isRingCopied({ before, after }: Example, inside: number): boolean {
  const { channels, height, width } = after;
  for (let c = 0; c < channels; c++) {
    for (let row = inside; row < height - inside; row++) {
      const isWhole = row === inside || row === height - 1 - inside;
      const step = isWhole ? 1 : Math.max(1, width - 1 - 2 * inside);
      for (let column = inside; column < width - inside; column += step) {
        const i = (c * height + row) * width + column;
        if (before.data[i] !== after.data[i]) return false;
      }
    }
  }
  return true;
}
