import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { formatNet } from '../../src/contours/netFile.ts';
import { shippedNet } from '../../src/contours/shipped/shippedNet.ts';
import { formatNpy, kernel, parseKernel } from '../../src/index.ts';
import { checkout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';

const run = (...words: string[]) => corr2d(['inspect', ...words], { cwd: tmpdir() });

describe('corr2d inspect', () => {
  test('tells what a kernel is', async () => {
    const { status, stdout } = await run('sobel-x', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      kind: 'kernel',
      height: 3,
      width: 3,
      inChannels: 1,
      outChannels: 1,
      sum: 0,
      weights: [
        [
          [
            [-1, 0, 1],
            [-2, 0, 2],
            [-1, 0, 1],
          ],
        ],
      ],
    });
  });

  test.each(quarter(['imagemagick', 'libvips', 'sharp', 'json', 'corr2d']))(
    'exports to %s what reads back as the same kernel',
    async (notation) => {
      const { status, stdout } = await run('[[0,-1,0],[-1,5.5,-1],[0,-1,0.25]]', '--export', notation);
      expect(status).toBe(0);
      expect(parseKernel(stdout.toString()).weights).toEqual(
        kernel([
          [0, -1, 0],
          [-1, 5.5, -1],
          [0, -1, 0.25],
        ]).weights,
      );
    },
  );

  test('tells what a picture is', async () => {
    const { status, stdout } = await run(join(checkout, 'samples', 'rocket.jpg'), '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      kind: 'picture',
      format: 'jpeg',
      width: 640,
      height: 427,
      channels: 3,
      alpha: false,
      depth: 8,
      white: 255,
      lossy: true,
    });
  });

  test('shows what fits a terminal: digits, three of them, or shades and a profile, and says what prints the rest', async () => {
    const linesOf = async (...words: string[]): Promise<string[]> =>
      (await run(...words)).stdout.toString().split('\n');
    expect(await linesOf('sharpen')).toContain(' 0  -1   0');
    const short = await linesOf('gaussian:1.4');
    expect(short.join('\n')).toMatch(/0\.0629 {2}0\.0812 {2}0\.0629/);
    expect(short.join('\n')).toMatch(/three digits of the largest; --export table prints all digits/);
    for (const name of ['gaussian:3', 'log:4', 'box:200']) {
      const lines = await linesOf(name);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
      expect(lines.length).toBeLessThan(100);
      expect(lines.join('\n')).toMatch(/█/);
    }
    const signed = (await linesOf('log:4')).join('\n');
    expect(signed).toMatch(/−█−█−█/);
    expect(signed).toMatch(/^row 16, one tap of 2$/m);
    expect(signed).toMatch(/^column 16, one tap of 2: the same$/m);
    expect((await linesOf('gaussian:3', '--export', 'table')).filter((line) => line !== '')).toHaveLength(25);
    const many = JSON.stringify(
      Array.from({ length: 60 }, () => [
        [
          [1, 2],
          [3, 4],
        ],
      ]),
    );
    expect((await linesOf(many)).join('\n')).toMatch(/and 140 lines more; --export table prints all digits/);
  });

  test(
    'shows what a file says of how it was learned as rows, and all of it on a page',
    { tags: ['slow'] },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'corr2d-inspect-'));
      const learned = {
        method: 'feasible',
        rms: 0.00123456789,
        standardErrors: [1, 2, 3, 4, 5, 6, 7, 8, 9],
        known: { text: 'a name' },
      };
      const file = { corr2d: 1, kind: 'kernel', shape: [1, 1, 1, 2], weights: [[[[1, -1]]]], bias: [0], learned };
      await writeFile(join(folder, 'k.json'), JSON.stringify(file));
      const inspect = (...words: string[]) => corr2d(['inspect', 'k.json', ...words], { cwd: folder });
      const { stdout } = await inspect('--report', 'k.html');
      expect(stdout.toString()).toMatch(/^learned method +feasible$/m);
      expect(stdout.toString()).toMatch(/^learned rms +0\.00123457$/m);
      expect(stdout.toString()).toMatch(/^learned standardErrors +9 numbers from 1 to 9$/m);
      expect(stdout.toString()).toMatch(/^learned known +text a name$/m);
      const page = await readFile(join(folder, 'k.html'), 'utf8');
      expect(page).toContain('"headline":"kernel k.json"');
      expect(page).toContain('"taps":[1,-1]');
      expect((await inspect('--report', 'k.json')).status).toBe(2);
      expect((await inspect('--report', 'k.html', '--export', 'json')).status).toBe(2);
      const picture = ['inspect', join(checkout, 'samples', 'camera.png'), '--report', 'p.html'];
      expect((await corr2d(picture, { cwd: folder })).status).toBe(0);
      const shown = await readFile(join(folder, 'p.html'), 'utf8');
      expect(shown).toContain('["size",["512×512"]]');
      expect(shown).toContain('"channel":"grey"');
      const net = ['inspect', 'net.json', '--report', 'n.html'];
      await writeFile(join(folder, 'net.json'), formatNet({ net: shippedNet('tiny') }));
      expect((await corr2d(net, { cwd: folder })).stderr).toMatch(
        /Expected a kernel for inspect --report but received a net/,
      );
      await rm(folder, { recursive: true });
    },
  );

  test('reads either from standard input', async () => {
    const taps = await corr2d(['inspect', '-', '--export', 'imagemagick'], {
      cwd: tmpdir(),
      input: Buffer.from('[[1,2,3]]'),
    });
    expect([taps.status, taps.stdout.toString()]).toEqual([0, '3x1:1,2,3\n']);
    const picture = await corr2d(['inspect', '-'], {
      cwd: tmpdir(),
      input: await readFile(join(checkout, 'samples', 'camera.png')),
    });
    expect(picture.stdout.toString()).toMatch(/512×512/);
  });

  test('tells numbers as numbers in JSON, with shares from 0 to 1', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corr2d-inspect-'));
    const half = new Uint8Array(8).fill(255, 0, 4);
    const withAlpha = Uint8Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? half[i / 2] : 128));
    await sharp(withAlpha, { raw: { width: 4, height: 2, channels: 2 } })
      .toColourspace('b-w')
      .png()
      .toFile(join(folder, 'p.png'));
    const { stdout } = await corr2d(['inspect', 'p.png', '--json'], { cwd: folder });
    const { width, height, channels, alpha, depth, samples } = JSON.parse(stdout.toString());
    expect({ width, height, channels, alpha, depth, samples }).toEqual({
      width: 4,
      height: 2,
      channels: 1,
      alpha: true,
      depth: 8,
      samples: [{ minimum: 0, maximum: 255, mean: 127.5, black: 0.5, white: 0.5 }],
    });
    const words = await corr2d(['inspect', 'p.png'], { cwd: folder });
    expect(words.stdout.toString()).toMatch(/^size +4×2$/m);
    expect(words.stdout.toString()).toMatch(/^channels +1 and alpha$/m);
    expect(words.stdout.toString()).toMatch(
      /^samples +minimum 0, maximum 255, mean 127.5, black 50.00%, white 50.00%$/m,
    );
    await rm(folder, { recursive: true });
  });

  test(
    'takes a small array for a kernel and a large one for a picture, unless it is told',
    { tags: ['slow'] },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'corr2d-inspect-'));
      const bytes = formatNpy(Float32Array.of(1, 2, 1, 0, 0, 0, -1, -2, -1), [3, 3]);
      await writeFile(join(folder, 'k.npy'), bytes);
      await writeFile(join(folder, 'p.npy'), formatNpy(new Float32Array(40 * 50), [40, 50]));
      const kindOf = async (...words: string[]): Promise<unknown> => {
        const { stdout } = await corr2d(['inspect', ...words, '--json'], { cwd: folder, input: bytes });
        return JSON.parse(stdout.toString()).kind;
      };
      expect(await kindOf('k.npy')).toBe('kernel');
      expect(await kindOf('-')).toBe('kernel');
      expect(await kindOf('k.npy', '--as', 'picture')).toBe('picture');
      expect(await kindOf('p.npy')).toBe('picture');
      expect(await kindOf('p.npy', '--as', 'kernel')).toBe('kernel');
      expect(await kindOf('p.npy', '--plan', '400x300')).toBe('kernel');
      const { status, stderr } = await corr2d(['inspect', 'sharpen', '--as', 'picture'], { cwd: folder });
      expect([status, stderr]).toEqual([2, expect.stringContaining('Expected a picture at sharpen')]);
      await rm(folder, { recursive: true });
    },
  );

  test('tells how a kernel would be applied to a picture of a size, width by height', async () => {
    const large = await run('box:31', '--plan', '4000x3000');
    expect(large.status).toBe(0);
    expect(large.stdout.toString()).toMatch(/^size +4000×3000 \(width × height\)$/m);
    expect(large.stdout.toString()).toMatch(/^algorithm +fft$/m);
    expect(large.stdout.toString()).toMatch(/^reasons +31×31 taps: direct 961 multiply-adds a sample, FFT about/m);
    const small = await run('sharpen', '--plan', '4000x3000', '--precision', 'fast', '--json');
    expect(JSON.parse(small.stdout.toString())).toMatchObject({
      kind: 'kernel',
      plan: { width: 4000, height: 3000, padding: 'same', precision: 'fast', algorithm: 'direct' },
    });
  });

  test.each(
    quarter([
      [['sharpen', '--plan', '4000'], /^corr2d: Expected width by height.* for --plan but received 4000/],
      [['sharpen', '--plan', '0x20'], /^corr2d: Expected width by height.* for --plan but received 0x20/],
      [['sharpen', '--precision', 'fast'], /plan/],
      [['sharpen', '--plan', '40x30', '--export', 'json'], /export/],
      [[join(checkout, 'samples', 'camera.png'), '--plan', '40x30'], /Expected a kernel for inspect --plan/],
    ]),
  )('refuses %j', async (words, message) => {
    const { status, stderr } = await run(...words);
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  test('writes no report over the kernel that it tells of', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corr2d-inspect-'));
    await writeFile(join(folder, 'k.json'), '[[1,-1]]');
    const { status, stderr } = await corr2d(['inspect', 'k.json', '--json', 'k.json'], { cwd: folder });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/Expected a file of its own for --json/)]);
    expect(await readFile(join(folder, 'k.json'), 'utf8')).toBe('[[1,-1]]');
    await rm(folder, { recursive: true });
  });

  test('refuses what is neither', async () => {
    const { status, stderr } = await run('nothing-like-this');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^corr2d: .*nothing-like-this/);
  });
});
