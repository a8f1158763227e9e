import { copyFile, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Conv2d,
  comparePlanes,
  kernel,
  Magnitude,
  readImage,
  readKernel,
  Sequential,
  writeModel,
} from '../../src/index.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-learn-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const sample = (name: string): string => inCheckout('samples', name);
const at = (...names: string[]): string => join(cwd, ...names);
const run = (...words: string[]) => corr2d(words, { cwd });

describe('corr2d learn', () => {
  it('learns the difference from a picture and its response; its edges on other pictures are the operator’s', async () => {
    const camera = sample('camera.png');
    expect((await run('filter', camera, '-k', 'difference-x', '-o', 'after.npy')).status).toBe(0);
    const learned = await run(
      'learn',
      camera,
      'after.npy',
      '--size',
      '1x2',
      '--method',
      'gradient-descent',
      '-o',
      'learned.json',
    );
    expect(learned.status).toBe(0);
    expect(learned.stderr).toMatch(/^epoch 1, loss [\d.e-]+\nepoch 2, loss /);
    expect(learned.stderr).toMatch(/learned a kernel of 1×2 taps by gradient-descent: .* R² 1\.000000 → learned\.json/);
    const [left, right] = (await readKernel(at('learned.json'))).weights;
    expect(left).toBeCloseTo(1, 5);
    expect(right).toBeCloseTo(-1, 5);
    for (const name of ['chelsea.png', 'rocket.jpg', 'astronaut.png']) {
      await run('detect', sample(name), '--operator', 'learned.json', '-o', 'mine.png', '--overwrite');
      await run('detect', sample(name), '--operator', 'difference-x', '-o', 'theirs.png', '--overwrite');
      const [mine, theirs] = await Promise.all([readImage(at('mine.png')), readImage(at('theirs.png'))]);
      expect(comparePlanes(mine.planes, theirs.planes), name).toMatchObject({ sameShape: true, count: 0 });
    }
  });

  it('runs the textbook’s experiment: rate, epochs, sum and start as stated', async () => {
    const bars = Array.from({ length: 6 }, () => [1, 1, 0, 0, 0, 0, 1, 1].map((v) => v * 255)).flat();
    const { default: sharp } = await import('sharp');
    await sharp(Uint8Array.from(bars), { raw: { width: 8, height: 6, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(at('bars.png'));
    await run('filter', 'bars.png', '-k', 'difference-x', '--padding', 'valid', '-o', 'edges.npy');
    const stated =
      '--size 1x2 --method gradient-descent --optimizer sgd --rate 0.03 --epochs 10 --reduction sum --every 2';
    const start = ['--initial', '[[0.48339,-0.59773]]'];
    const files = ['-o', 'k.json', '--json', 'report.json'];
    const ran = await run('learn', 'bars.png', 'edges.npy', ...stated.split(' '), ...start, ...files);
    expect(ran.status).toBe(0);
    const losses = [...ran.stderr.matchAll(/^epoch (\d+), loss (\S+)$/gm)].map(([, epoch, loss]) => [
      epoch,
      Number(loss).toFixed(3),
    ]);
    expect(losses).toEqual([
      ['2', '1.163'],
      ['4', '0.225'],
      ['6', '0.050'],
      ['8', '0.014'],
      ['10', '0.004'],
    ]);
    const report = JSON.parse(await readFile(at('report.json'), 'utf8'));
    expect(report).toMatchObject({ command: 'learn', output: 'k.json', method: 'gradient-descent', epochs: 10 });
    expect(report.history).toHaveLength(10);
  });

  it.each([
    [['learn', sample('camera.png'), sample('camera.png')], /output/],
    [['learn', sample('camera.png'), 'nothing.png', '-o', 'k.json'], /nothing\.png/],
    [
      ['learn', sample('camera.png'), sample('chelsea.png'), '-o', 'k.json'],
      /but received 300×451: 212 rows fewer and 61 columns fewer/,
    ],
    [['learn', sample('camera.png'), sample('camera.png'), '-o', 'k.json', '--size', 'big'], /--size but received big/],
    [
      ['learn', sample('camera.png'), sample('camera.png'), '-o', 'k.json', '--size', '3', '--epochs', '0'],
      /--epochs but received 0/,
    ],
    [
      ['learn', sample('camera.png'), sample('camera.png'), '-o', 'k.json', '--size', '3', '--rate', '-1'],
      /received -1/,
    ],
  ])('refuses %j', async (words, message) => {
    const { status, stderr } = await run(...words);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(2);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('does not replace a kernel file unless told to', async () => {
    await writeFile(at('k.json'), 'precious');
    const words = ['learn', sample('camera.png'), sample('camera.png'), '-o', 'k.json', '--size', '3', '--quiet'];
    expect(await run(...words)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/k\.json exists; --overwrite/),
    });
    expect(await readFile(at('k.json'), 'utf8')).toBe('precious');
    expect((await run(...words, '--overwrite')).status).toBe(0);
    expect((await readKernel(at('k.json'))).weights[4]).toBeCloseTo(1, 3);
  });

  it.each([
    ['-o', 'photo.png'],
    ['-o', 'alias.png'],
    ['-o', 'k.json', '--json=photo.png'],
    ['-o', 'k.json', '--json', 'k.json'],
  ])('never writes %s %s %s over a file of the same call', async (...words) => {
    await copyFile(sample('camera.png'), at('photo.png'));
    await symlink('photo.png', at('alias.png'));
    const before = await readFile(at('photo.png'));
    const ran = await run('learn', 'photo.png', 'photo.png', '--size', '3', '--overwrite', ...words);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringMatching(/Expected a file of its own for --/) });
    expect(await readFile(at('photo.png'))).toEqual(before);
    expect(await readdir(cwd)).toEqual(['alias.png', 'photo.png']);
  });
});

describe('a model file', () => {
  /** Sobel's two kernels, scaled so that a straight step answers white, and their magnitude. */
  const sobel = Sequential([
    Conv2d({
      inChannels: 1,
      outChannels: 2,
      kernelSize: 3,
      bias: false,
      kernel: kernel([
        [[[-1, 0, 1].map((tap) => tap / 4), [-2, 0, 2].map((tap) => tap / 4), [-1, 0, 1].map((tap) => tap / 4)]],
        [[[-1, -2, -1].map((tap) => tap / 4), [0, 0, 0], [1, 2, 1].map((tap) => tap / 4)]],
      ]),
    }),
    Magnitude(),
  ]);

  it('is an operator: Sobel as two layers gives Sobel’s edges, rim included', async () => {
    await writeModel(at('sobel.json'), sobel);
    expect((await run('detect', sample('chelsea.png'), '--operator', 'sobel.json', '-o', 'a.png')).status).toBe(0);
    expect((await run('detect', sample('chelsea.png'), '-o', 'b.png')).status).toBe(0);
    const [a, b] = await Promise.all([readImage(at('a.png')), readImage(at('b.png'))]);
    // Units of white round otherwise than the picture's integers: a response at a tie may fall to the other side.
    expect(comparePlanes(a.planes, b.planes)).toMatchObject({ sameShape: true });
    expect(comparePlanes(a.planes, b.planes).largest).toBeLessThanOrEqual(1);
    expect(comparePlanes(a.planes, b.planes).count).toBeLessThan(a.planes.data.length / 1000);
  });

  it('is a filter, on each channel; options of a kernel are refused', async () => {
    await writeModel(at('sobel.json'), sobel);
    expect((await run('filter', sample('chelsea.png'), '-k', 'sobel.json', '-o', 'a.png')).status).toBe(0);
    expect((await run('detect', sample('chelsea.png'), '--color', 'each', '-o', 'b.png')).status).toBe(0);
    const [a, b] = await Promise.all([readImage(at('a.png')), readImage(at('b.png'))]);
    expect(comparePlanes(a.planes, b.planes).largest).toBeLessThanOrEqual(1);
    const refused = await run('filter', sample('chelsea.png'), '-k', 'sobel.json', '--stride', '2', '-o', 'c.png');
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringMatching(/no --stride.* with a model/) });
    const detect = await run(
      'detect',
      sample('chelsea.png'),
      '--operator',
      'sobel.json',
      '--magnitude',
      'l1',
      '-o',
      'c.png',
    );
    expect(detect).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no --magnitude or --precision with a model/),
    });
  });
});
