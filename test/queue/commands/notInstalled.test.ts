import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withoutPackages } from '../../support/withoutPackages.ts';

let folder: ReturnType<typeof withoutPackages>;
beforeAll(() => {
  folder = withoutPackages('bullmq', 'ioredis');
});
afterAll(() => folder.remove());

test.each([
  ['detect', 'a.png', '-o', 'maps'],
  ['filter', 'a.png', '-k', 'box', '-o', 'maps'],
  ['worker', '--root', '.'],
  ['status'],
  ['cancel', '0123456789ab'],
])('where the packages of queues are not installed, %s says which, and how to get them', (...words) => {
  const ran = spawnSync(process.execPath, ['dist/cli.js', ...words, '--queue', 'redis://127.0.0.1:1/photos'], {
    cwd: folder.path,
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect([ran.status, ran.stdout, ran.stderr]).toEqual([
    2,
    '',
    'corr2d: Expected the packages bullmq and ioredis for --queue but they are not installed; npm install bullmq@6 ioredis@6, where corr2d is installed, brings them\n',
  ]);
  expect(existsSync(join(folder.path, 'maps'))).toBe(false);
});
