/**
 * `--json` may name a file or stand alone; alone it must not swallow the input that follows it.
 * So it takes the next word only where that ends in `.json`; `--json=file` takes any.
 */
export function separateOptionalValues(words: readonly string[]): string[] {
  return words.map((word, i) => (word === '--json' && !words[i + 1]?.endsWith('.json') ? '--json=' : word));
}
