import type { Argv, Options, PositionalOptions } from 'yargs';
import { mergeJournals } from '../batch/state/merge.ts';
import { mergeWorkers } from '../batch/state/mergeWorkers.ts';
import { showPath } from '../disk/showPath.ts';
import { type ArgumentsOf, withArguments } from './shared/argumentsOf.ts';
import { EXIT, type ExitStatus } from './shared/exit.ts';
import { expectOwnFile } from './shared/expectOwnFile.ts';
import { onInterrupt } from './shared/interrupt.ts';
import { say } from './shared/say.ts';
import { writeJson } from './shared/writeJson.ts';
import { expectReport } from './shared/writeReport.ts';

const places = {
  folder: {
    type: 'string',
    demandOption: true,
    describe: 'the output folder of all shards, or of the workers',
  },
} satisfies Record<string, PositionalOptions>;

const options = {
  json: { type: 'string', describe: 'write one JSON object, to [file.json], which is replaced, or to standard output' },
  quiet: { alias: 'q', type: 'boolean', default: false, describe: 'print failures only' },
} satisfies Record<string, Options>;

type MergeArguments = ArgumentsOf<typeof places & typeof options>;

export function builder(argv: Argv): Argv<MergeArguments> {
  return withArguments(argv, places, options).example(
    '$0 merge edges',
    'complete the runs detect photos -o edges --shard 1/8, …, --shard 8/8',
  );
}

export async function handler({ folder, json, quiet }: MergeArguments): Promise<void> {
  if (json) await expectReport(json, '--json');
  const interrupt = onInterrupt(say, () => 'interrupted: what is being written is finished');
  try {
    process.exitCode = await merge(folder, { json, quiet, signal: interrupt.signal });
  } catch (error) {
    if (!interrupt.signal.aborted || error !== interrupt.signal.reason) throw error;
    process.exitCode = EXIT.interrupted;
  } finally {
    interrupt.release();
  }
}

interface Merging extends Omit<MergeArguments, 'folder'> {
  readonly signal: AbortSignal;
}

async function merge(folder: string, { json, quiet, signal }: Merging): Promise<ExitStatus> {
  const expectNoOutput = async (outputs: readonly string[]): Promise<void> => {
    if (json) await expectOwnFile(json, '--json', outputs);
  };
  const ofWorkers = await mergeWorkers(folder, { signal, expectNoOutput });
  const { shards, pictures, failures, path } = ofWorkers ?? (await mergeJournals(folder, { signal, expectNoOutput }));
  const failed = failures.map(({ input, output, error }) => ({ input: input.path, output: output.path, error }));
  const problems = await writeJson(json, { command: 'merge', shards, pictures, failures: failed, journal: path });
  for (const problem of [...failed.map(({ error }) => error), ...problems]) say(`corr2d: ${problem}`);
  const whose = ofWorkers === undefined ? `${shards} shards` : 'workers';
  const count = `${pictures} picture${pictures === 1 ? '' : 's'} of ${whose}, ${failed.length} failed`;
  if (!quiet) say(`${count} → ${showPath(path)}`);
  return failed.length + problems.length > 0 ? EXIT.failed : EXIT.done;
}
