import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readImage } from '../../src/index.ts';
import { corr2d } from '../support/corr2d.ts';

let cwd: string;
const run = (...words: string[]) => corr2d(words, { cwd });

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-pages-'));
  const pages = Uint8Array.from({ length: 3 * 16 }, (_, i) => 40 * (1 + Math.floor(i / 16)));
  const stack = sharp(pages, { raw: { width: 4, height: 12, channels: 1, pageHeight: 4 } }).toColourspace('b-w');
  await writeFile(join(cwd, 'stack.tif'), await stack.tiff({ compression: 'none' }).toBuffer());
  const film = sharp(pages, { raw: { width: 4, height: 12, channels: 1, pageHeight: 4 } });
  await writeFile(join(cwd, 'film.gif'), await film.gif({ delay: [50, 50, 50], loop: 0 }).toBuffer());
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

describe('--page', () => {
  test.each(['stack.tif', 'film.gif'])('takes one page or frame of %s', async (name) => {
    for (const page of [1, 2, 3]) {
      const output = `${name}-${page}.png`;
      const ran = await run('filter', name, '-k', 'identity', '-o', output, '--page', String(page), '--ndjson');
      expect([ran.status, ran.stderr]).toEqual([0, expect.not.stringContaining('holds 3 pages')]);
      expect(JSON.parse(String(ran.stdout))).toMatchObject({ pages: 3, page });
      const { planes } = await readImage(join(cwd, output));
      expect(new Set(planes.data)).toEqual(new Set([40 * page]));
    }
  });

  test('without it the first is taken, and the note says how to take another', async () => {
    const { status, stderr } = await run('detect', 'stack.tif', '-o', 'first.png');
    expect([status, stderr]).toEqual([
      0,
      expect.stringContaining('stack.tif holds 3 pages or frames, of which the first was taken; --page takes another'),
    ]);
  });

  test('a page that is not there, and a number that is none, are refused', async () => {
    const none = await run('detect', 'stack.tif', '-o', 'none.png', '--page', '4');
    expect([none.status, none.stderr]).toEqual([
      1,
      expect.stringContaining('Expected page or frame 4 in stack.tif but there are 3'),
    ]);
    const zero = await run('detect', 'stack.tif', '-o', 'none.png', '--page', '0');
    expect([zero.status, zero.stderr]).toEqual([2, expect.stringContaining('--page')]);
  });

  test('another page is another configuration: a resumed run makes it anew', async () => {
    expect((await run('detect', 'stack.tif', '-o', 'maps')).status).toBe(0);
    const { status, stderr } = await run('detect', 'stack.tif', '-o', 'maps', '--page', '2', '--resume');
    expect([status, stderr]).toEqual([0, expect.stringContaining('1 picture,')]);
  });
});
