/** Facts as lines: their names in a column, and what is known of each; a list of texts or objects takes a line for each. */
export function factLines(facts: Readonly<Record<string, unknown>>): string[] {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([key]) => key.length));
  return known.flatMap(([key, value]) =>
    inWords(value).map((line, i) => `${(i === 0 ? key : '').padEnd(width)}  ${line}`),
  );
}

/** What is known of something, as lines. */
export function inWords(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'object')) {
    return value.map((item) =>
      Object.entries(item)
        .map(([key, part]) => `${key} ${part}`)
        .join(', '),
    );
  }
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
}
