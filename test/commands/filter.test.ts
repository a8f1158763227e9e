import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { comparePlanes, formatNpy, readImage } from '../../src/index.ts';
import { checkout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-filter-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const sample = (name: string): string => join(checkout, 'samples', name);
const at = (...names: string[]): string => join(cwd, ...names);
const run = (...words: string[]) => corr2d(words, { cwd });

/** 2δ − bbᵀ/256 with b = (1, 4, 6, 4, 1): what made samples/pair/after.png. */
const UNSHARP = JSON.stringify(
  [1, 4, 6, 4, 1].map((a, i) => [1, 4, 6, 4, 1].map((b, j) => (i === 2 && j === 2 ? 2 : 0) - (a * b) / 256)),
);

describe('corr2d filter', () => {
  test('gives every sample of ImageMagick’s result for the pair, rim included', async () => {
    const { status, stderr } = await run(
      'filter',
      sample('pair/before.png'),
      '-k',
      UNSHARP,
      '--rounding',
      'truncate',
      '-o',
      'mine.png',
    );
    expect([status, stderr]).toEqual([0, expect.stringContaining('1 picture')]);
    const [mine, theirs] = await Promise.all([readImage(at('mine.png')), readImage(sample('pair/after.png'))]);
    expect(comparePlanes(mine.planes, theirs.planes)).toEqual({ sameShape: true, count: 0, largest: 0 });
  });

  test('takes a kernel file’s own border and rounding', async () => {
    const file = {
      corr2d: 1,
      kind: 'kernel',
      shape: [1, 1, 5, 5],
      weights: [[JSON.parse(UNSHARP)]],
      border: 'replicate',
      rounding: 'truncate',
    };
    await writeFile(at('k.json'), JSON.stringify(file));
    expect((await run('filter', sample('pair/before.png'), '-k', 'k.json', '-o', 'mine.png')).status).toBe(0);
    const [mine, theirs] = await Promise.all([readImage(at('mine.png')), readImage(sample('pair/after.png'))]);
    expect(comparePlanes(mine.planes, theirs.planes).count).toBe(0);
  });

  test('leaves a picture as it is under the identity, alpha with it', async () => {
    const rgba = Uint8Array.from({ length: 4 * 12 }, (_, i) => (i * 37) % 256);
    await sharp(rgba, { raw: { width: 4, height: 3, channels: 4 } })
      .png()
      .toFile(at('a.png'));
    expect((await run('filter', 'a.png', '-k', 'identity', '-o', 'b.png')).status).toBe(0);
    expect(Uint8Array.from(await sharp(at('b.png')).raw().toBuffer())).toEqual(rgba);
  });

  test('lets no hidden colour bleed out of transparency, unless alpha is to be kept', { tags: ['slow'] }, async () => {
    // A white square on transparent red.
    const rgba = Buffer.from(
      Array.from({ length: 20 * 20 }, (_, i) => (i % 20 < 10 ? [255, 0, 0, 0] : [255, 255, 255, 255])).flat(),
    );
    await sharp(rgba, { raw: { width: 20, height: 20, channels: 4 } })
      .png()
      .toFile(at('a.png'));
    const pixel = async (name: string, column: number): Promise<number[]> =>
      Array.from(await sharp(at(name)).extract({ left: column, top: 9, width: 1, height: 1 }).raw().toBuffer());
    const blurred = await run('filter', 'a.png', '-k', 'gaussian:2', '-o', 'b.png');
    expect([blurred.status, blurred.stderr]).toEqual([0, expect.stringContaining('alpha premultiplied')]);
    expect(await pixel('b.png', 10)).toEqual([255, 255, 255, 153]);
    expect(await pixel('b.png', 8)).toEqual([255, 255, 255, 57]);
    expect((await run('filter', 'a.png', '-k', 'gaussian:2', '--alpha', 'keep', '-o', 'c.png')).status).toBe(0);
    expect(await pixel('c.png', 10)).toEqual([255, 153, 153, 255]);
    expect((await run('filter', 'a.png', '-k', 'gaussian:2', '--linear', '-o', 'd.png')).status).toBe(0);
    expect(await pixel('d.png', 10)).toEqual([255, 255, 255, 153]);
  });

  test('keeps alpha in step with a stride, and out of the filter', async () => {
    const rgba = Uint8Array.from({ length: 4 * 36 }, (_, i) => (i % 4 === 3 ? i : 200));
    await sharp(rgba, { raw: { width: 6, height: 6, channels: 4 } })
      .png()
      .toFile(at('a.png'));
    expect(
      (await run('filter', 'a.png', '-k', 'box:3', '--stride', '2', '--alpha', 'keep', '-o', 'b.png')).status,
    ).toBe(0);
    const { data, info } = await sharp(at('b.png')).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([3, 3]);
    const alpha = [...data].filter((_, i) => i % 4 === 3);
    expect(alpha).toEqual([0, 2, 4].flatMap((y) => [0, 2, 4].map((x) => (y * 6 + x) * 4 + 3)));
  });

  test(
    'reads floats in any unit, and says where most of them, or of a result, lie beyond white',
    { tags: ['slow'] },
    async () => {
      const samples = Float32Array.from({ length: 64 }, (_, i) => (i % 8) * 30 + 20);
      await writeFile(at('f.npy'), formatNpy(samples, [8, 8]));
      const plain = await run('filter', 'f.npy', '-k', 'box:3', '-o', 'plain.png');
      expect(plain.stderr).toContain(
        'f.npy: 100% of the numbers lie above white, which is 1 unless --white says otherwise',
      );
      const stated = await run(
        'filter',
        'f.npy',
        '-k',
        'identity',
        '--white',
        '255',
        '--depth',
        '8',
        '-o',
        'stated.png',
      );
      expect([stated.status, stated.stderr]).toEqual([0, expect.not.stringContaining('above white')]);
      expect((await readImage(at('stated.png'))).planes.data).toEqual(samples);
      const bright = await run('filter', 'stated.png', '-k', '[[9]]', '-o', 'bright.png');
      expect(bright.stderr).toMatch(/stated\.png: 87\.5% of the result is white, beyond which it was clipped/);
    },
  );

  test('shrinks by the kernel under padding valid, and refuses a kernel larger than the picture', async () => {
    await cp(sample('chelsea.png'), at('a.png'));
    expect((await run('filter', 'a.png', '-k', 'box:5', '--padding', 'valid', '-o', 'b.png')).status).toBe(0);
    const { width, height } = await sharp(at('b.png')).metadata();
    expect([width, height]).toEqual([451 - 4, 300 - 4]);
    const tooLarge = await run('filter', 'a.png', '-k', 'box:301', '--padding', 'valid', '-o', 'c.png');
    expect(tooLarge.status).toBe(1);
    expect(tooLarge.stderr).toMatch(
      /^corr2d: a\.png: Expected a picture of at least 301×301 .* but received 300×451; padding 'same' makes it fit$/m,
    );
    expect(await readdir(cwd)).not.toContain('c.png');
  });

  test('does not write its report over the kernel file', async () => {
    await cp(sample('chelsea.png'), at('a.png'));
    await writeFile(at('k.json'), '[[1]]');
    const { status, stderr } = await run('filter', 'a.png', '-k', 'k.json', '--json', 'k.json', '-o', 'b.png');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/a file of its own for --json but received k\.json/)]);
    expect(await readFile(at('k.json'), 'utf8')).toBe('[[1]]');
  });

  test('takes a stride beyond the picture for one sample, at once', async () => {
    await cp(sample('chelsea.png'), at('a.png'));
    expect((await run('filter', 'a.png', '-k', 'box', '--stride', '1000000000', '-o', 'b.png')).status).toBe(0);
    expect((await sharp(at('b.png')).metadata()).width).toBe(1);
  });

  test.each(
    quarter([
      [['-k', '3x3:1,2,3'], /9/],
      [
        ['-k', 'box:3', '--padding', 'valid', '--border', 'wrap'],
        /no --border with --padding valid.* but received wrap/,
      ],
      [
        ['-k', 'sobel-x', '--bias', '128'],
        /from -5 to 5, .*in units of white: a sample of 100 in 255 is 100\/255.* --bias but received 128/,
      ],
      [
        ['-k', 'box:3', '--border', 'constant:128'],
        /from 0 to 1 \(in units of white.* --border but received constant:128/,
      ],
      [
        ['-k', 'box', '--rounding', 'truncate', '--depth', '32', '-o', 'b.tif'],
        /no --rounding for floats .* received truncate/,
      ],
      [['-k', 'box', '--rounding', 'nearest', '-o', 'b.npy'], /no --rounding for floats .* received nearest/],
      [['-k', 'box:3', '--white', '0'], /above 0 for --white but received 0/],
      [['-k', 'box:3', '--padding', 'some'], /--padding but received some/],
      [['-k', 'box:3', '--bias', 'x'], /--bias but received x/],
      [['-k', 'box:3', '--stride', '0', '-o', 'b.png'], /--stride but received 0/],
      [[], /kernel/],
    ]),
  )('refuses %j', async (words, message) => {
    await cp(sample('chelsea.png'), at('a.png'));
    const { status, stderr } = await run('filter', 'a.png', ...words);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(await readdir(cwd)).toEqual(['a.png']);
  });
});
