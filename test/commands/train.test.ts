import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-train-'));
  await mkdir(join(cwd, 'photos'));
  await mkdir(join(cwd, 'edges'));
  for (let i = 0; i < 6; i++) {
    const isIn = (x: number, y: number): boolean => Math.hypot(x - 16 - i, y - 18) < 9;
    await draw(`photos/${i}.png`, 3, (x, y, c) => (isIn(x, y) ? 200 - 30 * c : 40 + ((7 * x * y + i) % 30)));
    await draw(`edges/${i}.png`, 1, (x, y) => (isIn(x, y) && !isIn(x + 1, y + 1) ? 255 : 0));
  }
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function draw(
  name: string,
  channels: 1 | 3,
  at: (x: number, y: number, c: number) => number,
  width = 40,
): Promise<void> {
  const height = 36;
  const samples = Uint8Array.from({ length: channels * height * width }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return at(pixel % width, Math.floor(pixel / width), i % channels);
  });
  const picture = sharp(samples, { raw: { width, height, channels } });
  await (channels === 1 ? picture.toColourspace('b-w') : picture).png().toFile(join(cwd, name));
}

const SMALL = ['--widths', '4,6', '--blocks', '1,1', '--lateral', '3', '--crop', '16', '--batch', '4'];
const run = (...words: string[]) => corr2d(words, { cwd });
const train = (...words: string[]) => run('train', 'photos', 'edges', '-q', ...words);
const bytesOf = (name: string): Promise<Buffer> => readFile(join(cwd, name));

/** Starts a training, and sends it a signal so many milliseconds after it has read its pictures. */
function interrupted(words: readonly string[], signal: NodeJS.Signals, wait: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inCheckout('dist', 'cli.js'), 'train', 'photos', 'edges', ...words], {
      cwd,
    });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      const before = told;
      told += chunk.toString();
      const begins = /weights/;
      if (begins.test(told) && !begins.test(before)) setTimeout(() => child.kill(signal), wait);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve(status));
  });
}

describe('corr2d train', () => {
  test('gives the same bytes on any number of threads, a net that others take', { tags: ['slow'] }, async () => {
    const first = await train(...SMALL, '--steps', '20', '-j', '1', '-o', 'one.json', '--json', 'told.json');
    expect([first.status, first.stderr]).toStrictEqual([0, '']);
    expect((await train(...SMALL, '--steps', '20', '-j', '2', '-o', 'two.json')).status).toBe(0);
    expect(await bytesOf('two.json')).toStrictEqual(await bytesOf('one.json'));

    const told = JSON.parse((await bytesOf('told.json')).toString()) as {
      pictures: number;
      heldOut: number;
      history: { step: number; loss: number; heldOut?: number }[];
    };
    expect(told.pictures + told.heldOut).toBe(6);
    expect(told.history.at(-1)?.step).toBe(20);
    expect(told.history.at(-1)?.loss).toBeGreaterThan(0);
    const held = await train(
      ...SMALL,
      '--steps',
      '4',
      '--held-out',
      '0.5',
      '-o',
      'held.json',
      '--json',
      'held-told.json',
    );
    expect(held.status).toBe(0);
    const half = JSON.parse((await bytesOf('held-told.json')).toString()) as typeof told;
    expect([half.pictures, half.heldOut]).toStrictEqual([3, 3]);
    expect(half.history.at(-1)?.heldOut).toBeGreaterThan(0);

    expect((await run('detect', 'photos/0.png', '--operator', 'one.json', '-o', 'map.png')).status).toBe(0);
    const { width, height, channels } = await sharp(join(cwd, 'map.png')).metadata();
    expect([width, height, channels]).toStrictEqual([40, 36, 1]);
    expect((await run('inspect', 'one.json')).status).toBe(0);
    expect(
      (await train('--from', 'one.json', '--crop', '16', '--batch', '2', '--steps', '2', '-o', 'on.json')).status,
    ).toBe(0);
    expect(await bytesOf('on.json')).not.toStrictEqual(await bytesOf('one.json'));
    const words = [
      '--from',
      'contours',
      '--size',
      'tiny',
      '--crop',
      '32',
      '--batch',
      '1',
      '--steps',
      '1',
      '-o',
      'ours.json',
    ];
    expect((await train(...words)).status).toBe(0);

    const again = await train(...SMALL, '--steps', '20', '-o', 'one.json');
    expect(again.status).not.toBe(0);
    expect(again.stderr).toMatch(/Expected no file at one\.json but found one/);
  });

  test('goes on where it was interrupted, to the same bytes', { tags: ['slow'] }, async () => {
    const words = [...SMALL, '--steps', '1200', '-j', '1'];
    expect((await train(...words, '-o', 'whole.json')).status).toBe(0);
    expect(await interrupted([...words, '-o', 'parts.json'], 'SIGINT', 300)).toBe(130);
    expect(await readdir(cwd)).toContain('parts.json.checkpoint');

    const without = await train(...words, '-o', 'parts.json');
    expect(without.stderr).toMatch(/Expected no training under way/);
    const others = await train(...words, '--rate', '0.02', '-o', 'parts.json', '--resume');
    expect(others.status).not.toBe(0);
    expect(others.stderr).toMatch(/Expected for --resume the options and pictures/);

    const resumed = await train(...words, '-o', 'parts.json', '--resume');
    expect([resumed.status, resumed.stderr]).toStrictEqual([0, '']);
    expect(await bytesOf('parts.json')).toStrictEqual(await bytesOf('whole.json'));
    expect(await readdir(cwd)).not.toContain('parts.json.checkpoint');
  });

  test.runIf(process.env.CI)('goes on after it was killed without a word, to the same bytes', async () => {
    // Long enough for a checkpoint, of which one is written every ten seconds.
    const words = [...SMALL, '--steps', '20000', '-j', '1'];
    const whole = train(...words, '-o', 'whole.json');
    const child = spawn(
      process.execPath,
      [inCheckout('dist', 'cli.js'), 'train', 'photos', 'edges', ...words, '-o', 'parts.json'],
      { cwd },
    );
    const ended = new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
    await expect.poll(() => readdir(cwd), { timeout: 60_000, interval: 100 }).toContain('parts.json.checkpoint');
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expect(await readdir(cwd)).not.toContain('parts.json');

    const resumed = await train(...words, '-o', 'parts.json', '--resume');
    expect([resumed.status, resumed.stderr]).toStrictEqual([0, '']);
    expect((await whole).status).toBe(0);
    expect(await bytesOf('parts.json')).toStrictEqual(await bytesOf('whole.json'));
    expect((await readdir(cwd)).filter((name) => name.startsWith('parts'))).toEqual(['parts.json']);
  });

  test('refuses a drawing of another size', async () => {
    await draw('edges/3.png', 1, (x) => (x === 20 ? 255 : 0), 41);
    const { status, stderr } = await train(...SMALL, '--steps', '1');
    expect(status).not.toBe(0);
    expect(stderr).toContain('Expected a drawing of 40×36 for photos/3.png but edges/3.png has 41×36');
    expect(await readdir(cwd)).not.toContain('net.json');
  });

  test('refuses a drawing in colour', async () => {
    await draw('edges/3.png', 3, (x, _, c) => (x + 60 * c) % 256);
    const { status, stderr } = await train(...SMALL, '--steps', '1');
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/3\.png/);
  });
});
