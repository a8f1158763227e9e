import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kernel, parseKernel } from '../../src/index.ts';
import { checkout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';

const run = (...words: string[]) => corr2d(['inspect', ...words], { cwd: tmpdir() });

describe('corr2d inspect', () => {
  test('tells what a kernel is', async () => {
    const { status, stdout } = await run('sobel-x', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      kind: 'kernel',
      taps: '3×3',
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

  test.each(['imagemagick', 'libvips', 'sharp', 'json', 'corr2d'])(
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
      size: '640×427',
      depth: 8,
      white: 255,
      lossy: true,
    });
  });

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

  test('tells how a kernel would be applied to a picture of a size, width by height', async () => {
    const large = await run('box:31', '--plan', '4000x3000');
    expect(large.status).toBe(0);
    expect(large.stdout.toString()).toMatch(/^size +4000×3000 \(width × height\)$/m);
    expect(large.stdout.toString()).toMatch(/^algorithm +fft$/m);
    expect(large.stdout.toString()).toMatch(/^reasons +31×31 taps: direct 961 multiply-adds a sample, FFT about/m);
    const small = await run('sharpen', '--plan', '4000x3000', '--precision', 'fast', '--json');
    expect(JSON.parse(small.stdout.toString())).toMatchObject({
      kind: 'kernel',
      plan: { size: '4000×3000', padding: 'same', precision: 'fast', algorithm: 'direct' },
    });
  });

  test.each([
    [['sharpen', '--plan', '4000'], /^corr2d: Expected width by height.* for --plan but received 4000/],
    [['sharpen', '--plan', '0x20'], /^corr2d: Expected width by height.* for --plan but received 0x20/],
    [['sharpen', '--precision', 'fast'], /plan/],
    [['sharpen', '--plan', '40x30', '--export', 'json'], /export/],
    [[join(checkout, 'samples', 'camera.png'), '--plan', '40x30'], /Expected a kernel for inspect --plan/],
  ])('refuses %j', async (words, message) => {
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
