import { appendFileSync, existsSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openJournal, type PictureLine, type RunLine } from '../../src/batch/state/journal.ts';
import { readJournal, readJournals } from '../../src/batch/state/readJournal.ts';
import { errorOf, makeTree } from './tree.ts';

const run: RunLine = {
  corr2d: 1,
  kind: 'run',
  version: '1.2.3',
  time: '2026-01-02T03:04:05.678Z',
  command: 'detect',
  settings: { operator: 'sobel' },
  configuration: 'c',
  inputs: { count: 2, sha256: 'i' },
  planned: 2,
};

function picture(name: string): PictureLine {
  const file = { path: name, size: 3, modified: 4.5, sha256: 'f' };
  return { kind: 'picture', time: run.time, configuration: 'c', input: { rel: name, ...file }, output: file };
}

async function append(path: string, ...lines: (RunLine | PictureLine)[]): Promise<void> {
  const journal = openJournal(path);
  await Promise.all(lines.map((line) => journal.append(line)));
  await journal.close();
}

describe('a journal', () => {
  test('gives back what was appended, in its order, by several runs', async () => {
    const path = join(makeTree(), 'journal.ndjson');
    await append(path, run, picture('a'));
    await append(path, run, picture('b'), picture('a'));
    const { runs, pictures, unreadable } = await readJournal(path);
    expect(runs).toEqual([run, run]);
    expect(pictures).toEqual(['a', 'b', 'a'].map(picture));
    expect(unreadable).toBe(0);
  });

  test('is not made before its first line', async () => {
    const path = join(makeTree(), 'journal.ndjson');
    await append(path);
    expect(existsSync(path)).toBe(false);
  });

  test('cut anywhere loses the lines from there on, and the next one is whole', async () => {
    const path = join(makeTree(), 'journal.ndjson');
    await append(path, run, picture('a'), picture('b'));
    const whole = readFileSync(path);
    const starts = Array.from({ length: whole.length + 1 }, (_, at) => at).filter(
      (at) => at === 0 || whole[at - 1] === 0x0a,
    );
    const near = (size: number): boolean => starts.some((start) => Math.abs(start - size) <= 2);
    for (let size = 0; size <= whole.length; size++) {
      if (!near(size) && size % 37 > 0) continue;
      writeFileSync(path, whole.subarray(0, size));
      await append(path, picture('next'));
      const { pictures, unreadable } = await readJournal(path);
      const names = pictures.map(({ output }) => output.path);
      expect(names.at(-1)).toBe('next');
      expect(names.length - 1).toBe([1, 2].filter((n) => endOf(n) <= size).length);
      expect(unreadable).toBe(starts.includes(size) || [0, 1, 2].some((n) => endOf(n) === size) ? 0 : 1);
    }

    /** Where a line's closing brace ends: it is whole without its line break. */
    function endOf(line: number): number {
      return starts[line + 1] - 1;
    }
  });

  test('passes over lines that are not its own', async () => {
    const path = join(makeTree(), 'journal.ndjson');
    await append(path, run);
    appendFileSync(path, 'null\n[]\n{"kind":"picture"}\n{"corr2d":1,"kind":"run"}\nfor people\n\n');
    await append(path, picture('a'));
    const { runs, pictures, unreadable } = await readJournal(path);
    expect([runs.length, pictures.length, unreadable]).toEqual([1, 1, 5]);
  });

  test('is written neither through a link nor into a folder', async () => {
    const root = makeTree('target', 'folder/');
    symlinkSync('target', join(root, 'link'));
    for (const [name, kind] of [
      ['link', 'a symbolic link'],
      ['folder', 'a folder'],
    ]) {
      const message = `Expected a journal at ${join(root, name)} but found ${kind}`;
      expect((await errorOf(append(join(root, name), run))).message).toBe(message);
      expect((await errorOf(readJournal(join(root, name)))).message).toBe(message);
    }
    expect(readFileSync(join(root, 'target'), 'utf8')).toBe('target');
  });

  test('a thousand lines at once are written together', async () => {
    const path = join(makeTree(), 'journal.ndjson');
    await append(path, ...Array.from({ length: 1000 }, (_, i) => picture(String(i))));
    const { pictures } = await readJournal(path);
    expect(pictures.map(({ output }) => Number(output.path))).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });
});

test('the journals of a folder are the whole one and those of shards', async () => {
  const root = makeTree('other.ndjson', 'journal-x.ndjson');
  expect(await readJournals(join(root, 'nowhere'))).toEqual([]);
  await append(join(root, 'journal.ndjson'), run);
  await append(join(root, 'journal-2-of-3.ndjson'), run);
  truncateSync(join(root, 'journal.ndjson'), 0);
  const found = await readJournals(root);
  expect(Object.fromEntries(found.map(({ path, runs }) => [path, runs.length]))).toEqual({
    [join(root, 'journal-2-of-3.ndjson')]: 1,
    [join(root, 'journal.ndjson')]: 0,
  });
});
