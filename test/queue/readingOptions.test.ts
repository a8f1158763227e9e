import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import yargs from 'yargs';
import { queuedCommands } from '../../src/commands/queue/queuedCommands.ts';
import { readWords } from '../../src/commands/queue/readWords.ts';
import { optionsOf } from '../../src/commands/shared/yargsOptions.ts';
import { makeTree } from '../batch/tree.ts';

// A worker reads no file for an option but those of the run's own, which `expectCopies` sees to for the options that are said to read: so
// no other may ever open what its value names, whatever file is called so.

const { open } = fs.promises;
const opened: string[] = [];
beforeEach(() => {
  opened.length = 0;
  fs.promises.open = ((path: string, ...rest: never[]) => {
    opened.push(String(path));
    return open(path, ...rest);
  }) as typeof open;
  syncBuiltinESMExports();
});
afterEach(() => {
  fs.promises.open = open;
  syncBuiltinESMExports();
});

/** What a command cannot do without. */
const NEEDED: Readonly<Record<string, readonly string[]>> = { filter: ['--kernel=sharpen'] };

describe.each(Object.entries(queuedCommands))('%s', (name, command) => {
  test('opens files for the options alone that are said to read', { tags: ['slow'] }, async () => {
    const { builder, openShop } = await command.load();
    const parser = builder(yargs([])) as object;
    const { string = [], array = [] } = optionsOf(parser) as { string?: string[]; array?: string[] };
    const options = [...new Set([...string, ...array])].filter(
      (option) => command.isDecisive(option) && option.length > 1,
    );
    expect(options).toEqual(expect.arrayContaining([...command.reading]));
    const path = join(makeTree('otsu.json'), 'otsu.json');
    const reading: string[] = [];
    for (const option of options) {
      const needed = (NEEDED[name] ?? []).filter((word) => !word.startsWith(`--${option}=`));
      opened.length = 0;
      try {
        const args = await readWords(name, { ...command, builder }, [...needed, `--${option}=${path}`]);
        await openShop(args, { run: { pictures: 1 }, base: '.', room: { jobs: 1, megabytes: 1000 } } as never);
      } catch {
        // Most want something else.
      }
      if (opened.includes(path)) reading.push(option);
    }
    expect(reading.toSorted()).toEqual(command.reading.toSorted());
  });
});
