import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readImage } from '../../src/index.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-mask-'));
  await sharp(inCheckout('samples', 'chelsea.png'))
    .extract({ left: 60, top: 40, width: 190, height: 150 })
    .toFile(join(cwd, 'before.png'));
  await writeFile(
    join(cwd, 'mask.json'),
    '{ "corr2d": 1, "kind": "filter", "passes": { "taps": [1677722, 4473924, 4473924, 4473924, 1677722], "over": 16777216, "times": 3, "mask": { "percent": 150, "threshold": 3 } } }',
  );
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...words: string[]) => corr2d(words, { cwd });

test(
  'an unsharp mask of rounded passes is learned, inspected, and given by the printed command',
  { tags: ['slow'] },
  async () => {
    await run('filter', 'before.png', '-k', 'mask.json', '-o', 'after.png');
    const { status, stderr } = await run('learn', 'before.png', 'after.png', '-o', 'found.json');
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/^known as {3}Pillow's ImageFilter\.UnsharpMask\(2, 150, 3\)$/m);
    const command = /^ {2}corr2d (filter .*)$/m.exec(stderr)?.[1] ?? '';
    expect((await run(...command.split(' '))).status).toBe(0);
    const samplesOf = async (name: string): Promise<number[]> =>
      Array.from((await readImage(join(cwd, name))).planes.data);
    expect(await samplesOf('before-filtered.png')).toEqual(await samplesOf('after.png'));
    const told = (await run('inspect', 'found.json')).stdout.toString();
    expect(told).toMatch(/^kind +an unsharp mask of a blur in 6 rounded passes$/m);
    expect(told).toContain('150 % of the difference is added where it is more than 3');
  },
);

test(
  'a filter of a grey picture is found in three channels that are alike, and the residual compares all of them',
  { tags: ['slow'] },
  async () => {
    await sharp(join(cwd, 'before.png')).greyscale().toColourspace('b-w').toFile(join(cwd, 'grey.png'));
    await run('filter', 'grey.png', '-k', 'median:3', '--border', 'symmetric', '-o', 'median.png');
    await sharp(join(cwd, 'median.png')).toColourspace('srgb').toFile(join(cwd, 'after.png'));
    const { stderr } = await run('learn', 'grey.png', 'after.png', '-o', 'found.json', '--residual', 'mask.png');
    expect(stderr).toMatch(/^known as {3}median of 3×3 samples: -k median:3$/m);
    expect(stderr).toMatch(/^note {7}The after holds in each of three channels what the filter gives once\.$/m);
    expect(stderr).toContain('0 % of the pixels are not what was learned gives');
  },
);
