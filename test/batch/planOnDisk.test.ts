import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findInputs, readSearch } from '../../src/batch/inputs/inputs.ts';
import { walkInOrder } from '../../src/batch/inputs/walkInOrder.ts';
import { openDistinctOutputs } from '../../src/batch/plan/distinctOutputs.ts';
import { makeTree } from './tree.ts';

test('a folder is walked in the order of its pictures, as it is searched', async () => {
  const root = makeTree();
  // Names around a folder's own that come before and behind what is in it.
  const names = [
    'a.png',
    'a/b.png',
    'a/b/c.png',
    'a-b/c.png',
    'a.b/c.png',
    'a0.png',
    'a/é.png',
    'a/z.png',
    'a/😀.png',
    '.x/y.png',
  ];
  const many = Array.from({ length: 2500 }, (_, i) => `many/${i}.png`);
  for (const name of [...names, ...many, 'many/20/1.png', 'a/text.txt', 'note.gif.png']) {
    mkdirSync(dirname(join(root, 'in', name)), { recursive: true });
    writeFileSync(join(root, 'in', name), '');
  }
  const search = readSearch({ recursive: true, follow: false });
  const walked: string[] = [];
  let most = 0;
  for await (const some of walkInOrder(join(root, 'in'), search)) {
    most = Math.max(most, some.length);
    walked.push(...some.map(({ rel }) => rel));
  }
  const found = await findInputs([join(root, 'in')], { recursive: true, follow: false });
  expect(walked).toEqual(found.inputs.map(({ rel }) => rel));
  expect(walked.length).toBe(names.length - 1 + many.length + 2);
  expect(most).toBeLessThanOrEqual(1024);
  expect([...search.notes, ...search.excludes.notes()]).toEqual(found.notes);
});

test.each([
  ['names that differ', [['a.png', 'b/a.png'], ['c.png']], true],
  ['one name twice', [['a.png'], ['b.png', 'a.png']], false],
  ['names that differ in case', [['a/x.png'], ['A/X.png']], false],
  ['names that differ in their Unicode form', [['\u00e9.png', 'e\u0301.png']], false],
  ['a file and a folder of one name', [['a.png/b/c.png'], ['a.png']], false],
  ['a file before the folder', [['a.png'], ['a.png/b.png']], false],
])('outputs apart: %s', async (_, portions, isApart) => {
  const distinct = openDistinctOutputs(makeTree());
  for (const outputs of portions) await distinct.add(outputs);
  expect(await distinct.areApart()).toBe(isApart);
});

test(
  'hundreds of thousands of outputs are told apart on disk, and one among them that is not',
  { tags: ['slow'] },
  async () => {
    const folder = makeTree();
    const distinct = openDistinctOutputs(folder);
    const outputs = Array.from({ length: 300_000 }, (_, i) => `${Math.floor(i / 1000)}/${i}.png`);
    await distinct.add(outputs);
    expect(await distinct.areApart()).toBe(true);
    expect(readdirSync(folder).length).toBeGreaterThan(256);
    expect(readFileSync(join(folder, 'outputs-0')).length % 8).toBe(0);
    await distinct.add([outputs[123_456]]);
    expect(await distinct.areApart()).toBe(false);
  },
);
