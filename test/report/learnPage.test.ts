import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../src/files/png/encodePng.ts';
import { command } from '../batch/command.ts';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { barriers, launch, missingBrowser, openPage } from './chromium.ts';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder.path, ...parts);
const HOSTILE = '<img src=x onerror=alert(1)>.png';

/** Small, so that gradient descent is quick. */
async function placeSmallPair(): Promise<void> {
  const [height, width] = [40, 60];
  const before = Uint8Array.from({ length: height * width }, (_, i) => (i * i * 7 + (i % width) * 131) % 251);
  const after = before.map((sample, i) => (i % width === 0 ? sample : Math.abs(sample - before[i - 1]) % 256));
  after[500] = 255;
  writeFileSync(at(HOSTILE), await encodePng({ samples: before, height, width, stride: 1 }));
  writeFileSync(at('small-after.png'), await encodePng({ samples: after, height, width, stride: 1 }));
}

const learn = (...words: string[]): ReturnType<typeof command> => command(['learn', ...words], { cwd: folder.path });

beforeAll(async () => {
  for (const name of ['pair/before.png', 'pair/after.png', 'edges/photo.png', 'edges/canny.png']) {
    cpSync(inCheckout('samples', name), at(name.split('/')[1]));
  }
  await placeSmallPair();
  expect(await learn('before.png', 'after.png', '-o', 'k.json', '--report', 'kernel.html')).toMatchObject({
    status: 0,
  });
  expect(await learn('photo.png', 'canny.png', '-o', 'd.json', '--report', 'detector.html')).toMatchObject({
    status: 0,
  });
  const descent = ['--method', 'gradient-descent', '--size', '3', '--epochs', '30', '-q'];
  expect(await learn(HOSTILE, 'small-after.png', '-o', 's.json', '--report', 'small.html', ...descent)).toMatchObject({
    status: 0,
  });
  const limited = ['-o', 'limit.json', '--size', '3', '--report', 'limit.html', '--report-limit', '0'];
  expect(await learn(HOSTILE, 'small-after.png', ...limited)).toMatchObject({ status: 0 });
  const stack = ['--as', 'model', '--layers', 'conv 3x3 2, magnitude', '--epochs', '12', '-q'];
  expect(await learn('photo.png', 'canny.png', '-o', 'm.json', '--report', 'model.html', ...stack)).toMatchObject({
    status: 0,
  });
}, 240_000);
afterAll(folder.remove);

test(
  'what is no page, or would take the place of a picture, is refused before anything is learned',
  { tags: ['slow'] },
  async () => {
    const pair = [HOSTILE, 'small-after.png', '-o', 'other.json'];
    expect((await learn(...pair, '--report', 'page.txt')).stderr).toMatch(/ends in \.html for --report/);
    expect((await learn(...pair, '--report', 'other.json')).status).toBe(2);
    expect((await learn(...pair, '--report', 'x.html', '--report-limit=-1')).stderr).toMatch(
      /at least 0 for --report-limit/,
    );
  },
);

test('pictures that are more than the limit lie beside the page', async () => {
  const html = readFileSync(at('limit.html'), 'utf8');
  expect(html).not.toContain('"kind":"samples"');
  expect(readdirSync(at('limit.html.files')).sort()).toEqual([
    'after.png',
    'before.png',
    'reproduced.png',
    'residual.png',
  ]);
  const [before, shown] = [HOSTILE, 'limit.html.files/before.png'].map((name) => readFileSync(at(name)));
  expect(await sharp(shown).raw().toBuffer()).toEqual(await sharp(before).raw().toBuffer());
});

