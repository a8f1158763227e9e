import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findInputs, type SearchOptions } from '../../src/batch/inputs/inputs.ts';
import { listedPaths } from '../../src/batch/inputs/listedPaths.ts';
import { errorOf, inFolder, makeTree } from './tree.ts';

async function found(root: string, inputs: string[], options: SearchOptions = {}) {
  const { inputs: all, notes } = await inFolder(root, () => findInputs(inputs, { recursive: true, ...options }));
  return { rels: all.map(({ rel }) => rel), notes };
}

describe('exclude', () => {
  const tree = (): string =>
    makeTree('in/a.png', 'in/a-thumb.png', 'in/raw/b.png', 'in/raw/old/c.png', 'in/x/old/d.png');

  test.each<[string[], string[]]>([
    [['*-thumb.png'], ['a.png', 'raw/b.png', 'raw/old/c.png', 'x/old/d.png']],
    [['old'], ['a-thumb.png', 'a.png', 'raw/b.png']],
    [['old/'], ['a-thumb.png', 'a.png', 'raw/b.png']],
    [['a.png/'], ['a-thumb.png', 'a.png', 'raw/b.png', 'raw/old/c.png', 'x/old/d.png']],
    [['raw/old'], ['a-thumb.png', 'a.png', 'raw/b.png', 'x/old/d.png']],
    [['/old'], ['a-thumb.png', 'a.png', 'raw/b.png', 'raw/old/c.png', 'x/old/d.png']],
    [['raw/**'], ['a-thumb.png', 'a.png', 'x/old/d.png']],
    [['**/old/*.png'], ['a-thumb.png', 'a.png', 'raw/b.png']],
    [
      ['{a,b}.png', 'x'],
      ['a-thumb.png', 'raw/old/c.png'],
    ],
    [['*'], []],
  ])('%j leaves out what it matches, in folders and in what a pattern matches', async (exclude, rels) => {
    const root = tree();
    expect((await found(root, ['in'], { exclude })).rels).toEqual(rels);
    expect((await found(root, ['in/**/*.png'], { exclude })).rels).toEqual(rels);
  });

  test('is counted, and a pattern that leaves out nothing is told', async () => {
    const { notes } = await found(tree(), ['in'], { exclude: ['old', '*-thumb.png', '*.tiff'] });
    expect(notes).toEqual(['left out 2 folders and 1 file by --exclude', '--exclude *.tiff left out nothing']);
  });

  test('holds for files that are named, too', async () => {
    const names = ['in/a.png', 'in/a-thumb.png'];
    expect((await found(tree(), names, { exclude: ['*-thumb.png'] })).rels).toEqual(['a.png']);
    expect((await found(tree(), [], { listed: names, exclude: ['in/a*'] })).rels).toEqual([]);
  });

  test.each(['', '/', '../a', 'a/../b'])('%j, which no path can match, is refused', async (pattern) => {
    const { message } = await errorOf(findInputs(['.'], { exclude: [pattern] }));
    expect(message).toMatch(
      /^Expected a pattern of names below the folders that are searched for --exclude but received/,
    );
  });
});

describe('follow', () => {
  function linked(): string {
    const root = makeTree('in/a.png', 'in/sub/b.png', 'far/c.png', 'far/deep/d.png');
    symlinkSync('../far', join(root, 'in/z'));
    symlinkSync('../far', join(root, 'in/y'));
    symlinkSync('../../in', join(root, 'in/sub/up'));
    symlinkSync('../in', join(root, 'far/back'));
    symlinkSync('../far/c.png', join(root, 'in/link.png'));
    return root;
  }

  test('takes what links lead to, each folder once, and ends where they lead in a circle', async () => {
    const rels = ['a.png', 'link.png', 'sub/b.png', 'y/c.png', 'y/deep/d.png'];
    expect(await found(linked(), ['in'], { follow: true })).toEqual({ rels, notes: [] });
    expect(await found(linked(), ['in/**/*.png'], { follow: true })).toEqual({ rels, notes: [] });
    expect((await found(linked(), ['in/*/*.png'], { follow: true })).rels).toEqual(['sub/b.png', 'y/c.png']);
  });

  test('where it is not asked for, what is left out is told with the option that takes it', async () => {
    const { rels, notes } = await found(linked(), ['in'], { follow: false });
    expect(rels).toEqual(['a.png', 'sub/b.png']);
    expect(notes.toSorted()).toEqual([
      'left out in/link.png: a link that leaves the folder; --follow takes it',
      'left out in/sub/up: a link to a folder; --follow goes into it',
      'left out in/y: a link to a folder; --follow goes into it',
      'left out in/z: a link to a folder; --follow goes into it',
    ]);
  });
});

describe('a list of paths', () => {
  test('is read by lines, or by zero bytes where there are any', () => {
    const read = (text: string): string[] => listedPaths(Buffer.from(text), 'list');
    expect(read('a.png\nb c.png\r\n\nd.png')).toEqual(['a.png', 'b c.png', 'd.png']);
    expect(read('a\nb.png\0c.png\0')).toEqual(['a\nb.png', 'c.png']);
    expect(read('\ufeffa.png\n')).toEqual(['a.png']);
    expect(() => listedPaths(Uint8Array.of(0xff, 10), 'list')).toThrow(
      'Expected paths in UTF-8 for list but found other bytes',
    );
  });

  test('keeps the folders of files below the working folder, and takes nothing for a pattern', async () => {
    const root = makeTree('in/a.png', 'in/[b].png', 'other/a.png');
    const listed = ['./in/a.png', 'in/[b].png', 'in/../other/a.png', join(root, 'in/a.png')];
    expect((await found(root, [], { listed })).rels).toEqual(['in/a.png', 'in/[b].png', 'other/a.png']);
    expect((await inFolder(join(root, 'in'), () => findInputs([], { listed: ['../other/a.png'] }))).inputs).toEqual([
      { path: '../other/a.png', rel: 'a.png', root: '../other' },
    ]);
    const { message } = await errorOf(findInputs([], { listed: ['*.png'] }));
    expect(message).toBe('Expected a file or folder for --files-from but found nothing at *.png');
  });
});
