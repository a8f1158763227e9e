import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kernel, parseKernel } from '../../src/index.ts';
import { checkout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';

const run = (...words: string[]) => corr2d(['inspect', ...words], { cwd: tmpdir() });

describe('corr2d inspect', () => {
  it('tells what a kernel is', async () => {
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

  it.each(['imagemagick', 'libvips', 'sharp', 'json', 'corr2d'])(
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

  it('tells what a picture is', async () => {
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

  it('reads either from standard input', async () => {
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

  it('refuses what is neither', async () => {
    const { status, stderr } = await run('nothing-like-this');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^corr2d: .*nothing-like-this/);
  });
});
