import { alignPair } from '../diagnosis/alignPair.ts';
import { findOffset } from '../diagnosis/findOffset.ts';
import type { Origin } from '../feasible/certifyPlaced.ts';
import type { Example } from '../pairs.ts';
import type { Shift } from '../shape/shapeOfPairs.ts';

/** What pairs have in common once each after lies where it belongs. */
export interface Placed {
  readonly examples: readonly Example[];
  /** Of pictures of one size, where all are displaced alike. */
  readonly shift?: Shift;
  /** Where each after begins in its before; absent where all do at its first sample. */
  readonly origins?: readonly Origin[];
  readonly notes: readonly string[];
}

export function samePlace(examples: readonly Example[]): Placed {
  return { examples, notes: [] };
}

/** Each after at its place in its before, told by their edges; nothing where one has none, or all are where they should be. */
export function findPlaces(examples: readonly Example[]): Placed | undefined {
  const placed: Example[] = [];
  const notes: string[] = [];
  const shifts: Shift[] = [];
  const origins: Origin[] = [];
  for (const example of examples) {
    const { before, after, where } = example;
    const offset = findOffset(before, after);
    if (offset === undefined) return undefined;
    const { rows, columns } = offset;
    placed.push(alignPair(example, offset));
    origins.push([rows, columns]);
    if (before.height === after.height && before.width === after.width) shifts.push([0 - rows, 0 - columns]);
    else {
      notes.push(
        `In ${where} the after, ${after.height}×${after.width}, shows the part of the before that begins at row ${rows}, ` +
          `column ${columns}: what both show was learned from.`,
      );
    }
  }
  const [shift] = shifts;
  if (notes.length === 0 && shifts.every(([down, right]) => down === 0 && right === 0)) return undefined;
  const alike = shifts.length === examples.length && shifts.every((one) => one[0] === shift[0] && one[1] === shift[1]);
  return { examples: placed, origins, ...(alike ? { shift } : {}), notes };
}

/** Where afters begin in their befores, of which taps were found to be displaced on top of it; undefined where all begin at the first sample. */
export function originsOf({ examples, origins }: Placed, shift: Shift = [0, 0]): readonly Origin[] | undefined {
  if (origins === undefined && shift[0] === 0 && shift[1] === 0) return undefined;
  return examples.map((_, i): Origin => {
    const [row, column] = origins?.[i] ?? [0, 0];
    return [row - shift[0], column - shift[1]];
  });
}
