import { setFlagsFromString } from 'node:v8';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { removeTemporaries } from '../disk/temporaries.ts';
import { restrictLoaders } from '../files/restrictLoaders.ts';
import { tuneSharp } from '../files/tuneSharp.ts';
import { hasRelaxedMadd } from '../wasm/features.ts';
import { COMMAND_NAMES as NAMES, COMMANDS } from './commands.ts';
import { tellConfig, withConfig } from './shared/config.ts';
import { reportRefusal } from './shared/exit.ts';
import { type Called, expectValues, LACKS_INPUTS, mistyped } from './shared/mistyped.ts';
import { keepStreams } from './shared/streams.ts';
import { prepareWords, refuseRepeated, withPlainWords } from './shared/words.ts';
import { optionsOf } from './shared/yargsOptions.ts';
import { version } from './version.ts';

/**
 * Runs what was typed; the exit status is `process.exitCode`.
 *
 * @throws what was not foreseen
 */
export async function main(): Promise<void> {
  keepStreams();
  process.on('exit', removeTemporaries);
  // A file over the shell's size limit is then an error of its own write, not the end of the process.
  process.on('SIGXFSZ', () => {});
  // Node 20 fuses multiplications and additions behind a switch; in its own process the command may set it.
  if (!hasRelaxedMadd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  restrictLoaders();
  tuneSharp({ threads: 1 });

  const words = hideBin(process.argv);
  try {
    const parser = yargs(prepareWords(words));
    withoutCachedHelp(parser);
    await parser
      .scriptName('corr2d')
      .usage('$0 <command>\n\nFinds, applies and learns image filters on real pictures.')
      .command(COMMANDS.map((command) => withConfig(command, NAMES, words)))
      .middleware((args) => tellConfig(args))
      .demandCommand(1, `Expected a command (${NAMES.join(', ')}) but received none; see corr2d --help`)
      .strict()
      // What it says is read below, in English.
      .detectLocale(false)
      .version(version)
      .alias({ h: 'help', v: 'version' })
      .parserConfiguration({ 'duplicate-arguments-array': true, 'parse-positional-numbers': false })
      .wrap(Math.min(110, process.stdout.columns ?? 110))
      .epilogue(
        'Exit status: 0 done; 1 some pictures failed or differ; 2 the call cannot be carried out as given; 130 interrupted.',
      )
      .check((args) => {
        expectValues(args, optionsOf(parser), words);
        return refuseRepeated(args);
      })
      .exitProcess(false)
      .fail((message, error) => {
        throw (
          error ??
          mistyped(message, calledOf(parser, words, message)) ??
          new SyntaxError(withPlainWords(message, words))
        );
      })
      .parseAsync();
  } catch (error) {
    process.exitCode = reportRefusal(error);
  }
}

function calledOf(parser: object, words: readonly string[], message: string): Called {
  const { parsed } = parser as { parsed?: false | { argv: Called['args'] } };
  const args = parsed ? parsed.argv : {};
  const { key = {}, choices = {} } = optionsOf(parser);
  // Where inputs are missing yargs has taken the command off the words already.
  const named = words.find((word) => NAMES.includes(word));
  const [typed = named] = (args['_'] ?? []) as readonly string[];
  const first = LACKS_INPUTS.test(message) ? named : typed;
  const command = first !== undefined && NAMES.includes(first) ? first : undefined;
  const usage = COMMANDS.map((one) => String(one.command)).find((one) => one.split(' ')[0] === command);
  return { command, usage, commands: NAMES, options: Object.keys(key), choices, args, words };
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
