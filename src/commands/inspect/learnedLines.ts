/**
 * What a file says of how it was learned, as facts: a row for each, whatever a file of another hand holds there. Long lists of numbers are
 * told by their ends.
 */
export function learnedRows(learned: unknown): Record<string, unknown> {
  if (typeof learned !== 'object' || learned === null || Array.isArray(learned)) return { learned };
  return Object.fromEntries(
    Object.entries(learned).map(([name, value]) => [
      `learned ${name}`,
      Array.isArray(value) ? listOf(value) : inWords(value),
    ]),
  );
}

/** More numbers are not read one by one. */
const MOST_NUMBERS = 6;

function listOf(list: readonly unknown[]): string | readonly string[] {
  if (list.length === 0) return 'none';
  if (!list.every((one) => typeof one === 'number')) return list.map(inWords);
  if (list.length <= MOST_NUMBERS) return list.map(inWords).join(', ');
  const [least, most] = list.reduce(
    ([low, high], one) => [Math.min(low, one), Math.max(high, one)],
    [Infinity, -Infinity],
  );
  return `${list.length} numbers from ${inWords(least)} to ${inWords(most)}`;
}

function inWords(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    const told = listOf(value);
    return typeof told === 'string' ? told : told.join(', ');
  }
  return Object.entries(value)
    .map(([name, part]) => `${name} ${inWords(part)}`)
    .join(', ');
}
