/** The first of every four rows of a long table where someone waits for the answer; all of them in CI. */
export function quarter<Row extends readonly unknown[] | readonly [unknown]>(rows: readonly Row[]): readonly Row[];
export function quarter<Row>(rows: readonly Row[]): readonly Row[];
export function quarter<Row>(rows: readonly Row[]): readonly Row[] {
  return process.env['CI'] ? rows : rows.filter((_, i) => i % 4 === 0);
}
