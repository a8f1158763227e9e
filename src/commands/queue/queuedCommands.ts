import type { Argv } from 'yargs';
import { ExpectationError, shorten } from '../../planes/expected.ts';
import type { RunShop } from '../../queue/makeSlice.ts';
import type { BatchArguments } from '../pictures/batchOptions.ts';
import type { PictureCommand } from '../pictures/pictureCommand.ts';
import { openWorkshop, jobsAtOnce } from '../pictures/workshop.ts';
import { decidesVerdict } from '../verify/comparisonOptions.ts';
import { openPairShop } from './openPairShop.ts';
import { isDecisive } from './words.ts';
import type { ShopOpening } from './workerRoom.ts';

/** A command whose work workers can do. */
export interface QueuedCommand {
  /** What it is called with beside options. */
  readonly positionals: readonly string[];
  /** Whether an option decides what comes of it. */
  readonly isDecisive: (option: string) => boolean;
  /** Options that name files to read, or may. A value of any other is never a path, whatever files are called like it. */
  readonly reading: readonly string[];
  readonly load: () => Promise<LoadedCommand>;
}

interface LoadedCommand {
  readonly builder: (argv: Argv) => unknown;
  /** What does a run's work here, with the arguments that its words come to. */
  readonly openShop: (args: object, opening: ShopOpening) => Promise<Omit<RunShop, 'settings'>>;
}

export const queuedCommands: Readonly<Record<string, QueuedCommand>> = {
  detect: ofPictures(['operator', 'mask'], () => import('../detect.ts')),
  filter: ofPictures(['kernel', 'curve'], () => import('../filter.ts')),
  verify: {
    positionals: ['<actual>', '<golden>'],
    isDecisive: decidesVerdict,
    reading: ['ignore-mask'],
    async load() {
      const { builder } = await import('../verify.ts');
      return { builder, openShop: (args, opening) => openPairShop(args as never, opening) };
    },
  },
};

/**
 * A command by its name.
 *
 * @throws ExpectationError where there is none of that name
 */
export function queuedCommand(name: string): QueuedCommand {
  if (Object.hasOwn(queuedCommands, name)) return queuedCommands[name];
  throw new ExpectationError(
    `Expected one of ${Object.keys(queuedCommands).join(', ')} for a queue's command but received ${shorten(name)}`,
  );
}

interface LoadedPictureCommand {
  readonly builder: (argv: Argv) => unknown;
  readonly commandOf: (args: never) => Promise<PictureCommand>;
}

function ofPictures(reading: readonly string[], load: () => Promise<LoadedPictureCommand>): QueuedCommand {
  return {
    positionals: ['<inputs..>'],
    isDecisive,
    reading,
    async load() {
      const { builder, commandOf } = await load();
      return {
        builder,
        async openShop(words, { base, run, results, room }) {
          const args = {
            ...(words as BatchArguments),
            output: base,
            jobs: room.jobs,
            memory: room.megabytes,
            quiet: true,
          };
          const command = await commandOf(args as never);
          const workshop = openWorkshop(args, command, run.pictures, results, room);
          return {
            concurrency: jobsAtOnce(room.jobs),
            make: (job) => workshop.make(job),
            close: () => workshop.close(),
          };
        },
      };
    },
  };
}