describe.skipIf(missingBrowser !== undefined)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('shows the exact taps of the samples, what is known of them, and what applies them', async () => {
    const { page, complaints } = await openPage(browser, at('kernel.html'));
    expect(await page.locator('h1').textContent()).toBe('learned 5×5 taps by what rounding allows');
    const binomial = [1, 4, 6, 4, 1];
    expect((await page.locator('table.heat td').allTextContents()).map(Number)).toEqual(
      binomial.flatMap((a, r) => binomial.map((b, c) => (r === 2 && c === 2 ? 2 : 0) - (a * b) / 256)),
    );
    expect(await page.locator('dl.known').textContent()).toMatch(/unsharp mask.*all 720,000 samples/);
    const shown = (await page.locator('pre[aria-label="command"]').textContent()) ?? '';
    expect(shown).toMatch(/^corr2d filter before\.png -k k\.json --border replicate --rounding truncate/);
    await page.getByText('imagemagick', { exact: true }).click();
    expect(await page.locator('pre[aria-label="imagemagick notation"]').textContent()).toMatch(/^5x5:-0\.00390625,/);
    expect(await page.getByText('every sample is reproduced').count()).toBe(1);
    expect(await page.getByRole('img', { name: 'frequency response of taps' }).count()).toBe(1);
    expect(await page.getByRole('img', { name: 'impulse response of taps' }).count()).toBe(1);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('copies a notation', async () => {
    const { page } = await openPage(browser, at('kernel.html'), { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByText('json', { exact: true }).click();
    await page.getByRole('button', { name: 'copy json notation' }).click();
    await poll(() => page.getByText('copied').count()).toBe(1);
    expect(JSON.parse(await page.evaluate<string>('navigator.clipboard.readText()'))[2][2]).toBe(1.859375);
  });

  test('before, after, what is reproduced and what is left over are zoomed and moved together', async () => {
    const { page, complaints } = await openPage(browser, at('kernel.html'));
    await page.getByRole('button', { name: '1:1' }).click();
    await page.getByRole('button', { name: 'larger' }).click();
    const frames = page.locator('.four .frame');
    expect(await frames.count()).toBe(4);
    await frames
      .nth(1)
      .evaluate((frame) => (frame as unknown as { scrollTo(x: number, y: number): void }).scrollTo(123, 45));
    for (const i of [0, 2, 3]) {
      await poll(() => frames.nth(i).evaluate((frame) => [frame.scrollLeft, frame.scrollTop])).toEqual([123, 45]);
    }
    await page.getByRole('img', { name: 'reproduced' }).hover({ position: { x: 201, y: 101 } });
    await poll(() => page.locator('.under').textContent()).toMatch(
      /^column 100, row 50 · before: \d+, \d+, \d+ · after: (.*) · reproduced: \1 · of 255$/,
    );
    expect(complaints).toEqual([]);
  });

  test('a detector is shown with its kernels and the call that made the map', async () => {
    const { page, complaints } = await openPage(browser, at('detector.html'), {
      viewport: { width: 390, height: 800 },
    });
    expect(await page.locator('table.heat').count()).toBe(2);
    expect(await page.locator('dl.known').textContent()).toContain('cv2.Canny');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("a stack's losses are a curve, beside those of what was held out", async () => {
    const { page, complaints } = await openPage(browser, at('model.html'));
    expect(await page.getByText('loss of each of 12 epochs').count()).toBe(1);
    const lines = page.getByRole('img', { name: 'loss by epoch' }).locator('polyline');
    expect(await lines.count()).toBe(2);
    const drawn = await lines.nth(1).getAttribute('points');
    expect(drawn?.split(' ')).toHaveLength(12);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('pictures beside the page are seen, and zoomed together', async () => {
    const { page, complaints } = await openPage(browser, at('limit.html'));
    const widths =
      'Promise.all([...document.querySelectorAll(".four img")].map((one) => one.decode().then(() => one.naturalWidth)))';
    expect(await page.evaluate(widths)).toEqual([60, 60, 60, 60]);
    await page.getByRole('button', { name: 'larger' }).click();
    await page.getByRole('img', { name: 'reproduced' }).hover();
    await poll(() => page.locator('.under').textContent()).toMatch(/samples are in files beside this page/);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('losses and what is left over are curves, and hostile names are text', async () => {
    const { page, complaints } = await openPage(browser, at('small.html'), { colorScheme: 'dark' });
    expect(await page.getByText('loss of each of 30 epochs').count()).toBe(1);
    expect(await page.getByRole('img', { name: 'histogram of the residual' }).locator('rect').count()).toBeGreaterThan(
      3,
    );
    expect(await page.getByText(HOSTILE).count()).toBeGreaterThan(0);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

/** Waits as long as a busy machine takes. */
function poll<T>(what: () => Promise<T> | T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(what, { timeout: 60_000 });
}

test.skipIf(missingBrowser === undefined)('where there is no browser', ({ skip }) => skip(missingBrowser));
