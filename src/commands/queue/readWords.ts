import yargs, { type Argv } from 'yargs';
import { ExpectationError, shorten } from '../../planes/expected.ts';
import type { BatchArguments } from '../pictures/batchOptions.ts';
import type { PictureCommand } from '../pictures/pictureCommand.ts';
import { expectValues } from '../shared/mistyped.ts';
import { refuseRepeated } from '../shared/words.ts';
import { optionsOf } from '../shared/yargsOptions.ts';
import { isQueued } from './words.ts';

/** A command whose pictures workers can make. */
interface QueuedCommand {
  readonly builder: (argv: Argv) => unknown;
  readonly commandOf: (args: never) => Promise<PictureCommand>;
}

const COMMANDS: Readonly<Record<string, () => Promise<QueuedCommand>>> = {
  detect: () => import('../detect.ts'),
  filter: () => import('../filter.ts'),
};

/** What words come to, and which options have one of some words for a value, never a file. */
interface ReadWords {
  readonly args: BatchArguments;
  readonly commandOf: QueuedCommand['commandOf'];
  readonly choices: ReadonlySet<string>;
}

/**
 * Reads the words that a run was queued with, strictly: whoever wrote them.
 *
 * @throws ExpectationError where the command would refuse them, or they say more than what outputs are to be
 */
export async function readWords(name: string, words: readonly string[]): Promise<ReadWords> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    throw new ExpectationError(
      `Expected one of ${Object.keys(COMMANDS).join(', ')} for a queue's command but received ${shorten(name)}`,
    );
  }
  for (const word of words) {
    const option = /^--(?:no-)?([a-z][a-z-]+)(?:=|$)/s.exec(word)?.[1];
    if (option === undefined || !isQueued(option) || option === 'help' || option === 'version') {
      throw new ExpectationError(`Expected an option that decides what outputs are but received ${shorten(word)}`);
    }
  }
  const { builder, commandOf } = await load();
  const choices = new Set<string>();
  const parser = yargs([name, '.', ...words]);
  const parsed = await parser
    .command(
      `${name} <inputs..>`,
      false,
      (argv) => builder(argv) as Argv,
      () => {},
    )
    .strict()
    .help(false)
    .version(false)
    .detectLocale(false)
    .parserConfiguration({ 'duplicate-arguments-array': true, 'parse-positional-numbers': false })
    .check((args) => {
      // They are known here, and gone when all is parsed.
      const options = optionsOf(parser);
      for (const option of Object.keys(options.choices ?? {})) choices.add(option);
      expectValues(args, options, words);
      return refuseRepeated(args);
    })
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new ExpectationError(`Expected options of ${name} but received others: ${shorten(message)}`);
    })
    .parseAsync();
  return { args: parsed as unknown as BatchArguments, commandOf, choices };
}
