import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readImage } from '../../src/index.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-residual-'));
  await sharp(inCheckout('samples', 'camera.png'))
    .extract({ left: 120, top: 60, width: 160, height: 120 })
    .toColourspace('b-w')
    .toFile(join(cwd, 'before.png'));
  await run('filter', 'before.png', '-k', 'sharpen', '-o', 'whole.png');
  const label = await sharp({ create: { width: 50, height: 10, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  await sharp(join(cwd, 'whole.png'))
    .composite([{ input: label, left: 20, top: 90 }])
    .toColourspace('b-w')
    .toFile(join(cwd, 'after.png'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...words: string[]) => corr2d(words, { cwd });

test('--residual shows where the kernel does not hold', { tags: ['slow'] }, async () => {
  const { status, stderr } = await run('learn', 'before.png', 'after.png', '-o', 'k.json', '--residual', 'mask.png');
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(/ % of the pixels are not what was learned gives → mask\.png$/m);
  expect(stderr).toMatch(/^note {7}In after\.png they lie in rows \d+ to \d+ and columns /m);
  expect(stderr).not.toContain('pairs[');
  const { planes, depth } = await readImage(join(cwd, 'mask.png'));
  expect([planes.channels, planes.height, planes.width, depth]).toEqual([1, 120, 160, 8]);
  const isLabel = (i: number): boolean =>
    Math.floor(i / 160) >= 90 && Math.floor(i / 160) < 100 && i % 160 >= 20 && i % 160 < 70;
  const outside = planes.data.filter((sample, i) => sample !== 0 && !isLabel(i));
  const inside = planes.data.filter((sample, i) => sample === 255 && isLabel(i));
  expect(outside.length).toBe(0);
  expect(inside.length).toBeGreaterThan(400);
});

test(
  '--residual of several pairs, or of a name that no picture has, is refused before anything is learned',
  { tags: ['slow'] },
  async () => {
    const pairs = ['before.png', 'after.png', 'before.png', 'whole.png'];
    expect(await run('learn', ...pairs, '-o', 'k.json', '--residual', 'mask.png')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Expected one pair for --residual but received 2 pairs'),
    });
    expect(await run('learn', 'before.png', 'after.png', '-o', 'k.json', '--residual', 'mask.txt')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Expected a picture whose name ends in .png'),
    });
    await run('learn', 'before.png', 'whole.png', '-o', 'k.json', '--residual', 'mask.png');
    expect(await run('learn', 'before.png', 'whole.png', '-o', 'l.json', '--residual', 'mask.png')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('mask.png exists'),
    });
  },
);

test('of several pairs the report tells what is left of each', { tags: ['slow'] }, async () => {
  const pairs = ['before.png', 'whole.png', 'before.png', 'after.png'];
  const { status, stderr } = await run('learn', ...pairs, '-o', 'k.json', '--json', 'r.json');
  expect(status, stderr).toBe(0);
  const { pairs: residuals } = JSON.parse(await readFile(join(cwd, 'r.json'), 'utf8'));
  expect(residuals).toHaveLength(2);
  expect(residuals[0]).toMatchObject({ beyond: 0 });
  expect(residuals[1].beyond).toBeGreaterThan(400);
  expect(stderr).toMatch(/^of pair {4}after\.png: rms /m);
});
