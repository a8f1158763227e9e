import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSamples } from '../../src/files/decode/readSamples.ts';
import { command } from '../batch/command.ts';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { barriers, launch, missingBrowser, openPage } from './chromium.ts';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder.path, ...parts);
const HOSTILE = '<script>alert(1)</script>.png'.replace('/', '-');

beforeAll(async () => {
  mkdirSync(at('photos'));
  for (const name of ['camera.png', 'rocket.jpg']) cpSync(inCheckout('samples', name), at('photos', name));
  cpSync(inCheckout('samples/camera.png'), at('photos', HOSTILE));
  writeFileSync(at('photos/torn.png'), readFileSync(inCheckout('samples/camera.png')).subarray(0, 5000));
  const { status } = await detect('-o', 'edges', '--report', 'page.html');
  expect(status).toBe(1);
  const sheet = ['detect', 'photos/camera.png', '--operator', 'all', '-o', 'sheet.png', '--report', 'sheet.html'];
  expect((await command(sheet, { cwd: folder.path })).status).toBe(0);
  const inspect = ['inspect', 'photos/rocket.jpg', '--report', 'picture.html'];
  expect((await command(inspect, { cwd: folder.path })).status).toBe(0);
}, 120_000);
afterAll(folder.remove);

const detect = (...more: string[]): ReturnType<typeof command> =>
  command(['detect', 'photos', ...more], { cwd: folder.path });

test('filter writes pages, too, and previews that are too many beside them', async () => {
  const words = ['filter', 'photos/camera.png', 'photos/rocket.jpg', '-k', 'gaussian:2', '-o', 'soft'];
  const { status } = await command([...words, '--report', 'soft.html', '--report-limit', '0'], { cwd: folder.path });
  expect(status).toBe(0);
  expect(readdirSync(at('soft.html.files')).sort()).toEqual([
    '0-after.webp',
    '0-before.webp',
    '1-after.webp',
    '1-before.webp',
  ]);
  expect(readFileSync(at('soft.html'), 'utf8')).toContain('"before":"soft.html.files/0-before.webp"');
});

test(
  'a page that would take the place of something else, or is none, is refused before anything is written',
  { tags: ['slow'] },
  async () => {
    expect((await detect('-o', 'other', '--report', 'photos/camera.png')).stderr).toMatch(
      /ends in \.html for --report/,
    );
    expect((await detect('-o', 'other', '--report', 'x.html', '--json=x.html')).stderr).toMatch(/a file of its own/);
    expect(readdirSync(folder.path)).not.toContain('other');
  },
);

describe.skipIf(missingBrowser !== undefined)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('shows what was made, how, and what failed', async () => {
    const { page, complaints } = await openPage(browser, at('page.html'));
    await expect.poll(() => page.locator('article h2').allTextContents(), { timeout: 15_000 }).toHaveLength(3);
    expect((await page.locator('article h2').allTextContents()).sort()).toEqual(
      [HOSTILE, 'camera.png', 'rocket.jpg'].map((name) => `photos/${name}`).sort(),
    );
    expect(await page.locator('.configuration').textContent()).toMatch(/operatorsobel/);
    expect(await page.locator('details').textContent()).toMatch(/torn\.png.*Expected/);
    const picture = page.locator('img[alt="after: photos/rocket.jpg"]');
    const width = `(async () => { const [image] = document.querySelectorAll('img[alt="after: photos/rocket.jpg"]'); await image.decode(); return image.naturalWidth; })()`;
    expect(await page.evaluate(width)).toBe(480);
    expect(await page.getByRole('link', { name: 'edges/rocket.png' }).getAttribute('href')).toBe('edges/rocket.png');
    await page.getByRole('slider', { name: /rocket/ }).fill('10');
    expect(await picture.getAttribute('style')).toMatch(/10%/);
    await page.getByRole('searchbox').fill('CAMERA');
    await expect.poll(() => page.locator('article').count()).toBe(1);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test.each([1440, 390])('shows a sheet of all operators, which can be zoomed, %i pixels wide', async (width) => {
    const viewport = { width, height: 900 };
    const { page, complaints } = await openPage(browser, at('sheet.html'), { viewport });
    const sheet = page.getByRole('img', { name: 'what every operator makes of photos/camera.png' });
    const shownWidth = async (): Promise<number> => (await sheet.boundingBox())?.width ?? 0;
    await expect.poll(shownWidth, { timeout: 15_000 }).toBeGreaterThan(200);
    // All of it is seen at first, in as many pixels as its cells need.
    const whole = await shownWidth();
    expect(whole).toBeLessThanOrEqual(width);
    const natural = await page.evaluate<number>('document.querySelector("article img").naturalWidth');
    expect(natural).toBeGreaterThan(1000);
    await page.getByRole('button', { name: '1:1' }).click();
    await expect.poll(shownWidth).toBe(natural);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each([1440, 390])('inspect shows a picture, its samples and their histograms, %i pixels wide', async (width) => {
    const viewport = { width, height: 900 };
    const { page, complaints } = await openPage(browser, at('picture.html'), { viewport, colorScheme: 'dark' });
    expect(await page.locator('dl.known').textContent()).toMatch(/size640×427.*minimum/);
    expect(await page.getByRole('img', { name: /^histogram of (?:red|green|blue)$/ }).count()).toBe(3);
    await page.getByRole('button', { name: '1:1' }).click();
    await page.getByRole('img', { name: 'photos/rocket.jpg' }).hover({ position: { x: 20, y: 30 } });
    const { samples: all } = await readSamples(at('photos/rocket.jpg'));
    const samples = [...all.subarray(3 * (30 * 640 + 20), 3 * (30 * 640 + 21))].join(', ');
    await expect
      .poll(() => page.locator('.under').textContent(), { timeout: 15_000 })
      .toBe(`column 20, row 30: ${samples} of 255`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test.skipIf(missingBrowser === undefined)('where there is no browser', ({ skip }) => skip(missingBrowser));
