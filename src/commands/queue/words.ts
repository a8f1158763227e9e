import { createHash } from 'node:crypto';
import { indecisive, permitting } from '../pictures/batchOptions.ts';
import { version } from '../version.ts';

/**
 * What was asked for, as words that come to the same where they are read again: the options that decide what outputs are, their defaults
 * among them.
 *
 * @param isDecisive whether an option is one of them
 * @param renamed files that the options name, by their names for whoever reads the words
 */
export function wordsOf(
  args: object,
  isDecisive: (name: string) => boolean,
  renamed: ReadonlyMap<string, string>,
): string[] {
  return Object.entries(args)
    .filter(([name, value]) => value !== undefined && isDecisive(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => {
      if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return values.map((one) => `--${name}=${renamed.get(String(one)) ?? String(one)}`);
    });
}

/**
 * Whether an option of `detect` and `filter` decides what outputs are. Yargs holds an option by all its names; that of several letters, as it
 * is typed, is the one.
 */
export function isDecisive(name: string): boolean {
  return name.length > 1 && !/[A-Z]/.test(name) && (!indecisive.has(name) || permitting.has(name));
}

/** What words come to: SHA-256 of them, the command and the version. Files are named by their contents in them. */
export function settingsOf(command: string, words: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([version, command, words]))
    .digest('hex');
}
