import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inCheckout } from '../support/checkout.ts';
import { run } from '../support/run.ts';
import { bundleMortal } from './mortalBundle.ts';
import { makeTree } from './tree.ts';

// The command with a worker whose thread ends once; below node_modules, where packages are found.
const folder = inCheckout('node_modules', '.corr2d-mortal');
/** Work that takes twenty times as long as decoding, so that it is too much for one thread on any machine. */
const HEAVY = ['--operator', 'kirsch', '--sigma', '2,4,8'];
const NAMES = Array.from({ length: 12 }, (_, i) => `${String(i).padStart(2, '0')}.jpg`);

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'corr2d',
      version: '0.0.0',
      type: 'module',
      exports: { './package.json': './package.json' },
    }),
  );
  await bundleMortal(folder, { cli: 'src/cli.ts' });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(
  'a picture whose thread died is done again, and every output is what it is without threads',
  { tags: ['slow'], timeout: 120_000 },
  async () => {
    const root = makeTree('in/');
    const photo = await sharp(inCheckout('samples/camera.png')).resize(1000, 1000).jpeg().toBuffer();
    for (const name of NAMES) writeFileSync(join(root, 'in', name), photo);
    const marker = join(root, 'a thread has died');
    const detect = (output: string, jobs: number): ReturnType<typeof run> =>
      run(process.execPath, [join(folder, 'cli.js'), 'detect', 'in', ...HEAVY, '-o', output, '-j', String(jobs)], {
        cwd: root,
        env: { MORTAL_MARKER: marker },
      });
    const alone = await detect('alone', 1);
    expect([alone.status, existsSync(marker)]).toEqual([0, false]);
    const threads = await detect('threads', 3);
    expect([threads.status, existsSync(marker)]).toEqual([0, true]);
    expect(threads.stderr).toMatch(/^12 pictures/m);
    const wanted = readFileSync(join(root, 'alone/00.png'));
    for (const name of NAMES) {
      expect(readFileSync(join(root, 'threads', name.replace('.jpg', '.png'))).equals(wanted)).toBe(true);
    }
  },
);
