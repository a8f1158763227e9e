import { existsSync } from 'node:fs';
import { extensionOf, READ_EXTENSIONS } from '../../files/formats.ts';
import { ExpectationError, expected } from '../../planes/expected.ts';
import { isPlain, plainText } from '../../planes/plainText.ts';

/**
 * What was typed, so that yargs reads it as it was meant:
 * - `--json` may name a file or stand alone; alone it must not swallow the input that follows it. So it takes the next word
 *   only where that ends in `.json`; `--json=file` takes any.
 * - `-` among the inputs is standard input, which yargs drops.
 * - A text may follow `-o` and `-k` at once, as elsewhere; yargs knows that of numbers alone.
 * - After `--` everything is an input, whatever it begins with; yargs would not count it.
 *
 * @throws ExpectationError for a file's name that begins with a dash, which would be read as options
 */
export function prepareWords(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  const after = end < 0 ? [] : words.slice(end + 1);
  for (const word of before) refuseDashed(word);
  return [
    ...before.flatMap((word, i) => {
      if (word === '--json' && !before[i + 1]?.endsWith('.json')) return '--json=';
      const [, option, value] = JOINED.exec(word) ?? [];
      if (value !== undefined) return [option, value];
      return word === '-' && !TAKES_DASH.has(before[i - 1]) ? STANDARD_INPUT : word;
    }),
    ...after.map((word) => (word.startsWith('-') ? `./${word}` : word)),
  ];
}

/** Short options whose text may follow at once: `-oedges.png`. */
const JOINED = /^(-[ko])([^=].*)$/s;

function refuseDashed(word: string): void {
  if (!/^-[^-\d.]|^--./.test(word) || word.includes('=')) return;
  const isPicture = READ_EXTENSIONS.includes(extensionOf(word)) && !JOINED.test(word);
  if (!isPicture && !existsSync(word)) return;
  throw new ExpectationError(`Expected an option but received ${word}, a file's name; ./${word} stands for the file`);
}

/** A message of several lines, in which what was typed begins none: names of files may have been typed for it. */
export function withPlainWords(message: string, words: readonly string[]): string {
  // An option is told without its dashes and its value.
  const parts = words.flatMap((word) => [word, word.replace(/^-+/, ''), ...word.replace(/^-+/, '').split(/=(.*)/s)]);
  return parts.reduce((text, part) => (isPlain(part) ? text : text.replaceAll(part, plainText(part))), message);
}

/** Options whose value may be `-`. */
const TAKES_DASH: ReadonlySet<string> = new Set(['-o', '--output']);

/** Stands for `-` until yargs has read the words; no path holds a zero byte. */
const STANDARD_INPUT = '\0standard input';

/** An input, or all of them, as they were typed. */
export function restoreDash<T extends string | string[]>(inputs: T): T {
  const restore = (input: string): string => (input === STANDARD_INPUT ? '-' : input);
  return (Array.isArray(inputs) ? inputs.map(restore) : restore(inputs)) as T;
}

/** Options that may be given more than once, and the inputs; an option of one command alone, after its name. */
const LISTS: ReadonlySet<string> = new Set([
  '_',
  'inputs',
  'more',
  'operator',
  'exclude',
  'learn export',
  'verify ignore',
  'verify only',
  'compare ignore',
]);

/** Refuses an option given twice: which of the two was meant is not for us to guess. */
export function refuseRepeated(args: Readonly<Record<string, unknown>>): true {
  const command = (args['_'] as readonly unknown[])[0];
  for (const [name, value] of Object.entries(args)) {
    if (Array.isArray(value) && !LISTS.has(name) && !LISTS.has(`${command} ${name}`) && name.length > 1) {
      throw expected('one value', `--${name}`, value.join(', '));
    }
  }
  return true;
}
