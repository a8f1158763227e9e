import { setFlagsFromString } from 'node:v8';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { restrictLoaders } from '../files/restrictLoaders.ts';
import { tuneSharp } from '../files/tuneSharp.ts';
import { hasRelaxedMadd } from '../wasm/features.ts';
import { COMMANDS } from './commands.ts';
import { reportRefusal } from './shared/exit.ts';
import { keepStreams } from './shared/streams.ts';
import { prepareWords, refuseRepeated, withPlainWords } from './shared/words.ts';
import { version } from './version.ts';

/**
 * Runs what was typed; the exit status is `process.exitCode`.
 *
 * @throws what was not foreseen
 */
export async function main(): Promise<void> {
  keepStreams();
  // A file over the shell's size limit is then an error of its own write, not the end of the process.
  process.on('SIGXFSZ', () => {});
  // Node 20 fuses multiplications and additions behind a switch; in its own process the command may set it.
  if (!hasRelaxedMadd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  restrictLoaders();
  tuneSharp({ threads: 1 });

  const parser = yargs(prepareWords(hideBin(process.argv)));
  withoutCachedHelp(parser);

  try {
    await parser
      .scriptName('corr2d')
      .usage('$0 <command>\n\nFinds, applies and learns image filters on real pictures.')
      .command([...COMMANDS])
      .demandCommand(1, 'Expected a command: detect, filter, learn, verify, inspect or merge (--help tells more)')
      .strict()
      .recommendCommands()
      .version(version)
      .alias({ h: 'help', v: 'version' })
      .parserConfiguration({ 'duplicate-arguments-array': true, 'parse-positional-numbers': false })
      .wrap(Math.min(110, process.stdout.columns ?? 110))
      .epilogue(
        'Exit status: 0 done; 1 some pictures failed or differ; 2 the call cannot be carried out as given; 130 interrupted.',
      )
      .updateStrings({
        'Not enough non-option arguments: got %s, need at least %s': {
          one: 'Expected something to work on (--help tells more) but received %s of at least %s',
          other: 'Expected something to work on (--help tells more) but received %s of at least %s',
        } as unknown as string,
      })
      .check(refuseRepeated)
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? new SyntaxError(withPlainWords(message, process.argv));
      })
      .parseAsync();
  } catch (error) {
    process.exitCode = reportRefusal(error);
  }
}

/**
 * Before every command yargs lays its help out, in case the command's own code asks for it (80 ms, a sixth of a small picture's
 * time). None does. There is no public way to say so: should this one go, the time comes back and nothing else changes.
 */
function withoutCachedHelp(parser: object): void {
  const { getInternalMethods } = parser as { getInternalMethods?: () => { getUsageInstance(): object } };
  const usage = getInternalMethods?.call(parser).getUsageInstance();
  if (usage !== undefined && 'cacheHelpMessage' in usage) usage.cacheHelpMessage = () => {};
}
