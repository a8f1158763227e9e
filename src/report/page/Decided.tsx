import type { JSX } from 'preact';
import type { PixelShown, VerifyEntry } from '../data.ts';

interface DecidedProps {
  readonly entry: VerifyEntry;
}

/** What decided over a picture: the rule, the counts, and the pixel that differs most. */
export function Decided({ entry: { decided = [], largest, expected } }: DecidedProps): JSX.Element | null {
  if (decided.length === 0) return null;
  return (
    <dl class="known decided">
      {decided.map(([name, text]) => (
        <div>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
      {largest && (
        <div>
          <dt>where most</dt>
          <dd>{told(largest, expected?.kind === 'samples' ? expected.white : undefined)}</dd>
        </div>
      )}
    </dl>
  );
}

function told({ row, column, expected, actual }: PixelShown, white: number | undefined): string {
  const of = white === undefined ? '' : ` (white is ${white})`;
  return `at column ${column}, row ${row}: expected ${inWords(expected)}, received ${inWords(actual)}${of}`;
}

/** Numbers in six digits, which tell any sample of 16 bits. */
function inWords(values: readonly number[]): string {
  return values.map((value) => Number(value.toPrecision(6))).join(', ');
}
