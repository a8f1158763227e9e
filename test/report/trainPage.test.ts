import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../src/files/png/encodePng.ts';
import { command } from '../batch/command.ts';
import { temporaryFolder } from '../support/checkout.ts';
import { quarter } from '../support/quarter.ts';
import { barriers, launch, missingBrowser, openPage } from './chromium.ts';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder.path, ...parts);

/** So small a net that two hundred steps take a second. */
const SMALL = [
  '--widths',
  '4,6',
  '--blocks',
  '1,1',
  '--lateral',
  '3',
  '--crop',
  '16',
  '--batch',
  '2',
  '--steps',
  '150',
];
const train = (...words: string[]): ReturnType<typeof command> =>
  command(['train', 'photos', 'edges', '-q', ...SMALL, ...words], { cwd: folder.path });

/** Discs, and their rims as a person draws them. */
async function placePictures(): Promise<void> {
  for (const name of ['photos', 'edges']) mkdirSync(at(name));
  const [height, width] = [36, 40];
  const shape = { height, width, stride: 1 };
  for (let i = 0; i < 5; i++) {
    const isIn = (x: number, y: number): boolean => Math.hypot(x - 16 - i, y - 18) < 9;
    const each = (of: (x: number, y: number) => number): Uint8Array =>
      Uint8Array.from({ length: height * width }, (_, at) => of(at % width, Math.floor(at / width)));
    const photo = each((x, y) => (isIn(x, y) ? 200 : 40 + ((7 * x * y + i) % 30)));
    const edges = each((x, y) => (isIn(x, y) && !isIn(x + 1, y + 1) ? 255 : 0));
    writeFileSync(at('photos', `${i}.png`), await encodePng({ ...shape, samples: photo }));
    writeFileSync(at('edges', `${i}.png`), await encodePng({ ...shape, samples: edges }));
  }
}

beforeAll(async () => {
  await placePictures();
  const { status, stderr } = await train('-o', 'net.json', '--held-out', '0.2', '--report', 'page.html');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}, 120_000);
afterAll(folder.remove);

test(
  'what is no page, or would take the place of something else, is refused before anything is learned',
  { tags: ['slow'] },
  async () => {
    expect(await train('-o', 'x.json', '--report', 'page.txt')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/Expected a file whose name ends in \.html for --report but received page\.txt/),
    });
    expect((await train('-o', 'x.html', '--report', 'x.html')).status).toBe(2);
    expect((await train('-o', 'x.json', '--report', 'photos/0.png')).status).toBe(2);
  },
);

describe.skipIf(missingBrowser !== undefined)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each(quarter([1440, 390]))(
    'shows losses, what the net is, and what applies it, %i pixels wide',
    async (width) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, complaints } = await openPage(browser, at('page.html'), {
          viewport: { width, height: 900 },
          colorScheme,
        });
        expect(await page.locator('h1').textContent()).toMatch(/^a net of [\d,]+ weights, trained for 150 steps$/);
        const lines = page.getByRole('img', { name: 'loss by step' }).locator('polyline');
        expect(await lines.count()).toBe(2);
        await page.getByText('the losses as numbers').click();
        expect(await page.locator('tbody td:first-child').allTextContents()).toEqual(['50', '100', '150']);
        expect(await page.locator('dl.known').textContent()).toMatch(/4 to learn from, 1 held out.*widths 4, 6/);
        expect(await page.locator('pre[aria-label="command"]').textContent()).toBe(
          'corr2d detect photos --operator net.json -o edges',
        );
        expect(await barriers(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        expect(complaints).toEqual([]);
        await page.context().close();
      }
    },
  );
});

test.skipIf(missingBrowser === undefined)('where there is no browser', ({ skip }) => skip(missingBrowser));
