import type { Argv, CommandModule, Options, PositionalOptions } from 'yargs';
import { operatorNames } from '../../edges/operators/operators.ts';
import { kernelNames } from '../../kernels/named.ts';

/** What a command takes, as it tells yargs. */
export interface CommandTable {
  readonly name: string;
  /** The name and what may follow: `verify <actual> <golden>`. */
  readonly usage: string;
  readonly description: string;
  readonly positionals: readonly Described<PositionalOptions>[];
  readonly options: readonly Described<Options>[];
  /** Calls, and what they do. */
  readonly examples: readonly (readonly [call: string, what: string])[];
}

export interface Described<T> {
  readonly name: string;
  readonly about: T;
}

/** The tables of all commands, asked from their own builders: what lists options cannot leave one out. */
export function commandTables(commands: readonly CommandModule[]): Promise<readonly CommandTable[]> {
  return Promise.all(
    commands.map(async ({ command, describe, builder }) => {
      const usage = String(command);
      const recorded = { positionals: [], options: [], examples: [] };
      if (typeof builder === 'function') await builder(recorder(recorded));
      return { name: usage.split(' ')[0], usage, description: String(describe), ...recorded };
    }),
  );
}

interface Recorded {
  readonly positionals: Described<PositionalOptions>[];
  readonly options: Described<Options>[];
  readonly examples: (readonly [string, string])[];
}

/** Stands for yargs, and notes what it is told. */
function recorder({ positionals, options, examples }: Recorded): Argv {
  const notes: Readonly<Record<string, (...told: never[]) => void>> = {
    positional: (name: string, about: PositionalOptions) => void positionals.push({ name, about }),
    option: (name: string, about: Options) => void options.push({ name, about }),
    options: (table: Readonly<Record<string, Options>>) => {
      for (const [name, about] of Object.entries(table)) options.push({ name, about });
    },
    example: (call: string, what: string) => void examples.push([call.replace('$0', 'corr2d'), what]),
  };
  const stand = new Proxy({} as Argv, {
    get(_, method: string) {
      // Who waits for what has this method waits for its call.
      if (method === 'then') return undefined;
      return (...told: never[]) => {
        notes[method]?.(...told);
        return stand;
      };
    },
  });
  return stand;
}

/** An option's one-letter names. */
export function shortNames({ alias = [] }: Options): readonly string[] {
  return [alias].flat().filter((name) => name.length === 1);
}

/** Whether an option stands alone. */
export function isSwitch({ type }: Options): boolean {
  return type === 'boolean';
}

/** The words that an option may be given: its choices, or names that it knows. */
export function wordsOf({ name, about }: Described<Options>): readonly string[] {
  if (about.choices !== undefined) return about.choices.map(String);
  if (name === 'operator') return [...operatorNames, 'all'];
  return name === 'kernel' ? kernelNames.map((kernel) => kernel.name) : [];
}
