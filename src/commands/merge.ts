import type { Argv } from 'yargs';
import { mergeJournals } from '../batch/state/merge.ts';
import { showPath } from '../disk/showPath.ts';
import { EXIT } from './shared/exit.ts';
import { say } from './shared/say.ts';
import { writeJson } from './shared/writeJson.ts';

interface MergeArguments {
  readonly folder: string;
  readonly json: string | undefined;
  readonly quiet: boolean;
}

export function builder(argv: Argv): Argv<MergeArguments> {
  return argv
    .positional('folder', { type: 'string', demandOption: true, describe: 'the output folder of all shards' })
    .options({
      json: { type: 'string', describe: 'one JSON object, to [file.json], which is replaced, or standard output' },
      quiet: { alias: 'q', type: 'boolean', default: false, describe: 'no summary; failures are still told' },
    })
    .example(
      '$0 merge edges',
      'after detect photos -o edges --shard 1/8, … --shard 8/8',
    ) as unknown as Argv<MergeArguments>;
}

export async function handler({ folder, json, quiet }: MergeArguments): Promise<void> {
  const { shards, pictures, failures, path } = await mergeJournals(folder);
  const failed = failures.map(({ input, output, error }) => ({ input: input.path, output: output.path, error }));
  for (const { error } of failed) say(`corr2d: ${error}`);
  if (json !== undefined)
    await writeJson(json, { command: 'merge', shards, pictures, failures: failed, journal: path });
  const count = `${pictures} picture${pictures === 1 ? '' : 's'} of ${shards} shards, ${failed.length} failed`;
  if (!quiet) say(`${count} → ${showPath(path)}`);
  process.exitCode = failed.length > 0 ? EXIT.failed : EXIT.done;
}
