import type { Argv, CommandModule } from 'yargs';
import { bashCompletion } from './manual/bashCompletion.ts';
import { type CommandTable, commandTables } from './manual/commandTables.ts';
import { fishCompletion } from './manual/fishCompletion.ts';
import { zshCompletion } from './manual/zshCompletion.ts';
import type { LoadedCommand } from './shared/loadedCommand.ts';
import { printNotation } from './shared/say.ts';

const SHELLS: Readonly<Record<string, (commands: readonly CommandTable[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

interface CompletionArguments {
  readonly shell: string;
}

/** The command that prints completions of all commands, itself among them. */
export function completionOf(commands: () => readonly CommandModule[]): LoadedCommand {
  return {
    builder: (argv: Argv): Argv<never> =>
      argv
        .positional('shell', {
          type: 'string',
          demandOption: true,
          choices: Object.keys(SHELLS),
          describe: 'the shell to complete in',
        })
        .example('eval "$($0 completion bash)"', 'in bash; put the line into ~/.bashrc for every session')
        .example('$0 completion zsh > ~/.zfunc/_corr2d', 'in zsh, if ~/.zfunc is in $fpath')
        .example('$0 completion fish > ~/.config/fish/completions/corr2d.fish', 'in fish') as unknown as Argv<never>,
    async handler({ shell }: CompletionArguments): Promise<void> {
      printNotation(SHELLS[shell](await commandTables(commands())));
    },
  };
}
