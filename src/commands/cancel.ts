import type { Argv, Options, PositionalOptions } from 'yargs';
import { ExpectationError, shorten } from '../planes/expected.ts';
import { showQueue } from '../queue/address.ts';
import { openQueue } from '../queue/connect.ts';
import { cancelRun, readRecord } from '../queue/record.ts';
import { queueArgument, queueOption } from './queue/queueOption.ts';
import { type ArgumentsOf, withArguments } from './shared/argumentsOf.ts';
import { EXIT } from './shared/exit.ts';
import { say } from './shared/say.ts';

const options = {
  queue: queueOption,
  quiet: { alias: 'q', type: 'boolean', default: false, describe: 'print nothing' },
} satisfies Record<string, Options>;

const places = {
  run: { type: 'string', demandOption: true, describe: 'the name of the run, as corr2d status shows it' },
} satisfies Record<string, PositionalOptions>;

type CancelArguments = ArgumentsOf<typeof places & typeof options>;

export function builder(argv: Argv): Argv<CancelArguments> {
  return withArguments(argv, places, options).example(
    '$0 cancel 3f2a90c1d4e5 --queue redis://host/photos',
    'cancel the run; pictures in progress are finished',
  );
}

export async function handler({ queue, run, quiet }: CancelArguments): Promise<void> {
  const address = queueArgument(queue);
  const open = await openQueue(address, (line) => say(`corr2d: ${line}`));
  try {
    const record = await readRecord(open, run);
    if (record === undefined) {
      throw new ExpectationError(
        `Expected a run that ${showQueue(address)} knows but received ${shorten(run)}; corr2d status lists them`,
      );
    }
    await cancelRun(open, run);
    if (!quiet)
      say(
        `corr2d: cancelled ${run}: ${record.done + record.failed} of ${record.pictures} pictures were done or failed`,
      );
    process.exitCode = EXIT.done;
  } finally {
    await open.close();
  }
}
