import type { InterleavedPicture } from '../planes/picture.ts';
import { compareOpened, type DrawnComparison } from './compareOpened.ts';
import type { ImageComparison } from './comparison.ts';
import type { Frames } from './openFrames.ts';
import type { Comparator } from './options.ts';
import { rowsOf } from './pictureRows.ts';

/**
 * Compares the pages or frames of two pictures, each with its like: all of them have to match, and to be as many. The figures are
 * those of the first that does not, else of the one that differs most.
 */
export async function compareFrames(
  actual: Frames,
  golden: Frames,
  comparator: Comparator,
  mask: InterleavedPicture | undefined,
): Promise<DrawnComparison> {
  let shown = await compareOpened(rowsOf(actual.first), rowsOf(golden.first), comparator, mask);
  if (actual.count === 1 && golden.count === 1) return shown;
  let frame = 1;
  let differing = shown.match ? 0 : 1;
  const both = Math.min(actual.count, golden.count);
  for (let i = 2; i <= both; i++) {
    const [a, b] = await Promise.all([nextOf(actual), nextOf(golden)]);
    const found = await compareOpened(rowsOf(a), rowsOf(b), comparator, mask);
    if (!found.match) differing++;
    const isFirst = !found.match && shown.match;
    if (isFirst || (found.match && shown.match && found.diffPixels > shown.diffPixels)) {
      shown = found;
      frame = i;
    }
  }
  const match = actual.count === golden.count && differing === 0;
  const figures = { ...shown, match, frames: golden.count, frame };
  return { ...figures, message: describe(figures, actual.count, differing, golden.unit) };
}

async function nextOf({ rest, count }: Frames): Promise<InterleavedPicture> {
  const { value, done } = await rest.next();
  if (done) throw new Error(`Expected ${count} frames but there were fewer`);
  return value;
}

function describe(
  { message, match, frames = 1, frame }: ImageComparison,
  received: number,
  differing: number,
  unit: Frames['unit'],
): string {
  const counted = `${frames} ${unit}${frames === 1 ? '' : 's'}`;
  if (match) return `${counted}: ${message}`;
  const parts = received === frames ? [] : [`Expected ${counted} but received ${received}`];
  if (differing > 0) parts.push(`${unit} ${frame}: ${message}`);
  if (differing > 1) parts.push(`${differing} ${unit}s differ`);
  return parts.join('; ');
}
