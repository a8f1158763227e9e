import { ExpectationError, expected, expectedOne } from '../../planes/expected.ts';
import { didYouMean } from '../../planes/suggest.ts';

/** What yargs knows of the command that was called, and what it made of the words. */
export interface Called {
  /** The command's name; none where it was none of ours. */
  readonly command: string | undefined;
  /** The command with what it takes: `verify <actual> <golden>`. */
  readonly usage: string | undefined;
  readonly commands: readonly string[];
  /** Names of options, as they are spelt after `--`, and their short forms. */
  readonly options: readonly string[];
  readonly choices: Readonly<Record<string, readonly unknown[]>>;
  readonly args: Readonly<Record<string, unknown>>;
  /** As they were typed. */
  readonly words: readonly string[];
}

/** What people call commands elsewhere. */
const OTHER_COMMANDS: Readonly<Record<string, string>> = {
  apply: 'filter',
  blur: 'filter',
  check: 'verify',
  convolve: 'filter',
  diff: 'compare',
  edge: 'detect',
  edges: 'detect',
  fit: 'learn',
  help: '--help',
  identify: 'inspect',
  info: 'inspect',
  show: 'inspect',
  test: 'verify',
  version: '--version',
};

/** What yargs says where inputs are missing: how many there are, and how many the command needs. */
export const LACKS_INPUTS: RegExp = /^Not enough non-option arguments: got (\d+), need at least (\d+)/;

/**
 * What yargs found wrong with the words, as this program says it: what was expected, what came, and what was probably meant.
 *
 * @param message in English, as yargs words it
 * @returns undefined where yargs says it in our words already
 */
export function mistyped(message: string, called: Called): ExpectationError | undefined {
  // Said in our words already. Of a command that lacks something yargs has taken the name away.
  if (message.startsWith('Expected ')) return undefined;
  if (called.command === undefined) return unknownCommand(called);
  const [what, names = ''] = message.split(/: (.*)/s);
  if (/^Unknown arguments?$/.test(what)) return unknownWords(names.split(', '), called);
  if (message.startsWith('Invalid values:')) return unknownChoice(called);
  const few = LACKS_INPUTS.exec(message);
  if (few) {
    const received = few[1] === '0' ? 'none of its inputs' : `${few[1]} of its ${few[2]} inputs`;
    return new ExpectationError(
      `Expected corr2d ${called.usage} but received ${received}; see corr2d ${called.command} --help`,
    );
  }
  if (/^Missing required arguments?$/.test(what)) {
    return new ExpectationError(`Expected ${names.split(', ').map(spelt).join(' and ')} but received none`);
  }
  const exclusive = /^Arguments (\S+) and (\S+) are mutually exclusive$/.exec(message);
  if (exclusive) {
    return new ExpectationError(`Expected one of ${spelt(exclusive[1])} and ${spelt(exclusive[2])} but received both`);
  }
  const implied = /^\s*(\S+) -> (\S+)/m.exec(message);
  if (implied) {
    return new ExpectationError(
      `Expected ${spelt(implied[2])} with ${spelt(implied[1])} but received ${spelt(implied[1])} alone`,
    );
  }
  return undefined;
}

function unknownCommand({ commands, args }: Called): ExpectationError | undefined {
  const [word] = args['_'] as readonly unknown[];
  if (word === undefined) return undefined;
  const meant = didYouMean(String(word), commands, OTHER_COMMANDS) || '; see corr2d --help';
  return new ExpectationError(`Expected a command (${commands.join(', ')}) but received ${word}${meant}`);
}

/** Of options yargs also tells the spelling in one word, which was not typed: `maxDiff`. */
function unknownWords(names: readonly string[], { command, options, words }: Called): ExpectationError {
  const typed = names.flatMap((name) => {
    const word = words.find((one) => one === name || optionOf(one) === name || optionOf(one) === `no-${name}`);
    return word === undefined ? [] : [word];
  });
  // Of several short options in one word, yargs tells each.
  const together = words.find((one) => /^-[^-]/.test(one) && one.includes(names[0]));
  const [word = together ?? spelt(names[0])] = typed;
  const name = optionOf(word);
  if (name === undefined) {
    return new ExpectationError(`Expected nothing more for corr2d ${command} but received ${word}`);
  }
  const long = options.filter((option) => option.length > 1);
  const meant = didYouMean(name.replace(/^no-/, ''), long).replaceAll(/(?<=mean |, |or )[\w-]+(?=[,?]| or)/g, '--$&');
  return new ExpectationError(
    `Expected an option of corr2d ${command} but received ${word.split('=')[0]}${meant || `; see corr2d ${command} --help`}`,
  );
}

