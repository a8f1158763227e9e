import { stat } from 'node:fs/promises';
import type { Argv, CommandModule, Options } from 'yargs';
import { nameOf } from '../../disk/fileError.ts';
import { isMissing } from '../../disk/planError.ts';
import { readBytes } from '../../disk/readBytes.ts';
import { showPath } from '../../disk/showPath.ts';
import { expected, expectedOne, ExpectationError, shorten } from '../../planes/expected.ts';
import { say } from './say.ts';
import { optionsOf, type YargsOptions } from './yargsOptions.ts';

/** The file that is looked for where the command is called, and nowhere else. */
const CONFIG_FILE = 'corr2d.config.json';

/** The option of every command that a file may give defaults to. */
export const configOption = {
  type: 'string',
  defaultDescription: `${CONFIG_FILE} in the working folder`,
  describe: 'file of default options for each command (--no-config: use none); the command line overrides it',
} satisfies Options;

/** No such file is longer, in bytes. */
const LONGEST = 2 ** 20;

interface UsedConfig {
  readonly path: string;
  readonly options: Readonly<Record<string, unknown>>;
}

let used: UsedConfig | undefined;

/** Which file gave options to the command that was called; none where none did. */
export function configPath(): string | undefined {
  return used?.path;
}

/** Says, unless it is to be quiet, what a file has set. */
export function tellConfig(args: Readonly<Record<string, unknown>>): void {
  if (used === undefined || args['quiet'] === true) return;
  const options = Object.entries(used.options).map(([name, value]) => `${name} ${[value].flat().join(' ')}`);
  say(`corr2d: options from ${showPath(used.path)} (what is typed counts): ${shorten(options.join(', '))}`);
}

/** A command whose options may come from a file. */
export function withConfig(
  command: CommandModule,
  commands: readonly string[],
  words: readonly string[],
): CommandModule {
  const { builder } = command;
  if (typeof builder !== 'function') return command;
  const [name, ...positionals] = String(command.command).split(' ');
  return {
    ...command,
    async builder(argv: Argv) {
      const built = await builder(argv);
      const known = optionsOf(argv);
      if (known.key !== undefined && 'config' in known.key) {
        const inputs = positionals.map((positional) => positional.replaceAll(/[<>[\].]/g, '').split('|')[0]);
        await apply(argv, { name, commands, inputs, known, words });
      }
      return built;
    },
  } as CommandModule;
}

interface Applied {
  readonly name: string;
  readonly commands: readonly string[];
  /** Names of what is no option. */
  readonly inputs: readonly string[];
  readonly known: YargsOptions;
  readonly words: readonly string[];
}

async function apply(argv: Argv, { name, commands, inputs, known, words }: Applied): Promise<void> {
  const asked = askedConfig(words);
  if (asked === false) return;
  const path = asked ?? CONFIG_FILE;
  if (asked === undefined && (await isAbsent(path))) return;
  const where = nameOf(path);
  const config = parse(await readBytes(path, 'defaults of options', LONGEST), where);
  for (const command of Object.keys(config)) {
    if (!commands.includes(command)) {
      throw expectedOne(`one of ${commands.join(', ')}`, `a command in ${where}`, command, commands);
    }
  }
  if (!Object.hasOwn(config, name)) return;
  const section = expectObject(config[name], `${name} in ${where}`);
  const names = Object.keys(known.key ?? {}).filter((key) => key.length > 1 && !/[A-Z]/.test(key));
  const options = names.filter((key) => !inputs.includes(key) && !['config', 'help', 'version'].includes(key));
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(section)) {
    if (!options.includes(key)) {
      throw expectedOne(`an option of corr2d ${name}`, `${name} in ${where}`, key, options);
    }
    values[key] = valueOf(value, key, known, `${name}.${key} in ${where}`);
  }
  if (Object.keys(values).length === 0) return;
  argv.config(values);
  used = { path, options: values };
}

/** The file that was typed; false where none is to be read. */
function askedConfig(words: readonly string[]): string | false | undefined {
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  if (before.includes('--no-config')) return false;
  const at = before.findIndex((word) => word === '--config' || word.startsWith('--config='));
  if (at < 0) return undefined;
  const value = before[at] === '--config' ? before[at + 1] : before[at].slice('--config='.length);
  // Said where all options are looked at.
  return value === undefined || value === '' ? false : value;
}

async function isAbsent(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return isMissing(error);
  }
}

function parse(bytes: Uint8Array, where: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ExpectationError(`Expected JSON in ${where} but received other text: ${(error as Error).message}`);
  }
  return expectObject(value, where);
}

function expectObject(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected('an object', where, value);
  return value as Readonly<Record<string, unknown>>;
}

/** What an option would be, had the value been typed. */
function valueOf(value: unknown, name: string, known: YargsOptions, where: string): unknown {
  const { array = [], boolean = [], number = [], choices = {} } = known;
  if (array.includes(name)) {
    return [value].flat().map((one) => valueOf(one, name, { ...known, array: [] }, where));
  }
  if (boolean.includes(name)) {
    if (typeof value !== 'boolean') throw expected('true or false', where, value);
    return value;
  }
  if (number.includes(name)) {
    if (typeof value !== 'number') throw expected('a number', where, value);
    return value;
  }
  if (Object.hasOwn(choices, name)) {
    const allowed = choices[name];
    if (!allowed.includes(value)) {
      throw expectedOne(`one of ${allowed.join(', ')}`, where, value, allowed.map(String));
    }
    return value;
  }
  // Thresholds, say, are texts that may be numbers.
  if (typeof value !== 'string' && typeof value !== 'number') throw expected('a text or a number', where, value);
  return String(value);
}
