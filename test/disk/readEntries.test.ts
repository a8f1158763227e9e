import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEntries } from '../../src/disk/readEntries.ts';
import { temporaryFolder } from '../support/checkout.ts';

test('entries are the same where the system gives names alone, as Bun does, and what is gone meanwhile is left out', async () => {
  const folder = temporaryFolder();
  try {
    writeFileSync(join(folder.path, 'ü.png'), '');
    mkdirSync(join(folder.path, 'sub'));
    symlinkSync('ü.png', join(folder.path, 'link'));
    const names = async (): Promise<Buffer[]> => [
      ...(await readdir(folder.path, { encoding: 'buffer' })),
      Buffer.from('gone'),
    ];
    const told = (entries: Awaited<ReturnType<typeof readEntries>>): string[] =>
      entries.map((e) => `${e.name} ${e.isFile()} ${e.isDirectory()} ${e.isSymbolicLink()}`).toSorted();
    const wanted = ['link false false true', 'sub false true false', 'ü.png true false false'];
    expect(told(await readEntries(folder.path))).toEqual(wanted);
    expect(told(await readEntries(folder.path, names))).toEqual(wanted);
  } finally {
    await folder.remove();
  }
});