/** A word's option, without dashes and value; none of a word that is no option. */
function optionOf(word: string): string | undefined {
  return /^--?([^=]+)/s.exec(word)?.[1];
}

function unknownChoice({ choices, args }: Called): ExpectationError | undefined {
  for (const [name, allowed] of Object.entries(choices)) {
    const wrong = [args[name]].flat().find((value) => value !== undefined && !allowed.includes(value));
    if (wrong !== undefined) {
      return expectedOne(
        `one of ${allowed.join(', ')}`,
        spelt(name),
        wrong === '' ? 'none' : wrong,
        allowed.map(String),
      );
    }
  }
  return undefined;
}

function spelt(name: string): string {
  return `${name.length === 1 ? '-' : '--'}${name}`;
}

/** Options of a command by what they take. */
export interface Kinds {
  readonly number?: readonly string[];
  readonly string?: readonly string[];
  readonly boolean?: readonly string[];
  /** Short forms. */
  readonly alias?: Readonly<Record<string, readonly string[]>>;
}

/** Options that say something by themselves, and more with a value. */
const MAY_STAND_ALONE: ReadonlySet<string> = new Set(['json']);

/** Options that `--no-` takes away; yargs gives all others the value false. */
const MAY_BE_NONE: ReadonlySet<string> = new Set(['config']);

/**
 * Refuses options that lack their value, numbers that are none, and answers other than true and false to what is asked yes or no.
 * yargs takes the default, NaN and false for them.
 */
export function expectValues(
  args: Readonly<Record<string, unknown>>,
  { number = [], string = [], boolean = [], alias = {} }: Kinds,
  words: readonly string[],
): void {
  const end = words.indexOf('--');
  for (const word of end < 0 ? words : words.slice(0, end)) {
    const name = /^--no-([^=]+)/s.exec(word)?.[1] ?? '';
    const takesValue = [...string, ...number].includes(name) && !boolean.includes(name);
    if (takesValue && !MAY_BE_NONE.has(name)) throw expected('a value', spelt(name), word);
  }
  const typed = (name: string): string | undefined => valueOf([name, ...(alias[name] ?? [])], words);
  const long = (names: readonly string[]): string[] => names.filter((name) => name.length > 1);
  for (const name of long(number)) {
    const value = typed(name);
    if (value === '') throw expected('a number', spelt(name), 'none');
    if (value !== undefined && Number.isNaN(args[name])) throw expected('a number', spelt(name), value);
  }
  for (const name of long(string)) {
    if (typed(name) === '' && !MAY_STAND_ALONE.has(name)) throw expected('a value', spelt(name), 'none');
  }
  for (const name of long(boolean)) {
    const value = words.find((word) => word.startsWith(`${spelt(name)}=`))?.slice(name.length + 3);
    if (value !== undefined && value !== 'true' && value !== 'false') {
      throw expected('true, false or no value', spelt(name), value);
    }
  }
}

/** What was typed as an option's value; an empty text where nothing was, undefined where the option was not typed. */
function valueOf(names: readonly string[], words: readonly string[]): string | undefined {
  for (const [i, word] of words.entries()) {
    if (word === '--') return undefined;
    for (const option of names.map(spelt)) {
      if (word === option) return isOption(words[i + 1] ?? '-o') ? '' : words[i + 1];
      if (word.startsWith(`${option}=`)) return word.slice(option.length + 1);
      if (option.length === 2 && word.startsWith(option)) return word.slice(2);
    }
  }
  return undefined;
}

/** Whether a word is no value: a number may be negative. */
function isOption(word: string): boolean {
  return /^-(?![\d.])./.test(word);
}
