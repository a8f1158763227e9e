import type { Argv, Options, PositionalOptions } from 'yargs';

/** What a table of options comes to on the command line: absent where there is neither a default nor a demand. */
export type ArgumentsOf<Table extends Readonly<Record<string, Options>>> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]> | (Table[Name] extends Given ? never : undefined);
};

/** Adds what a command takes, by place and by name; its arguments are inferred from the tables. */
export function withArguments<
  const Places extends Readonly<Record<string, PositionalOptions>>,
  const Table extends Readonly<Record<string, Options>>,
>(argv: Argv, places: Places, table: Table): Argv<ArgumentsOf<Places & Table>> {
  for (const [name, about] of Object.entries(places)) argv.positional(name, about);
  return argv.options(table) as unknown as Argv<ArgumentsOf<Places & Table>>;
}

/** What always has a value. */
type Given = { readonly default: unknown } | { readonly demandOption: true };

type ValueOf<Option extends Options> = Option extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : Option extends { readonly array: true }
    ? readonly Single<Option>[]
    : Single<Option>;

type Single<Option extends Options> = Option extends { readonly type: 'boolean' }
  ? boolean
  : Option extends { readonly type: 'number' }
    ? number
    : Option extends { readonly type: 'string' }
      ? string
      : never;
