import type { Argv } from 'yargs';

/** What a command's module holds, beside the words that call it. */
export interface LoadedCommand {
  readonly builder: (argv: Argv) => Argv<never>;
  readonly handler: (args: never) => Promise<void>;
}
