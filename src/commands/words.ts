/**
 * What was typed, so that yargs reads it as it was meant:
 * - `--json` may name a file or stand alone; alone it must not swallow the input that follows it. So it takes the next word
 *   only where that ends in `.json`; `--json=file` takes any.
 * - `-` among the inputs is standard input, which yargs drops.
 * - After `--` everything is an input, whatever it begins with; yargs would not count it.
 */
export function prepareWords(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  const after = end < 0 ? [] : words.slice(end + 1);
  return [
    ...before.map((word, i) => {
      if (word === '--json' && !before[i + 1]?.endsWith('.json')) return '--json=';
      return word === '-' && !TAKES_DASH.has(before[i - 1]) ? STANDARD_INPUT : word;
    }),
    ...after.map((word) => (word.startsWith('-') ? `./${word}` : word)),
  ];
}

/** Options whose value may be `-`. */
const TAKES_DASH: ReadonlySet<string> = new Set(['-o', '--output']);

/** Stands for `-` until yargs has read the words; no path holds a zero byte. */
const STANDARD_INPUT = '\0standard input';

/** The inputs as they were typed. */
export function restoreDash(inputs: readonly string[]): string[] {
  return inputs.map((input) => (input === STANDARD_INPUT ? '-' : input));
}
