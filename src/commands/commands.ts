import type { CommandModule } from 'yargs';
import type { LoadedCommand } from './shared/loadedCommand.ts';

/** Every command. Its module is loaded once it is called: all of them together take longer than one of them on a small picture. */
export const COMMANDS: readonly CommandModule[] = [
  lazily('detect [inputs..]', 'find the edges in pictures', () => import('./detect.ts')),
  lazily('filter [inputs..]', 'apply a kernel to pictures', () => import('./filter.ts')),
  lazily(
    'learn <before> <after> [more..]',
    'find the kernel that turns one picture into another',
    () => import('./learn.ts'),
  ),
  lazily(
    'train <photographs> <edges> [more..]',
    'train a net to find contours as people draw them',
    () => import('./train.ts'),
  ),
  lazily(
    'verify <actual> <golden>',
    'compare the pictures of a folder with their goldens',
    () => import('./verify.ts'),
  ),
  lazily('compare <actual> <golden>', 'compare two pictures', () => import('./compare.ts')),
  lazily(
    'evaluate <maps> <truth> [more..]',
    'score edge maps against boundaries that people drew',
    () => import('./evaluate.ts'),
  ),
  lazily('inspect <kernel|picture>', 'describe a kernel or a picture', () => import('./inspect.ts')),
  lazily('kernels', 'list the named kernels', () => import('./kernels.ts')),
  lazily('operators', 'list the edge operators', () => import('./operators.ts')),
  lazily(
    'merge <folder>',
    'complete a run that was split into shards or queued for workers',
    () => import('./merge.ts'),
  ),
  lazily('worker', 'process pictures from a queue', () => import('./worker.ts')),
  lazily('status [run]', 'show the progress of runs in a queue', () => import('./status.ts')),
  lazily('cancel <run>', 'cancel a run', () => import('./cancel.ts')),
  lazily('completion <shell>', 'print a completion script for a shell', async () =>
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
