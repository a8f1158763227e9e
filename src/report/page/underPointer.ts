import { MARK } from '../../verify/marks.ts';
import type { VerifyEntry } from '../data.ts';
import { type Decoded, valuesAt } from './decode.ts';

type Unpacked = { readonly [side in 'expected' | 'actual' | 'difference']: Decoded | undefined };

interface At {
  readonly row: number;
  readonly column: number;
}

/** What a pixel holds in both pictures, and what was found of it. */
export function underPointer(entry: VerifyEntry, shown: Unpacked, { row, column }: At): string {
  const values = (['expected', 'actual'] as const).flatMap((side) => {
    const picture = entry[side];
    const decoded = shown[side];
    if (picture === undefined) return [];
    if (row >= picture.height || column >= picture.width) return [`${side}: outside`];
    if (picture.kind === 'file') return [`${side}: in its file, which lies beside this page`];
    return decoded === undefined ? [] : [`${side}: ${valuesAt(picture, decoded, row, column)} of ${picture.white}`];
  });
  return [`column ${column}, row ${row}`, ...values, ...verdictAt(entry, shown, { row, column })].join(' · ');
}

const VERDICTS: Readonly<Record<number, string>> = {
  [MARK.same]: 'the same',
  [MARK.differs]: 'differs',
  [MARK.added]: 'an edge that was not expected',
  [MARK.outside]: 'in one picture alone',
  [MARK.excused]: 'differs, as the rule allows',
  [MARK.ignored]: 'not compared',
};

function verdictAt({ difference }: VerifyEntry, { difference: decoded }: Unpacked, { row, column }: At): string[] {
  if (difference === undefined || decoded === undefined) return [];
  return [VERDICTS[decoded.samples[2 * (row * difference.width + column) + 1]]];
}
