import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import yargs from 'yargs';
import { builder, commandOf } from '../../src/commands/detect.ts';
import type { BatchArguments } from '../../src/commands/pictures/batchOptions.ts';
import type { PictureCommand } from '../../src/commands/pictures/pictureCommand.ts';
import { planPictures } from '../../src/commands/pictures/planPictures.ts';
import { planOnDisk } from '../../src/commands/queue/planOnDisk.ts';
import { openPlan } from '../../src/queue/planFile.ts';
import { errorOf, inFolder, makeTree } from '../batch/tree.ts';

async function called(...words: readonly string[]): Promise<[BatchArguments, PictureCommand]> {
  const parser = yargs(['detect', 'in', ...(words.includes('-o') ? [] : ['-o', 'out']), ...words]).command(
    'detect <inputs..>',
    false,
    (argv) => builder(argv),
    () => {},
  );
  const args = await parser.parseAsync();
  return [args as never, await commandOf(args as never)];
}

/** A folder of pictures, one of them of three pages of four channels. */
async function pictures(): Promise<string> {
  const root = makeTree('in/sub/');
  const create = { width: 4, height: 4, channels: 3, background: 'red' } as const;
  for (const name of ['a.png', 'sub/b.png', 'sub-c.png']) await sharp({ create }).toFile(join(root, 'in', name));
  const pages = await Promise.all(
    ['red', 'green', 'blue'].map((background) =>
      sharp({ create: { ...create, background } })
        .png()
        .toBuffer(),
    ),
  );
  await sharp(pages, { join: { animated: true } })
    .gif()
    .toFile(join(root, 'in/sub/d.gif'));
  return root;
}

test.each([
  ['a folder', ['-r'], 4],
  ['pages', ['-r', '--pages', 'all'], 6],
  ['channels', ['-r', '--channel', 'all'], 13],
  ['pages and channels', ['-r', '--pages', 'all', '--channel', 'all', '--format', 'tif'], 21],
  ['names of its own', ['-r', '-o', 'out/{dir}/{name}-{page}.png', '--pages', 'all'], 6],
])('on disk as in memory: %s', async (_, words, count) => {
  const root = await pictures();
  await inFolder(root, async () => {
    const [args, command] = await called(...words);
    const held = await planPictures(args, command);
    const plan = await planOnDisk(args, command);
    expect(held.jobs.length).toBe(count);
    expect(plan?.onDisk?.pictures).toBe(count);
    if (plan?.onDisk === undefined) return;
    const written = openPlan(plan.onDisk.folder);
    for (const [at, { input, output }] of held.jobs.entries()) {
      const { of, ...known } = input;
      expect(plan.onDisk.jobOf(await written.pictureAt(at))).toEqual({ input: known, output });
      expect(of === undefined).toBe(!words.includes('all'));
    }
    await plan.remove();
    expect(existsSync(plan.onDisk.folder)).toBe(false);
  });
});

test('what stands against a plan is left to those who plan in memory; what keeps it from being written is told', async () => {
  const root = await pictures();
  await inFolder(root, async () => {
    mkdirSync(join(root, 'out'));
    await sharp(join(root, 'in/a.png')).toFile(join(root, 'out/a.png'));
    const [args, command] = await called('-r');
    const before = process.env['TMPDIR'];
    const temporary = makeTree();
    process.env['TMPDIR'] = temporary;
    onTestFinished(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    });
    expect(await planOnDisk(args, command)).toBeUndefined();
    expect(readdirSync(temporary)).toEqual([]);
    rmSync(join(root, 'out'), { recursive: true });
    rmSync(temporary, { recursive: true });
    const error = await errorOf(planOnDisk(args, command));
    expect(error.message).toContain(`Expected to write ${temporary}`);
  });
});
