import { realpath } from 'node:fs/promises';
import type { Argv, Options } from 'yargs';
import { reasonOf } from '../disk/planError.ts';
import { showPath } from '../disk/showPath.ts';
import { expectInteger, ExpectationError } from '../planes/expected.ts';
import { showQueue } from '../queue/address.ts';
import { NotAwaited, openQueue } from '../queue/connect.ts';
import { takeSlices } from '../queue/takeSlices.ts';
import { openRoom } from './pictures/workshop.ts';
import { openShop } from './queue/openShop.ts';
import { queuedCommands } from './queue/queuedCommands.ts';
import { queueArgument, queueOption } from './queue/queueOption.ts';
import { type ArgumentsOf, withArguments } from './shared/argumentsOf.ts';
import { configOption } from './shared/config.ts';
import { EXIT } from './shared/exit.ts';
import { onInterrupt } from './shared/interrupt.ts';
import { JOBS, MEMORY } from './shared/machineDefaults.ts';
import { say } from './shared/say.ts';
import { version } from './version.ts';

const options = {
  queue: queueOption,
  root: {
    type: 'string',
    demandOption: true,
    describe: 'the shared folder, by its name on this machine; nothing outside it is read or written',
  },
  jobs: {
    alias: 'j',
    type: 'number',
    ...JOBS,
    describe: 'pictures to process at once',
  },
  memory: {
    type: 'number',
    ...MEMORY,
    describe: 'memory in MiB for all pictures in progress; a picture that needs more is refused',
  },
  'until-empty': {
    type: 'boolean',
    default: false,
    describe: 'exit once nothing is waiting and no worker is busy',
  },
  lock: {
    type: 'number',
    default: 30,
    describe: 'seconds without a sign of life after which work is given to another worker',
  },
  config: configOption,
  quiet: { alias: 'q', type: 'boolean', default: false, describe: 'print problems only' },
} satisfies Record<string, Options>;

type WorkerArguments = ArgumentsOf<typeof options>;

export function builder(argv: Argv): Argv<WorkerArguments> {
  return withArguments(argv, {}, options)
    .example('$0 worker --queue redis://host/photos --root /mnt/photos', 'process what is queued, until Ctrl-C or kill')
    .example('$0 worker --root /mnt/photos --until-empty', 'use the queue in CORR2D_QUEUE, until all is done');
}

export async function handler(args: WorkerArguments): Promise<void> {
  const jobs = expectInteger(args.jobs, '--jobs', 1, 1024);
  const megabytes = expectInteger(args.memory, '--memory', 1);
  const lock = expectInteger(args.lock, '--lock', 1, 3600);
  const address = queueArgument(args.queue);
  const tell = (line: string): void => say(`corr2d: ${line}`);
  // From before the queue has answered on: who is asked to end then has nothing to give back.
  const interrupt = onInterrupt(
    say,
    () => 'finishing the pictures in flight and giving the rest back; once more gives them up',
  );
  const open = await openQueue(address, tell, interrupt.signal).catch((error: unknown) => {
    interrupt.release();
    if (error instanceof NotAwaited) return undefined;
    throw error;
  });
  if (open === undefined) {
    process.exitCode = EXIT.done;
    return;
  }
  try {
    const root = await enter(args.root);
    // All runs share it.
    const room = openRoom({ jobs, memory: megabytes });
    if (!args.quiet) tell(`takes pictures from ${showQueue(address)} below ${showPath(root)}`);
    let pictures = 0;
    let failed = 0;
    // While the queue is waited for; what is wrong with one of them shows where it is needed.
    for (const { load } of Object.values(queuedCommands)) load().catch(() => {});
    const isThere = await takeSlices(open, {
      address,
      root,
      lock,
      version,
      signal: interrupt.signal,
      untilEmpty: args['until-empty'],
      say: tell,
      openShop: (run, runFolder, base, results) =>
        openShop(run, runFolder, base, results, { ...room, jobs, megabytes }),
      onSlice(slice) {
        pictures += slice.done;
        failed += slice.failed;
        const failures = slice.failed > 0 ? `, ${slice.failed} failed` : '';
        if (!args.quiet)
          tell(`${slice.done} picture${slice.done === 1 ? '' : 's'}${failures} → ${showPath(slice.folder)}`);
      },
    });
    if (!args.quiet) tell(`ended after ${pictures} picture${pictures === 1 ? '' : 's'}, ${failed} failed`);
    // Who is asked to end and does has done as it was told.
    process.exitCode = EXIT.done;
    if (!isThere) {
      tell(`${showQueue(address)} did not come back: what it was not told of, another worker does`);
      // Connections that wait for it would keep the process.
      process.exit();
    }
  } finally {
    await open.close();
    interrupt.release();
  }
}

/** Goes to the root: what jobs name is named from there, and so are messages. */
async function enter(root: string): Promise<string> {
  try {
    const real = await realpath(root);
    process.chdir(real);
    return real;
  } catch (error) {
    throw new ExpectationError(`Expected a folder for --root but found ${reasonOf(error)} at ${showPath(root)}`);
  }
}
