/** Taps in Float64, row-major: what a recipe makes before they are rounded to a kernel's Float32. */
export interface Taps {
  readonly height: number;
  readonly width: number;
  readonly values: ArrayLike<number>;
}

/** One argument of a named kernel. */
export interface Parameter {
  readonly name: string;
  /** Taken where the argument is left out; the recipe decides where there is none. */
  readonly default?: number;
  readonly least: number;
  readonly most: number;
  /** Whole numbers only. */
  readonly whole?: boolean;
  /** These numbers only. */
  readonly choices?: readonly number[];
}

/** A kernel that is known by name. */
export interface Recipe {
  readonly name: string;
  /** One line, as help texts print it. */
  readonly description: string;
  readonly parameters: readonly Parameter[];
  /** What stands between arguments; a comma by default. */
  readonly separator?: string;
  /** The taps for checked arguments: a number where the parameter has a default, else perhaps undefined. */
  readonly taps: (...values: number[]) => Taps;
}

/** A recipe without arguments, from rows of taps. */
export function fixed(name: string, rows: readonly (readonly number[])[], description: string): Recipe {
  const taps = fromRows(rows);
  return { name, description, parameters: [], taps: () => taps };
}

export function fromRows(rows: readonly (readonly number[])[]): Taps {
  return { height: rows.length, width: rows[0].length, values: rows.flat() };
}

/** Taps of every row and column by a formula. */
export function fill(height: number, width: number, tap: (row: number, column: number) => number): Taps {
  const values = new Float64Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) values[row * width + column] = tap(row, column);
  }
  return { height, width, values };
}

/** The product of a column and a row of taps. */
export function outer(column: ArrayLike<number>, row: ArrayLike<number>): Taps {
  return fill(column.length, row.length, (r, c) => column[r] * row[c]);
}

export function transpose(taps: Taps): Taps {
  return fill(taps.width, taps.height, (row, column) => taps.values[column * taps.width + row]);
}

export function mapTaps(taps: Taps, change: (tap: number) => number): Taps {
  return { ...taps, values: Float64Array.from(taps.values, change) };
}

/** The same taps with `by` added to the one in the middle of an odd-sized kernel. */
export function addToCentre(taps: Taps, by: number): Taps {
  const values = Float64Array.from(taps.values);
  values[(values.length - 1) / 2] += by;
  return { ...taps, values };
}

export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
