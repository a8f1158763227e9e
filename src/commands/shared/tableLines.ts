/** Rows of a table as lines, each column as wide as its widest cell; the last one is as long as it is. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].slice(0, -1).map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}
