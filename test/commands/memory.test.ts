import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { corr2d, type Ran } from '../support/corr2d.ts';
import { outsideCi } from '../support/outsideCi.ts';
import { quarter } from '../support/quarter.ts';

const { path: cwd, remove } = temporaryFolder();
afterAll(remove);

const SIDE = 2000;
const PEAK = join(cwd, 'peak');

/** What the program holds beside pictures, at least. */
const BASE = 80e6;

const told = { NODE_OPTIONS: `--import=${pathToFileURL(inCheckout('test', 'support', 'peakMemory.mjs')).href}`, PEAK };

/** Noise, so that no file is smaller than its samples. */
function noise(side: number, channels: 1 | 3 | 4): Sharp {
  let state = 1;
  const data = Uint8Array.from({ length: side * side * channels }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return sharp(data, { raw: { width: side, height: side, channels } }).toColourspace(channels === 1 ? 'b-w' : 'srgb');
}

beforeAll(async () => {
  const plain = { compressionLevel: 1 };
  // A layer of eight channels, and their sum.
  const layer = (inputs: number, outputs: number): object => ({
    type: 'Conv2d',
    weights: Array.from({ length: outputs }, (_, o) =>
      Array.from({ length: inputs }, (__, c) =>
        Array.from({ length: 3 }, (___, i) => [i, o, c].map((at) => at / 40 - 0.1)),
      ),
    ),
  });
  const layers = [layer(1, 8), { type: 'ReLU' }, layer(8, 1)];
  writeFileSync(join(cwd, 'model.json'), JSON.stringify({ corr2d: 1, kind: 'model', layers }));
  await noise(16, 1).png(plain).toFile(join(cwd, 'tiny.png'));
  await noise(SIDE, 1).png(plain).toFile(join(cwd, 'grey.png'));
  await noise(SIDE, 3).png(plain).toFile(join(cwd, 'rgb.png'));
  await noise(SIDE, 4).png(plain).toFile(join(cwd, 'rgba.png'));
  await noise(SIDE, 3).jpeg({ progressive: true }).toFile(join(cwd, 'progressive.jpg'));
});

/** The bytes that a process held at once. */
async function peakOf(words: readonly string[]): Promise<number> {
  rmSync(PEAK, { force: true });
  const { status, stderr } = await corr2d(words, { cwd, env: told });
  expect([status, stderr.match(/Expected.*/)?.[0]]).toEqual([0, undefined]);
  return Math.max(...readFileSync(PEAK, 'utf8').trim().split('\n').map(Number));
}

/** The MiB that a refusal says would be enough. */
function admitting({ status, stderr }: Ran): number {
  expect(status).toBe(1);
  return Number(/takes up to (\d+); --memory \1 admits it/.exec(stderr)?.[1]);
}

// Only Linux tells how much memory a process held at once.
describe.skipIf(process.platform !== 'linux')('what a picture is said to take', () => {
  /** What the program holds beside a picture. */
  let small: number | undefined;

  test.each<[string, ...string[]]>(
    quarter([
      ['detect', 'grey.png'],
      ['detect', 'rgb.png', '--color', 'max', '--thin'],
      ['detect', 'rgb.png', '--operator', 'canny'],
      ['detect', 'rgba.png', '--linear', '--threshold', 'otsu'],
      ['detect', 'grey.png', '--operator', 'canny', '--convention', 'opencv', '--sigma', '2'],
      ['detect', 'grey.png', '--orientation'],
      ['detect', 'grey.png', '--operator', 'gaussian:4'],
      ['detect', 'rgb.png', '--operator', 'all'],
      ['detect', 'rgb.png', '--operator', 'model.json', '--threshold', 'otsu'],
      ['filter', 'rgb.png', '-k', 'model.json'],
      ['filter', 'rgb.png', '-k', 'sharpen', '--linear'],
      ['filter', 'rgba.png', '-k', 'gaussian:3'],
      ['filter', 'progressive.jpg', '-k', 'sharpen', '--format', 'jpg'],
    ]),
  )('is at least what it takes, and not much more: %s %s %s %s %s', async (...words) => {
    const how = [...words, '-o', 'out', '--overwrite'];
    const mebibytes = admitting(await corr2d([...how, '--memory', '1'], { cwd }));
    small ??= await peakOf(['detect', 'tiny.png', '-o', 'out', '--overwrite']);
    const most = (1.2 * mebibytes + 16) * 2 ** 20;
    // A run may hold garbage that it has not collected yet: what it takes is the least that is seen.
    let taken = Number.POSITIVE_INFINITY;
    for (let tried = 0; tried < 3 && taken >= most; tried++) {
      taken = Math.min(taken, (await peakOf([...how, '--memory', String(mebibytes)])) - small);
    }
    expect(taken).toBeLessThan(most);
    expect(taken).toBeGreaterThan(0.25 * mebibytes * 2 ** 20);
  });
});

describe('pictures that verify compares', () => {
  beforeAll(async () => {
    for (const name of ['actual', 'golden']) mkdirSync(join(cwd, name), { recursive: true });
    const { data, info } = await sharp(join(cwd, 'rgb.png')).raw().toBuffer({ resolveWithObject: true });
    const write = (to: string): Promise<unknown> =>
      sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
        .png({ compressionLevel: 1 })
        .toFile(join(cwd, to, 'a.png'));
    await write('golden');
    for (let i = 0; i < data.length; i += 997) data[i] ^= 32;
    await write('actual');
  });

  test.each(quarter(['absolute', 'boundary', 'ssim', 'pixelmatch']))(
    'are refused and admitted by the same figure: %s',
    async (metric) => {
      const words = ['verify', 'actual', 'golden', '--metric', metric];
      const refused = await corr2d([...words, '--memory', '1'], { cwd });
      const [told, figure] =
        /a\.png but received such as take up to (\d+); --memory \1 admits them/.exec(refused.stderr) ?? [];
      expect([refused.status, told]).toEqual([1, expect.any(String)]);
      const admitted = await corr2d([...words, '--memory', String(figure)], { cwd });
      expect(admitted.stderr).not.toContain('--memory');
      expect(admitted.stderr).toMatch(/1 (passed|changed)/);
    },
  );

  test.skipIf(process.platform !== 'linux')('take no more than that', { tags: ['slow'] }, async () => {
    const words = ['verify', 'actual', 'golden', '--metric', 'boundary'];
    const { stderr } = await corr2d([...words, '--memory', '1'], { cwd });
    const mebibytes = Number(/take up to (\d+);/.exec(stderr)?.[1]);
    rmSync(PEAK, { force: true });
    await corr2d([...words, '--memory', String(mebibytes)], { cwd, env: told });
    expect(Number(readFileSync(PEAK, 'utf8').trim()) - BASE).toBeLessThan((1.2 * mebibytes + 16) * 2 ** 20);
  });

  test('are not accepted as goldens for want of room', { tags: ['slow'] }, async () => {
    const before = readFileSync(join(cwd, 'golden', 'a.png'));
    const { status } = await corr2d(['verify', 'actual', 'golden', '--update', '--memory', '1'], {
      cwd,
      env: outsideCi,
    });
    expect(status).toBe(1);
    expect(readFileSync(join(cwd, 'golden', 'a.png')).equals(before)).toBe(true);
  });
});

test('what takes more than there may be is refused with the figure, and the rest goes on', async () => {
  const { status, stderr } = await corr2d(['detect', 'rgb.png', 'tiny.png', '-o', 'some', '--memory', '20'], { cwd });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /Expected a picture that takes at most 20 MiB \(--memory\) in rgb\.png but received one of 2000×2000 pixels that takes up to \d+; --memory \d+ admits it/,
  );
  expect(stderr).toContain('1 failed');
});
