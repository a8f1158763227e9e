import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { expectReport, writeReport } from '../../src/commands/shared/writeReport.ts';
import { temporaryFolder } from '../support/checkout.ts';

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
beforeEach(() => {
  const { path, remove } = temporaryFolder();
  folder = path;
  onTestFinished(remove);
});

const isUnix = process.platform !== 'win32';

describe('a report', () => {
  test('replaces a file, and is written where there is none yet', async () => {
    writeFileSync(at('a.json'), 'old and longer');
    for (const path of [at('a.json'), at('deep/er/b.json')]) {
      await expectReport(path, '--json');
      await writeReport(path, '{}\n');
      expect(readFileSync(path, 'utf8')).toBe('{}\n');
    }
    expect(readdirSync(folder)).toEqual(['a.json', 'deep']);
  });

  test.runIf(isUnix)('goes to a device', async () => {
    await expectReport('/dev/null', '--json');
    await writeReport('/dev/null', '{}\n');
    await expect(writeReport('/dev/full', '{}\n')).rejects.toThrow(
      'Expected to write /dev/full but found a disk that is full',
    );
  });

  test.runIf(isUnix)('goes down a FIFO, however long, and waits for no reader', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await expectReport(at('pipe'), '--json');
    await expect(writeReport(at('pipe'), 'x')).rejects.toThrow('found a FIFO that nobody reads');
    const cat = spawn('cat', [at('pipe')]);
    const received = readText(cat.stdout);
    const long = 'x'.repeat(300_000);
    while (
      await writeReport(at('pipe'), long).then(
        () => false,
        () => true,
      )
    );
    expect(await received).toBe(long);
  });

  test('is refused where it cannot be written, before there is anything to report', async () => {
    mkdirSync(at('folder'));
    writeFileSync(at('file'), '');
    const refused = (path: string, reason: string) =>
      expect(expectReport(path, '--json')).rejects.toThrow(
        `Expected a file that can be written for --json but found ${reason} at ${path}`,
      );
    await refused(at('folder'), 'a folder');
    await refused(at('file/x.json'), `a file at ${at('file')}`);
    await refused(at('file/x/y.json'), `a file at ${at('file')}`);
  });

  test.runIf(isUnix && process.getuid?.() !== 0)('is refused where there is no permission', async () => {
    mkdirSync(at('folder'));
    chmodSync(at('folder'), 0o555);
    await expect(expectReport(at('folder/x.json'), '--json')).rejects.toThrow('found permission denied at');
  });
});
