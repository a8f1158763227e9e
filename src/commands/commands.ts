import type { CommandModule } from 'yargs';
import type { LoadedCommand } from './shared/loadedCommand.ts';

/** Every command. Its module is loaded once it is called: all of them together take longer than one of them on a small picture. */
export const COMMANDS: readonly CommandModule[] = [
  lazily('detect [inputs..]', 'write the edges of pictures', () => import('./detect.ts')),
  lazily('filter [inputs..]', 'apply a kernel to pictures', () => import('./filter.ts')),
  lazily(
    'learn <before> <after> [more..]',
    'find the kernel that makes one picture of another',
    () => import('./learn.ts'),
  ),
  lazily(
    'train <photographs> <edges> [more..]',
    'train a net that finds contours as people drew them',
    () => import('./train.ts'),
  ),
  lazily(
    'verify <actual> <golden>',
    'tell which pictures of a folder differ from their goldens, where and by how much',
    () => import('./verify.ts'),
  ),
  lazily(
    'compare <actual> <golden>',
    'tell whether two pictures differ, where and by how much',
    () => import('./compare.ts'),
  ),
  lazily(
    'evaluate <maps> <truth> [more..]',
    'tell how well maps of edges agree with boundaries that people drew',
    () => import('./evaluate.ts'),
  ),
  lazily('inspect <kernel|picture>', 'tell what a kernel or a picture is', () => import('./inspect.ts')),
  lazily('kernels', 'list the kernels that are known by name', () => import('./kernels.ts')),
  lazily('operators', 'list the edge operators that are known by name', () => import('./operators.ts')),
  lazily(
    'merge <folder>',
    'join the journals of shards that wrote into a folder, once all of them are whole',
    () => import('./merge.ts'),
  ),
  lazily('worker', 'make the pictures that wait in a queue', () => import('./worker.ts')),
  lazily('status [run]', 'tell how far the runs of a queue are', () => import('./status.ts')),
  lazily('cancel <run>', 'take a run out of its queue', () => import('./cancel.ts')),
  lazily('completion <shell>', 'print what makes a shell complete commands and options', async () =>
    (await import('./completion.ts')).completionOf(() => COMMANDS),
  ),
  lazily('man', 'print the manual page', async () => (await import('./man.ts')).manOf(() => COMMANDS)),
];

export const COMMAND_NAMES: readonly string[] = COMMANDS.map(({ command }) => String(command).split(' ')[0]);

function lazily(command: string, describe: string, load: () => Promise<unknown>): CommandModule {
  const loaded = load as () => Promise<LoadedCommand>;
  return {
    command,
    describe,
    builder: async (argv) => (await loaded()).builder(argv),
    handler: async (args) => (await loaded()).handler(args as never),
  };
}
