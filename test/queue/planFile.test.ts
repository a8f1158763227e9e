import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSlice, writePlan } from '../../src/queue/planFile.ts';
import { makeTree } from '../batch/tree.ts';

const plan = (count: number, root: string) =>
  Array.from({ length: count }, (_, i) => ({
    path: join(root, `${i}.png`),
    input: `in/${i}.png`,
    rel: `${i}.png`,
    output: `${i}.png`,
  }));

test('every picture is in one slice, in its order', async () => {
  const root = makeTree('0.png', '5.png');
  const slices = await writePlan(root, plan(2000, root));
  expect(slices).toBeGreaterThan(10);
  const found: string[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const { first, pictures } = await readSlice(root, slice);
    expect(first).toBe(found.length);
    found.push(...pictures.map(({ input }) => input));
  }
  expect(found).toEqual(plan(2000, root).map(({ input }) => input));
  await expect(readSlice(root, slices)).rejects.toThrow('but found');
});

test('a plan that was changed is refused, slice by slice', async () => {
  const root = makeTree();
  await writePlan(root, plan(2000, root));
  const path = join(root, 'plan.ndjson');
  writeFileSync(path, readFileSync(path, 'utf8').replace('in/0.png', 'in/9.png'));
  await expect(readSlice(root, 0)).rejects.toThrow('Expected slice 0 as it was written');
  await expect(readSlice(root, 1)).resolves.toMatchObject({ first: expect.any(Number) as number });
});

test.each([
  ['an absolute input', { input: '/etc/passwd' }, 'an input'],
  ['an input above the root', { input: '../x.png' }, 'an input'],
  ['an absolute output', { output: '/tmp/x.png' }, 'an output'],
  ['an output above its folder', { output: 'a/../../x.png' }, 'an output'],
  ['an output among our own files', { output: '.corr2d/x.png' }, 'beside our own folder'],
  ['a page that is none', { page: 0 }, 'the page of a planned picture'],
  ['what it replaces in other words', { replaces: 'everything' }, 'outdated or altered'],
])('refuses %s in a plan', async (_, change, message) => {
  const root = makeTree();
  await writePlan(root, [{ ...plan(1, root)[0], ...(change as object) }]);
  await expect(readSlice(root, 0)).rejects.toThrow(message);
});
