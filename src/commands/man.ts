import type { Argv, CommandModule } from 'yargs';
import { commandTables } from './manual/commandTables.ts';
import { manualPage } from './manual/manualPage.ts';
import type { LoadedCommand } from './shared/loadedCommand.ts';
import { printNotation } from './shared/say.ts';
import { version } from './version.ts';

/** The command that prints the manual page of all commands, itself among them. */
export function manOf(commands: () => readonly CommandModule[]): LoadedCommand {
  return {
    builder: (argv: Argv): Argv<never> =>
      argv.example(
        '$0 man | man -l -',
        'read it where it was not installed with the package',
      ) as unknown as Argv<never>,
    async handler(): Promise<void> {
      printNotation(manualPage(await commandTables(commands()), version));
    },
  };
}
