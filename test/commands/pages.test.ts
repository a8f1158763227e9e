import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readImage } from '../../src/index.ts';
import { tiff } from '../files/handmadeTiff.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';

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
  test.each(quarter(['stack.tif', 'film.gif']))('takes one page or frame of %s', async (name) => {
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

describe('--pages all and --channel', () => {
  /** Page p, channel c holds 1000·p + 100·c + x; little-endian pages, one directory after the other. */
  function stackOf(pages: number, channels: number): Buffer {
    const [width, height] = [5, 4];
    const parts = Array.from({ length: pages }, (_, p) =>
      tiff({
        width,
        height,
        stride: channels,
        bits: 16,
        photometric: 1,
        extra: Array<number>(channels - 1).fill(0),
        data: Uint16Array.from({ length: width * height * channels }, (__, i) => {
          const [x, c] = [Math.floor(i / channels) % width, i % channels];
          return 1000 * (p + 1) + 100 * (c + 1) + x;
        }),
      }),
    );
    return joined(parts);
  }

  test('makes a picture of every page and channel, numbered', { tags: ['slow'] }, async () => {
    await writeFile(join(cwd, 'cells.tif'), stackOf(12, 4));
    const words = [
      'filter',
      'cells.tif',
      '-k',
      'identity',
      '--pages',
      'all',
      '--channel',
      'all',
      '-o',
      'cells',
      '--json',
    ];
    const { status, stdout } = await run(...words);
    expect(status).toBe(0);
    const { pictures } = JSON.parse(String(stdout)) as {
      pictures: { output: string; page: number; channel: number }[];
    };
    expect(pictures).toHaveLength(48);
    for (const { output, page, channel } of pictures) {
      expect(output).toBe(`cells/cells-p${String(page).padStart(2, '0')}-c${channel}.png`);
      const { planes, depth } = await readImage(join(cwd, output));
      expect([depth, planes.channels, ...planes.data.subarray(0, 5)]).toEqual([
        16,
        1,
        ...[0, 1, 2, 3, 4].map((x) => 1000 * page + 100 * channel + x),
      ]);
    }
    const again = await run(...words.slice(0, -1), '--resume');
    expect(again.stderr).toMatch(/^0 pictures, .* 48 skipped, 0 failed/m);
  });

  test.each(quarter([8, 16, 32]))(
    'makes one TIFF of all pages, of %i bits: those that are made one by one',
    async (depth) => {
      await writeFile(join(cwd, 'stacked.tif'), stackOf(5, 2));
      const words = [
        'filter',
        'stacked.tif',
        '-k',
        'box',
        '--pages',
        'all',
        '--channel',
        'all',
        '--depth',
        String(depth),
      ];
      const one = await run(...words, '-o', `all-${depth}-{channel}.tif`, '--json', '--metadata', 'all');
      expect(one.stderr).not.toContain('of which the first was taken');
      const { pictures } = JSON.parse(String(one.stdout)) as { pictures: { pages: number; stack: object[] }[] };
      expect(pictures.map(({ pages, stack }) => [pages, stack.length])).toEqual([
        [5, 5],
        [5, 5],
      ]);
      expect((await run(...words, '-o', `each-${depth}-{channel}-{page}.tif`)).status).toBe(0);
      for (const channel of [1, 2]) {
        for (const page of [1, 2, 3, 4, 5]) {
          const stacked = await readImage(join(cwd, `all-${depth}-${channel}.tif`), { page, failOn: 'warning' });
          const single = await readImage(join(cwd, `each-${depth}-${channel}-${page}.tif`));
          expect([stacked.metadata.pages, stacked.depth, stacked.planes]).toEqual([5, depth, single.planes]);
          expect(Math.max(...single.planes.data)).toBeGreaterThan(0);
        }
      }
      const again = await run(...words, '-o', `all-${depth}-{channel}.tif`, '--resume', '--metadata', 'all');
      expect(again.stderr).toMatch(/2 skipped, 0 failed/);
    },
  );

  test(
    'floats of TIFF and .npy are one response, sign and all; frames of films are stacked, too',
    { tags: ['slow'] },
    async () => {
      const words = ['filter', 'stack.tif', '-k', '[[1,-2]]', '--border', 'zero', '--page', '2', '--linear'];
      for (const output of [
        ['-o', 'response.npy'],
        ['-o', 'response.tif', '--depth', '32'],
      ]) {
        const { stderr } = await run(...words, ...output);
        // What was not done is not told.
        expect(stderr).toContain(', map none, ');
        expect(stderr).not.toContain('rounding');
      }
      const [numbers, floats] = await Promise.all(
        ['response.npy', 'response.tif'].map((name) => readImage(join(cwd, name))),
      );
      expect([floats.depth, floats.planes]).toEqual([32, numbers.planes]);
      expect(Math.min(...floats.planes.data)).toBeLessThan(0);
      expect((await run('filter', 'film.gif', '-k', 'identity', '--pages', 'all', '-o', 'film.tif')).status).toBe(0);
      for (const page of [1, 2, 3]) {
        expect((await readImage(join(cwd, 'film.tif'), { page })).planes.data[0]).toBe(40 * page);
      }
    },
  );

  test(
    'takes one channel, and of several pages the numbers where a template wants them',
    { tags: ['slow'] },
    async () => {
      await writeFile(join(cwd, 'two.tif'), stackOf(2, 2));
      const output = 'parts/{page}/{name}-{channel}.npy';
      expect(
        (await run('filter', 'two.tif', '-k', 'identity', '--pages', 'all', '--channel', '2', '-o', output)).status,
      ).toBe(0);
      const { planes } = await readImage(join(cwd, 'parts/2/two-1.npy'));
      expect(planes.data[0]).toBeCloseTo(2200 / 65535, 7);
      const green = await run(
        'filter',
        inCheckout('samples/chelsea.png'),
        '-k',
        'identity',
        '--channel',
        '2',
        '-o',
        'g.png',
      );
      expect(green.status).toBe(0);
      const all = (await readImage(inCheckout('samples/chelsea.png'))).planes;
      const size = all.height * all.width;
      expect((await readImage(join(cwd, 'g.png'))).planes.data).toEqual(all.data.slice(size, 2 * size));
    },
  );

  test('says where several channels need one to be named, and what there is', async () => {
    await writeFile(join(cwd, 'five.tif'), stackOf(1, 5));
    const without = await run('detect', 'five.tif', '-o', 'five.png');
    expect([without.status, without.stderr]).toEqual([
      1,
      expect.stringContaining('received 5 channels of 16-bit samples (grey16); the option channel takes one of them'),
    ]);
    expect((await run('detect', 'five.tif', '-o', 'five.png', '--channel', '6')).stderr).toContain(
      'Expected channel 6 in five.tif but there are 5',
    );
  });

  test.each(
    quarter([
      [['--channel', '0'], 'Expected a whole number from 1, or all, for --channel but received 0'],
      [['--pages', 'all', '--page', '2'], 'Expected one of --pages and --page but received both'],
      [['--pages', 'all', '--shard', '1/2'], 'Expected no --shard with --pages all but received both'],
      [['--pages', 'all', '-o', 'one.png'], 'Expected one input for --output the file one.png but received 3'],
      [['--pages', 'all', '-o', '{name}.png'], 'stack.png'],
    ]),
  )('%j is refused', async (words, told) => {
    const output = words.includes('-o') ? [] : ['-o', 'refused'];
    const { status, stderr } = await run('detect', 'stack.tif', ...output, ...words);
    expect([status, stderr]).toEqual([2, expect.stringContaining(told)]);
  });
});

/** Little-endian TIFFs of one page each as one of several. */
function joined(files: readonly Buffer[]): Buffer {
  const out: Buffer[] = [];
  let start = 0;
  for (const [i, file] of files.entries()) {
    const page = Buffer.from(file);
    const entries = page.readUInt16LE(8);
    for (let at = 10; at < 10 + 12 * entries; at += 12) {
      const [tag, type, count] = [page.readUInt16LE(at), page.readUInt16LE(at + 2), page.readUInt32LE(at + 4)];
      const isElsewhere = count * (type === 3 ? 2 : 4) > 4;
      if (tag === 273 || isElsewhere) page.writeUInt32LE(page.readUInt32LE(at + 8) + start, at + 8);
    }
    const isLast = i === files.length - 1;
    page.writeUInt32LE(isLast ? 0 : start + page.length + 8, 10 + 12 * entries);
    out.push(page);
    start += page.length;
  }
  return Buffer.concat(out);
}
