import yargs, { type Argv } from 'yargs';
import { ExpectationError, shorten } from '../../planes/expected.ts';
import { expectValues } from '../shared/mistyped.ts';
import { refuseRepeated } from '../shared/words.ts';
import { optionsOf } from '../shared/yargsOptions.ts';
import type { QueuedCommand } from './queuedCommands.ts';

/**
 * What the words come to that a run was queued with, read strictly: whoever wrote them.
 *
 * @throws ExpectationError where the command would refuse them, or they say more than what outputs are to be
 */
export async function readWords(
  name: string,
  {
    isDecisive,
    positionals,
    builder,
  }: Pick<QueuedCommand, 'isDecisive' | 'positionals'> & { builder: (argv: Argv) => unknown },
  words: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  for (const word of words) {
    const option = /^--(?:no-)?([a-z][a-z-]+)(?:=|$)/s.exec(word)?.[1];
    if (option === undefined || !isDecisive(option) || option === 'help' || option === 'version') {
      throw new ExpectationError(`Expected an option that decides what outputs are but received ${shorten(word)}`);
    }
  }
  const parser = yargs([name, ...positionals.map(() => '.'), ...words]);
  return parser
    .command(
      [name, ...positionals].join(' '),
      false,
      (argv) => builder(argv) as Argv,
      () => {},
    )
    .strict()
    .help(false)
    .version(false)
    .detectLocale(false)
    .parserConfiguration({ 'duplicate-arguments-array': true, 'parse-positional-numbers': false })
    .check((parsed) => {
      // They are known here, and gone when all is parsed.
      expectValues(parsed, optionsOf(parser), words);
      return refuseRepeated(parsed);
    })
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new ExpectationError(`Expected options of ${name} but received others: ${shorten(message)}`);
    })
    .parseAsync();
}
