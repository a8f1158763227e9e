import type { JSX } from 'preact';

interface NumbersProps {
  readonly label: string;
  readonly rows: readonly (readonly number[])[];
  /** Absent where numbers are results. */
  readonly onChange?: (rows: number[][]) => void;
  /** Where the window stands. */
  readonly lit?: (row: number, column: number) => boolean;
  /** Cells that are not the picture's own. */
  readonly outside?: (row: number, column: number) => boolean;
  readonly onPoint?: (row: number, column: number) => void;
}

/** Numbers in rows and columns: to be edited, or to be looked at. */
export function Numbers({ label, rows, onChange, lit, outside, onPoint }: NumbersProps): JSX.Element {
  const set = (row: number, column: number, text: string): void => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) return;
    onChange?.(rows.map((line, r) => line.map((one, c) => (r === row && c === column ? value : one))));
  };
  const cell = (value: number, row: number, column: number): JSX.Element => {
    const name = `${label}, row ${row}, column ${column}`;
    if (onChange !== undefined && !outside?.(row, column)) {
      return (
        <input
          type="text"
          inputMode="numeric"
          aria-label={name}
          value={short(value)}
          onChange={(event) => set(row, column, event.currentTarget.value)}
        />
      );
    }
    if (onPoint === undefined) return <span>{short(value)}</span>;
    return (
      <button
        type="button"
        aria-label={`${name}: ${short(value)}`}
        onClick={() => onPoint(row, column)}
        onPointerEnter={() => onPoint(row, column)}
      >
        {short(value)}
      </button>
    );
  };
  return (
    <figure class="numbers">
      <figcaption>
        {label} ({rows.length}×{rows[0]?.length ?? 0})
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div class="scrolled" tabIndex={0} role="region" aria-label={`numbers of ${label}`}>
        <table>
          <tbody>
            {rows.map((line, row) => (
              <tr key={row}>
                {line.map((value, column) => (
                  <td key={column} class={classOf(lit?.(row, column), outside?.(row, column))}>
                    {cell(value, row, column)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function classOf(isLit = false, isOutside = false): string {
  return [isLit ? 'lit' : '', isOutside ? 'outside' : ''].filter(Boolean).join(' ');
}

export function short(value: number): string {
  return String(Number(value.toPrecision(5)) + 0);
}

/** Rows of another size: what is new is 0. */
export function resized(rows: readonly (readonly number[])[], height: number, width: number): number[][] {
  return Array.from({ length: height }, (_, r) => Array.from({ length: width }, (__, c) => rows[r]?.[c] ?? 0));
}

interface CountProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

/** A whole number by a slider. */
export function Count({ label, value, least, most, onChange }: CountProps): JSX.Element {
  return (
    <label class="count">
      <span>
        {label}: <output>{value}</output>
      </span>
      <input
        type="range"
        min={least}
        max={most}
        step={1}
        value={value}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </label>
  );
}
