import { linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tellsCaseApart } from '../../src/disk/tellsCaseApart.ts';
import { makeTree } from '../batch/tree.ts';

/** Whether the folder for temporary files tells case apart, by trying. */
function tried(): boolean {
  const root = makeTree('x', 'y');
  writeFileSync(join(root, 'X'), '');
  return readdirSync(root).length === 3;
}

describe('is what trying says', () => {
  test.each([
    ['a folder with names', ['photo.png'], ''],
    ['a folder of digits', ['1.2', '2.3'], ''],
    ['a folder of nothing', [], ''],
    ['folders that are yet to be made', ['photo.png'], 'new/deep'],
    ['folders without letters', ['1/2/3/'], '1/2/3'],
  ])('%s', async (_, files, folder) => {
    const root = makeTree(...files);
    const before = readdirSync(root, { recursive: true });
    expect(await tellsCaseApart(join(root, folder))).toBe(tried());
    expect(readdirSync(root, { recursive: true })).toEqual(before);
  });

  test('also where both spellings are there, as two files or two names of one', async () => {
    const root = makeTree('a.png');
    if (!tried()) return;
    linkSync(join(root, 'a.png'), join(root, 'A.PNG'));
    expect(await tellsCaseApart(root)).toBe(true);
    const other = makeTree('b.png', 'B.PNG');
    expect(await tellsCaseApart(other)).toBe(true);
    mkdirSync(join(other, '1'));
    expect(await tellsCaseApart(join(other, '1'))).toBe(true);
  });
});
