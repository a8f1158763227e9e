import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../src/files/png/encodePng.ts';
import type { PicturesPage, VerifyPage } from '../../src/report/data.ts';
import { command } from '../batch/command.ts';
import { temporaryFolder } from '../support/checkout.ts';
import { launch, missingBrowser, openPage } from './chromium.ts';

/** Pages of more pictures than a test has time to make: what a run told of a few, again and again under other names. */
const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder.path, ...parts);

/** Noise, which compresses as badly as anything. */
function noise(seed: number, height: number, width: number): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length: height * width }, () => (state = (state * 48_271) % 2_147_483_647) >> 8);
}

beforeAll(async () => {
  const [height, width] = [64, 64];
  for (const name of ['actual', 'golden']) mkdirSync(at(name));
  for (let i = 0; i < 8; i++) {
    const samples = noise(i, height, width);
    writeFileSync(at('golden', `${i}.png`), await encodePng({ samples, height, width, stride: 1 }));
    samples[5 * width + i] ^= 1;
    writeFileSync(at('actual', `${i}.png`), await encodePng({ samples, height, width, stride: 1 }));
  }
  const { cwd } = { cwd: folder.path };
  expect((await command(['verify', 'actual', 'golden', '-q', '--report', 'verify.html'], { cwd })).status).toBe(1);
  expect((await command(['detect', 'actual', '-o', 'edges', '-q', '--report', 'detect.html'], { cwd })).status).toBe(0);
});
afterAll(folder.remove);

/** A page with other data. */
function rewrite<T>(from: string, to: string, change: (data: T) => T): void {
  const html = readFileSync(at(from), 'utf8');
  const found = /(<script type="application\/json" id="data">)(.*?)(<\/script>)/s.exec(html) as RegExpExecArray;
  const text = JSON.stringify(change(JSON.parse(found[2]) as T)).replaceAll('<', String.raw`\u003c`);
  const [start, end] = [found.index + found[1].length, found.index + found[1].length + found[2].length];
  writeFileSync(at(to), html.slice(0, start) + text + html.slice(end));
}

const nameOf = (i: number): string => `picture-${String(i).padStart(5, '0')}.png`;

describe.skipIf(missingBrowser !== undefined)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('2,000 pictures that changed: under three seconds of processor time and under 300 MB', async () => {
    rewrite<VerifyPage>('verify.html', 'verify-2000.html', (data) => ({
      ...data,
      items: Array.from({ length: 2000 }, (_, i) => ({ ...data.items[i % 8], path: nameOf(i) })),
    }));
    expect(readFileSync(at('verify-2000.html')).length).toBeGreaterThan(15e6);
    const { page, complaints } = await openPage(browser, at('verify-2000.html'));
    await page.locator('.stack canvas').first().waitFor();
    const { seconds, megabytes } = await spent(browser, page);
    expect(seconds).toBeLessThan(3);
    expect(megabytes).toBeLessThan(300);
    expect(await page.locator('nav [role="listitem"]').count()).toBeLessThan(60);
    // The last of them is as near as the first.
    await page.locator('.list').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await page.locator('nav .name', { hasText: nameOf(1999) }).click();
    await expect.poll(() => page.locator('output.region').textContent(), { timeout: 15_000 }).toBe('1 region changed');
    expect(await page.locator('section h2').textContent()).toBe(nameOf(1999));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('10,000 pictures that were made: rows that are not seen do not exist', { tags: ['slow'] }, async () => {
    rewrite<PicturesPage>('detect.html', 'detect-10000.html', (data) => ({
      ...data,
      entries: Array.from({ length: 10_000 }, (_, i) => ({ ...data.entries[i % 8], input: nameOf(i) })),
    }));
    const { page, complaints } = await openPage(browser, at('detect-10000.html'));
    await page.locator('article h2').first().waitFor();
    expect((await spent(browser, page)).seconds).toBeLessThan(5);
    expect(await page.locator('article').count()).toBeLessThan(30);
    await page.getByRole('searchbox').fill('09999');
    await expect.poll(() => page.locator('article h2').allTextContents(), { timeout: 15_000 }).toEqual([nameOf(9999)]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

/** What the page's own process took so far: processor time, and memory that is its own. */
async function spent(browser: Browser, page: Page): Promise<{ seconds: number; megabytes: number }> {
  const ofPage = await page.context().newCDPSession(page);
  await ofPage.send('Performance.enable');
  const { metrics } = await ofPage.send('Performance.getMetrics');
  const seconds = metrics.find(({ name }) => name === 'ProcessTime')?.value ?? Number.NaN;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => ownMemory(id));
  await session.detach();
  return { seconds, megabytes: Math.max(...sizes) / 1e6 };
}

/** Resident bytes of a process; what it shares with others counts for a share of them. */
function ownMemory(id: number): number {
  const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
  return 1024 * Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1]);
}

test.skipIf(missingBrowser === undefined)('where there is no browser', ({ skip }) => skip(missingBrowser));
