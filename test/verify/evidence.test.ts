import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { processMark } from '../../src/disk/temporaries.ts';
import { LIST } from '../../src/verify/evidence.ts';
import { evidenceStems } from '../../src/verify/evidenceStems.ts';
import { verifyFolder } from '../../src/verify/verifyFolder.ts';
import type { VerifyReport } from '../../src/verify/verifyReport.ts';
import { writeFiles } from './cases.ts';

let cwd: string;
const at = (...names: string[]): string => join(cwd, ...names);
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-evidence-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const colour = (background: string) => sharp({ create: { width: 9, height: 9, channels: 3, background } });
const red = await colour('red').png().toBuffer();
const blue = await colour('blue').png().toBuffer();
const LIST_OF_RUN = { corr2d: 1, kind: 'verify' };

const verify = (): Promise<VerifyReport> => verifyFolder(at('actual'), at('golden'), { output: at('seen') });
const seen = async (): Promise<string[]> => (await readdir(at('seen'), { recursive: true })).sort();
const fill = async (...names: string[]): Promise<void> => {
  await writeFiles(at('actual'), Object.fromEntries(names.map((name) => [name, red])));
  await writeFiles(at('golden'), Object.fromEntries(names.map((name) => [name, blue])));
};
const verdicts = ({ items, match }: VerifyReport) => [match, ...items.map(({ verdict }) => verdict)];

test('pictures of one name get names of their own, whatever they are called', () => {
  const short = { 'a.png': 'a', 'deep/a.png': 'deep/a', 'b.c.png': 'b.c', noext: 'noext' };
  expect(Object.fromEntries(evidenceStems(Object.keys(short)))).toEqual(short);
  const full = ['a.png', 'a.jpg', 'a.png.png', 'a.png.png.gif', 'B.png', 'b.webp', 'e\u0301.png', '\u00e9.tif', 'x'];
  expect(Object.fromEntries(evidenceStems([...full, 'y.png']))).toEqual({
    ...Object.fromEntries(full.map((path) => [path, path])),
    'y.png': 'y',
  });
});

describe('pictures of what changed', () => {
  test('do not collide', async () => {
    await fill('a.png', 'a.jpg', 'a.png.png');
    const report = await verify();
    expect([...verdicts(report), ...report.notes]).toEqual([false, 'changed', 'changed', 'changed']);
    expect(await seen()).toHaveLength(3 * 3 + 1);
  });

  test('that a killed run left are taken away, its temporary files too', async () => {
    await fill('a.png', 'deep/b.png');
    const written = ['a-actual.png', 'a-diff.png', 'a-expected.png', 'deep/b-actual.png'];
    await writeFiles(at('seen'), {
      'a-actual.png': blue,
      'deep/b-actual.png': blue,
      'deep/.corr2d-0123-4567.tmp': blue,
      'deep/.corr2d-9999-4567.tmp': blue,
      [LIST]: Buffer.from(JSON.stringify({ ...LIST_OF_RUN, mark: '0123', written })),
    });
    const report = await verify();
    expect([...verdicts(report), ...report.notes]).toEqual([false, 'changed', 'changed']);
    expect(await seen()).toEqual([
      'a-actual.png',
      'a-diff.png',
      'a-expected.png',
      LIST,
      'deep',
      'deep/.corr2d-9999-4567.tmp',
      'deep/b-actual.png',
      'deep/b-diff.png',
      'deep/b-expected.png',
    ]);
  });

  test('are announced before the first is there', async () => {
    await fill('a.png', 'b.png');
    await writeFiles(at('seen'), { 'b-diff.png': Buffer.from('mine') });
    const lists: unknown[] = [];
    const report = await verifyFolder(at('actual'), at('golden'), {
      output: at('seen'),
      jobs: 1,
      onItem: () => lists.push(JSON.parse(execFileSync('cat', [at('seen', LIST)], { encoding: 'utf8' }))),
    });
    const planned = ['a-actual.png', 'a-diff.png', 'a-expected.png', 'b-actual.png', 'b-expected.png'];
    expect(lists).toEqual(Array(2).fill({ ...LIST_OF_RUN, mark: processMark, written: planned }));
    // What was there already is not ours: it is neither replaced nor taken away by the next run.
    expect(report.notes).toEqual([
      `one picture of what changed could not be written: Expected to write ${at('seen/b-diff.png')} but found a file that exists already`,
    ]);
    expect(report.items[1].evidence).toEqual({ actual: at('seen/b-actual.png'), expected: at('seen/b-expected.png') });
    await rm(at('golden'), { recursive: true });
    await writeFiles(at('golden'), { 'a.png': red, 'b.png': red });
    expect(verdicts(await verify())).toEqual([true, 'passed', 'passed']);
    expect([await seen(), await readFile(at('seen/b-diff.png'), 'utf8')]).toEqual([['b-diff.png'], 'mine']);
  });

  test.each([
    [
      'stands where its folder would',
      blocked(['seen'], 'a file'),
      /^6 pictures .*; the first: .* leads through a file$/,
    ],
    ['stands above it', blocked(['seen', 'x'], 'a file'), /^6 pictures .*; the first: .* leads through a file$/],
  ])('cannot be written where a file %s: a note, and the verdict', async (_, prepare, note) => {
    await fill('a.png', 'b.png');
    const report = await verifyFolder(at('actual'), at('golden'), { output: await prepare() });
    expect(verdicts(report)).toEqual([false, 'changed', 'changed']);
    expect([report.notes.length, report.notes[0]]).toEqual([1, expect.stringMatching(note)]);
    expect(report.items[0].evidence).toBeUndefined();
  });

  test('are not written through a link that leaves the folder', async () => {
    await fill('sub/1.png');
    await mkdir(at('outside'));
    await mkdir(at('seen'));
    await symlink('../outside', at('seen/sub'));
    const report = await verify();
    expect(verdicts(report)).toEqual([false, 'changed']);
    expect(report.notes).toEqual([expect.stringMatching(/found a link that leaves the folder$/)]);
    expect([await readdir(at('outside')), await seen()]).toEqual([[], ['sub']]);
  });

  test.runIf(process.platform !== 'win32')('wait for no pipe that bears the name of their list', async () => {
    await fill('a.png');
    await mkdir(at('seen'));
    execFileSync('mkfifo', [at('seen', LIST)]);
    const report = await verify();
    expect(verdicts(report)).toEqual([false, 'changed']);
    expect(report.notes).toEqual([
      expect.stringMatching(/^no pictures of what changed were written: Expected a list .* but found a FIFO$/),
    ]);
    expect(await seen()).toEqual([LIST]);
  });

  test('are written anew where the list is none', async () => {
    for (const text of ['', '{', 'null', '[1]', '{"written":{}}']) {
      await rm(at('seen'), { recursive: true, force: true });
      await fill('a.png').catch(() => {});
      await writeFiles(at('seen'), { [LIST]: Buffer.from(text), 'x-diff.png': red });
      const report = await verify();
      expect([...verdicts(report), ...report.notes]).toEqual([false, 'changed']);
      expect(await seen()).toEqual(['a-actual.png', 'a-diff.png', 'a-expected.png', LIST, 'x-diff.png']);
    }
  });
});

/** Puts a file where the folder, or one above it, would be; the folder's path. */
function blocked([name, ...below]: string[], text: string): () => Promise<string> {
  return async () => {
    await writeFile(at(name), text);
    return at(name, ...below);
  };
}
